import type { Database } from "@/db/client";
import { createUser, fundWallet } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";

/** Somebody with a wallet whose money is moved over the API. */
export interface Person {
  userId: bigint;
  walletId: bigint;
  walletNumber: string;
  apiKey: string;
  /** What the wallet held before anybody asked for anything, in francs. */
  fundsMinor: bigint;
}

const FUNDS_MINOR = 400_000n;

/** Users with a funded wallet and an API key that may do everything a key may. */
export async function createPeople(db: Database, count: number): Promise<Person[]> {
  const people: Person[] = [];
  for (let made = 0; made < count; made += 1) {
    const { userId, walletId, walletNumber, context } = await createUser(db);
    await fundWallet(db, walletId, money(FUNDS_MINOR, "XOF"));
    const { apiKey } = await createApiKey(context, {
      name: "Proof",
      permissions: ["deposit", "transfer", "withdraw", "read"],
      expiry: "1M",
    });
    people.push({ userId, walletId, walletNumber, apiKey, fundsMinor: FUNDS_MINOR });
  }
  return people;
}
