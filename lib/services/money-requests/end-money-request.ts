import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { findVisible } from "./find-visible";
import { requireOpen } from "./require-open";
import { closeMoneyRequest, lockMoneyRequest, type MoneyRequestRow } from "./store";
import { tell } from "./tell";

type Ending = "declined" | "cancelled";

/**
 * Declines a request that the signed-in person was asked by name. Again, it changes nothing. Throws `not_found`,
 * `money_request_closed`, `unauthenticated`.
 */
export async function declineMoneyRequest(context: Context, requestId: string): Promise<void> {
  await end(context, requestId, "declined", ({ payer }) => payer?.walletId);
}

/** Cancels a request of the signed-in person. Again, it changes nothing. Throws as {@link declineMoneyRequest}. */
export async function cancelMoneyRequest(context: Context, requestId: string): Promise<void> {
  await end(context, requestId, "cancelled", ({ requester }) => requester.walletId);
}

async function end(
  context: Context,
  requestId: string,
  ending: Ending,
  who: (row: MoneyRequestRow) => bigint | undefined,
): Promise<void> {
  const userId = requirePerson(context);
  const { row, walletId } = await findVisible(context, { requestId, token: "" });
  if (who(row) !== walletId) throw new DomainError("not_found");
  await inTransaction(context.db, async (tx) => {
    const request = await lockMoneyRequest(tx, row.id);
    if (request.state === ending) return;
    requireOpen(request);
    await closeMoneyRequest(tx, request.id, { state: ending });
    if (ending === "cancelled") return;
    await tell(tx, {
      kind: "money_request_declined",
      userId: request.requester.userId,
      aboutUserId: userId,
      requestId: request.id,
      amount: money(request.amountMinor, request.currency),
    });
  });
}
