import type { Transaction } from "@/db/client";
import type { Money } from "@/lib/money/money";
import { shownName } from "../identity/users/shown-name";
import { recordNotice } from "../notices/record-notice";
import { findNames } from "./store";

interface Told {
  kind: "money_requested" | "money_request_paid" | "money_request_declined";
  /** Who is told. */
  userId: bigint;
  /** Whom it is about: the one who asked, paid or declined. */
  aboutUserId: bigint;
  requestId: string;
  amount: Money;
}

/** Writes the notice of what became of a request, once, in the transaction of it. */
export async function tell(
  tx: Transaction,
  { kind, userId, aboutUserId, requestId, amount }: Told,
): Promise<void> {
  const { firstName, lastName } = await findNames(tx, aboutUserId);
  const { amountMinor, currency } = amount;
  const details = {
    name: shownName(firstName, lastName),
    amountMinor: amountMinor.toString(),
    currency,
    requestId,
  };
  await recordNotice(tx, { userId, kind, details, key: `${kind}:${requestId}` });
}
