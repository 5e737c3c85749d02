import type postgres from "postgres";
import type { Database } from "@/db/client";
import { insertApiKeys } from "@/e2e/support/credentials";
import { newWalletNumber } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { LedgerAccount } from "@/lib/ledger/chart";
import { createWallets } from "./product";

/** Everybody can receive; the first of them send, by their API keys. */
export interface ApiPeople {
  walletNumbers: readonly string[];
  apiKeys: readonly string[];
  /** The wallets' available accounts, and a merchant's at the end. */
  accounts: readonly LedgerAccount[];
}

/** Users with a funded wallet each in a database where nobody is yet, the first `senders` of them with an API key. */
export async function createPeople(
  owner: postgres.Sql,
  db: Database,
  { count, senders }: { count: number; senders: number },
): Promise<ApiPeople> {
  const numbers = new Set<string>();
  // One more: the merchant of createWallets has a wallet too.
  while (numbers.size < count + 1) numbers.add(newWalletNumber());
  const walletNumbers = [...numbers];
  await owner`insert into users (email, first_name, last_name)
    select 'bench-' || position || '@example.test', 'Awa', 'Bench' from generate_series(1, ${walletNumbers.length}) as position`;
  // Ids are counted up from one: user, wallet and account go together.
  await owner`insert into wallets (user_id, number)
    select position, number from unnest(${walletNumbers}::text[]) with ordinality as n(number, position) order by position`;
  const [last] = await owner<{ id: string }[]>`select max(id) as id from wallets`;
  invariant(last?.id === String(walletNumbers.length), "the database was empty");
  const accounts = await createWallets(db, count);
  const senderIds = Array.from({ length: senders }, (_, index) => BigInt(index + 1));
  const keys = await insertApiKeys(owner, senderIds, ["transfer", "read"], "Bench");
  // As autovacuum does within a minute. An empty table isn't analyzed: its plans would scan all rows that come later.
  for (const table of [
    "users",
    "wallets",
    "ledger_accounts",
    "ledger_entries",
    "ledger_postings",
    "api_keys",
  ]) {
    await owner.unsafe(`vacuum analyze ${table}`);
  }
  return { walletNumbers, apiKeys: keys.map(({ apiKey }) => apiKey), accounts };
}
