import { groupWalletNumber } from "@/lib/group-wallet-number";
import type { Money } from "@/lib/money/money";
import { maskPhone } from "@/lib/phone";
import type { StatementLine } from "./line";
import type { StatementWords } from "./texts/words";

/** A line in a language, for people. */
export interface PresentedLine {
  at: Date;
  label: string;
  /** The other side's number, masked but for wallet numbers; empty where there is none. */
  details: string;
  /** Empty where the line belongs to no operation of the person. */
  reference: string;
  /** What of the line is a fee; null where there is none. */
  fee: Money | null;
  note: string;
  /** Signed minor units. */
  amountMinor: bigint;
  balanceMinor: bigint;
}

export function presentLine(
  { row, kind, operation }: StatementLine,
  words: StatementWords,
  { isVaults }: { isVaults: boolean },
): PresentedLine {
  const hasFee = kind === "withdrawal" && operation !== null && operation.fee.amountMinor > 0n;
  return {
    at: row.recordedAt,
    label: words.kinds[kind]({
      method: operation?.methodName ?? "",
      name: operation?.counterparty?.name ?? "",
      vault: operation?.vault?.name ?? "",
      isVaults,
    }),
    details: detailsOf(operation, words),
    reference: operation?.reference ?? "",
    fee: hasFee ? operation.fee : null,
    note: operation?.note ?? "",
    amountMinor: row.signedAmount,
    balanceMinor: row.balanceAfter,
  };
}

function detailsOf(operation: StatementLine["operation"], words: StatementWords): string {
  if (operation === null) return "";
  const { phone, bank, counterparty } = operation;
  if (phone !== null) return `${words.phone}\u00a0${maskPhone(phone)}`;
  if (bank !== null) return `${bank.name} ••${bank.accountNumber.slice(-4)}`;
  return counterparty === null ? "" : groupWalletNumber(counterparty.walletNumber);
}
