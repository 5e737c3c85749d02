import type postgres from "postgres";
import type { Database } from "@/db/client";
import { type ApiUser, createApiUsers } from "@/e2e/support/credentials";
import { money } from "@/lib/money/money";

/** A user whose money is moved by the API. */
export interface Person extends Pick<ApiUser, "userId" | "walletId" | "walletNumber" | "apiKey"> {
  /** The wallet's balance before the first request, in francs. */
  fundsMinor: bigint;
}

const FUNDS_MINOR = 400_000n;

export async function createPeople(
  deployment: { db: Database; owner: postgres.Sql },
  count: number,
): Promise<Person[]> {
  const users = await createApiUsers(deployment, count, money(FUNDS_MINOR, "XOF"));
  return users.map((user) => ({ ...user, fundsMinor: FUNDS_MINOR }));
}
