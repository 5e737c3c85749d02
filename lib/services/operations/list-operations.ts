import type { Reader } from "@/db/client";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { type OperationFilter, selectPage } from "./history-store";
import { statesOf } from "./kinds";
import type { FilterOperations, ListOperations } from "./schema";
import { readSearch } from "./search";
import { limitSearch } from "./search-limits";
import { selectParties } from "./store";
import { type OperationView, toOperationView } from "./view";

export interface OperationPage {
  /** Of the wallet whose page it is. */
  walletNumber: string;
  operations: OperationView[];
  /** Hand it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/**
 * The signed-in user's operations, sent and received, newest first, every state included. Throws `unauthenticated`; for a
 * search what {@link limitSearch} throws.
 */
export async function listOperations(context: Context, input: ListOperations): Promise<OperationPage> {
  const userId = requireUser(context);
  const wallet = await walletOfUser(context.db, userId);
  const filter = filterOf(input);
  const beforeId = input.cursor ? BigInt(input.cursor) : null;
  const select = (reader: Reader) =>
    selectPage(reader, wallet.id, { beforeId, limit: input.limit + 1, filter });
  const rows = filter.search ? await limitSearch(context.db, userId, select) : await select(context.db);
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const parties = await selectParties(context.db, page);
  return {
    walletNumber: wallet.number,
    operations: page.map((row) => toOperationView(row, parties, wallet.id)),
    nextCursor: rows.length > input.limit && last ? last.id.toString() : null,
  };
}

/** A filter as the store takes it. */
export function filterOf(input: FilterOperations): OperationFilter {
  const { type, status, currency, from, to, amounts, text } = input;
  const search = readSearch(text ?? "");
  return {
    ...(type ? { type } : {}),
    ...(status ? { states: [status].flat().flatMap(statesOf) } : {}),
    ...(currency ? { currency } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(amounts ? { amounts } : {}),
    ...(search ? { search } : {}),
  };
}
