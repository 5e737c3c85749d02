import { add } from "@/lib/money/arithmetic";
import { type Money, money } from "@/lib/money/money";
import { providerTitle } from "@/lib/providers/manifests";
import { methodName } from "@/lib/providers/methods";
import { OPERATION_KINDS, type OperationStatus, type OperationType, statusOf } from "./kinds";
import { type Reason, toReason } from "./reasons";
import type { OperationRow, Parties, TontineParty } from "./store";

/** An operation as one of its two sides may see it. Phone and account number are whole: presenters mask them. */
export interface OperationView {
  id: bigint;
  reference: string;
  type: OperationType;
  /** Into or out of the viewer's available balance. */
  direction: "in" | "out";
  status: OperationStatus;
  /** Why it is in this state; null when there is nothing to explain. */
  reason: Reason | null;
  amount: Money;
  fee: Money;
  total: Money;
  /** Null for what stays in the deployment, and where the payer chooses on the payment page. */
  method: string | null;
  /** As people know it; empty for what stays in the deployment. */
  methodName: string;
  phone: string | null;
  bank: { name: string; accountNumber: string; accountName: string } | null;
  /** The other side of a transfer: first name and initial. */
  counterparty: { name: string; walletNumber: string } | null;
  vault: { id: bigint; name: string } | null;
  /** Group and turn of what moved between a member and a tontine. */
  tontine: TontineParty | null;
  note: string | null;
  provider: string | null;
  /** As people know the provider. */
  providerTitle: string | null;
  providerReference: string | null;
  /** Where a pending deposit can still be paid. */
  paymentUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date | null;
}

/** A row as the owner of `viewerWalletId` sees it; by default its own wallet's owner. */
export function toOperationView(
  row: OperationRow,
  parties: Parties = NO_PARTIES,
  viewerWalletId: bigint = row.walletId,
): OperationView {
  const { currency } = row;
  const amount = money(row.amountMinor, currency);
  const fee = money(row.feeMinor, currency);
  const isSender = row.walletId === viewerWalletId;
  const otherId = isSender ? row.counterpartyWalletId : row.walletId;
  return {
    id: row.id,
    reference: row.reference,
    type: row.type,
    direction: directionOf(row.type, isSender),
    status: statusOf(row.state),
    reason: toReason(row.reason) ?? waitingReason(row),
    amount,
    fee,
    total: add(amount, fee),
    method: row.method,
    methodName: nameOfMethod(row),
    phone: row.phone,
    bank: bankOf(row),
    counterparty: row.type === "transfer" && otherId !== null ? (parties.wallets.get(otherId) ?? null) : null,
    vault: row.vaultId === null ? null : { id: row.vaultId, name: parties.vaults.get(row.vaultId) ?? "" },
    tontine: parties.tontines?.get(row.id) ?? null,
    note: row.note,
    provider: row.provider,
    providerTitle: row.provider === null ? null : providerTitle(row.provider),
    providerReference: row.providerReference,
    paymentUrl: row.state === "pending" ? row.paymentUrl : null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    expiresAt: row.expiresAt,
  };
}

/** Changes whenever what a waiting page shows does: its status, why it waits, and whether it can be paid now. */
export function progressOf({ status, reason, paymentUrl }: OperationView): string {
  return [status, reason ?? "", paymentUrl === null ? "" : "payable"].join(".");
}

const NO_PARTIES: Parties = { wallets: new Map(), vaults: new Map() };

function nameOfMethod({ method, provider }: OperationRow): string {
  if (method !== null) return methodName(method);
  return provider === null ? "" : providerTitle(provider);
}

function bankOf({ bankName, accountNumber, accountName }: OperationRow): OperationView["bank"] {
  if (bankName === null || accountNumber === null || accountName === null) return null;
  return { name: bankName, accountNumber, accountName };
}

function directionOf(type: OperationType, isSender: boolean): "in" | "out" {
  return isSender ? OPERATION_KINDS[type].direction : "in";
}

/** What an operation in progress is waiting for. */
function waitingReason(row: OperationRow): Reason | null {
  if (statusOf(row.state) !== "in_progress") return null;
  return row.type === "deposit" ? "awaiting_payment" : "awaiting_provider";
}
