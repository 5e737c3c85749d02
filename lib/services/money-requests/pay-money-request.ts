import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "../context";
import { confirmQuote } from "../transfers/confirm-transfer";
import { ownQuote } from "../transfers/get-transfer-quote";
import type { ConfirmTransfer } from "../transfers/schema";
import { sendTransferWithin } from "../transfers/send-transfer";
import { requireOpen } from "./require-open";
import { closeMoneyRequest, lockMoneyRequest } from "./store";
import { tell } from "./tell";

/**
 * Pays a request by its quote and the person's PIN: the transfer and the request's end are one transaction, so it is paid once,
 * whoever else pays, declines or cancels it meanwhile. A quote that was confirmed answers its transfer again. Throws `not_found`
 * (also for the quote of a plain transfer), `money_request_closed`, and as `confirmTransfer` does.
 */
export async function payMoneyRequest(
  context: Context,
  input: ConfirmTransfer,
): Promise<{ reference: string }> {
  return await confirmQuote(context, input, async (transfer, { id: quoteId, moneyRequestId }) => {
    if (moneyRequestId === null) throw new DomainError("not_found");
    return await inTransaction(context.db, async (tx) => {
      const request = await lockMoneyRequest(tx, moneyRequestId);
      if (request.state === "paid") {
        // The other tap of a double one was first.
        const { usedBy } = await ownQuote(context, quoteId, tx);
        if (usedBy !== null) return { reference: usedBy };
      }
      requireOpen(request);
      const { reference } = await sendTransferWithin(tx, context, transfer, quoteId);
      await closeMoneyRequest(tx, request.id, { state: "paid", paymentReference: reference });
      await tell(tx, {
        kind: "money_request_paid",
        userId: request.requester.userId,
        aboutUserId: requirePerson(context),
        requestId: request.id,
        amount: transfer.amount,
      });
      return { reference };
    });
  });
}
