import type { Reader } from "@/db/client";
import { invariant } from "@/lib/invariant";
import type { LedgerAccount } from "./chart";
import { readStatement, type StatementRow } from "./store";

const STATEMENT_LIMIT_MAX = 200;
const VERSION_MAX = 9_223_372_036_854_775_807n;

export interface StatementPage {
  rows: StatementRow[];
  /** Hand it back as `before` for the next page; null at the end. Versions are gap-free, so it is also a row count. */
  next: bigint | null;
}

/** Postings of a materialized account, newest first, by keyset on its version: the deepest page costs what the first does. */
export async function listStatement(
  reader: Reader,
  account: LedgerAccount,
  page: { before?: bigint | null; limit: number },
): Promise<StatementPage> {
  invariant(page.limit >= 1 && page.limit <= STATEMENT_LIMIT_MAX, "a page has a maximum");
  const rows = await readStatement(reader, account.address, page.before ?? VERSION_MAX, page.limit);
  const last = rows.at(-1);
  return { rows, next: last && last.version > 1n ? last.version : null };
}
