import { hashOfToken, linkToken } from "@/lib/link-token";
import { type Money, money } from "@/lib/money/money";
import { shownName } from "../identity/users/shown-name";
import type { MoneyRequestRow, MoneyRequestState } from "./store";

/** What people see of a request: one that ended unpaid has expired. */
export type MoneyRequestStatus = MoneyRequestState | "expired";

interface Named {
  /** First name and initial of the last. */
  name: string;
  walletNumber: string;
}

/** A request for money as one of its sides sees it. */
export interface MoneyRequestView {
  id: string;
  amount: Money;
  note: string | null;
  status: MoneyRequestStatus;
  requester: Named;
  /** Who is asked by name; null where whoever has the link may pay. */
  payer: Named | null;
  /** True for the one who asks. */
  isMine: boolean;
  /** The token of its link, for the one who asks; null for others, and once our secret was changed. */
  token: string | null;
  /** The transfer that paid it, where the viewer asked, was asked by name or paid. */
  paymentReference: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export function statusOf({
  state,
  isExpired,
}: Pick<MoneyRequestRow, "state" | "isExpired">): MoneyRequestStatus {
  return state === "open" && isExpired ? "expired" : state;
}

export function toMoneyRequestView(row: MoneyRequestRow, viewerWalletId: bigint): MoneyRequestView {
  const isMine = row.requester.walletId === viewerWalletId;
  const isParty = isMine || row.payer?.walletId === viewerWalletId || row.paidByWalletId === viewerWalletId;
  const token = linkToken("money_request", row.id);
  return {
    id: row.id,
    amount: money(row.amountMinor, row.currency),
    note: row.note,
    status: statusOf(row),
    requester: named(row.requester),
    payer: row.payer && named(row.payer),
    isMine,
    token: isMine && hashOfToken(token).equals(row.tokenHash) ? token : null,
    paymentReference: isParty ? row.paymentReference : null,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}

export function named(person: { firstName: string; lastName: string; walletNumber: string }): Named {
  return { name: shownName(person.firstName, person.lastName), walletNumber: person.walletNumber };
}
