import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import type { ListOperations } from "./schema";
import { type OperationFilter, selectPage } from "./store";
import { type OperationView, statesOf, toOperationView } from "./view";

export interface OperationPage {
  operations: OperationView[];
  /** Hand it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/** The signed-in user's operations, newest first, every state included. Throws `unauthenticated`. */
export async function listOperations(context: Context, input: ListOperations): Promise<OperationPage> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  const rows = await selectPage(context.db, wallet.id, {
    beforeId: input.cursor ? BigInt(input.cursor) : null,
    limit: input.limit + 1,
    filter: filterOf(input),
  });
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  return {
    operations: page.map(toOperationView),
    nextCursor: rows.length > input.limit && last ? last.id.toString() : null,
  };
}

function filterOf(input: ListOperations): OperationFilter {
  const text = input.text?.replace(/[\s.•-]/g, "");
  return {
    ...(input.type ? { type: input.type } : {}),
    ...(input.status ? { states: statesOf(input.status) } : {}),
    // A reference is searched with its hyphen, a phone number without its spaces.
    ...(text ? { text: text.toUpperCase().startsWith("TXN") ? `TXN-${text.slice(3)}` : text } : {}),
  };
}
