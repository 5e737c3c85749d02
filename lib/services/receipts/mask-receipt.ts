import { maskPhone } from "@/lib/phone";
import type { OperationDetails } from "../operations/get-operation";

/** What may be shown to anybody who has the link. */
export interface SharedReceipt {
  operation: OperationDetails;
  /** First name and initial of the person whose receipt it is. */
  ownerName: string;
  /** That person's number, for the zone of the times; never shown. */
  ownerPhone: string | null;
}

/** A number of which the last digits are enough to recognise it. */
function masked(number: string): string {
  return `••${number.slice(-4)}`;
}

/** An operation without what a stranger must not learn: note, whole numbers, names of vaults and tontines, ids of the provider, where it is paid. */
export function maskReceipt(
  operation: OperationDetails,
  ownerName: string,
  ownerPhone: string | null,
): SharedReceipt {
  const { phone, bank, counterparty, vault, tontine, walletNumber } = operation;
  return {
    ownerName,
    ownerPhone,
    operation: {
      ...operation,
      walletNumber: masked(walletNumber),
      phone: phone === null ? null : maskPhone(phone),
      bank: bank && { name: bank.name, accountNumber: masked(bank.accountNumber), accountName: "" },
      counterparty: counterparty && {
        name: counterparty.name,
        walletNumber: masked(counterparty.walletNumber),
      },
      vault: vault && { id: 0n, name: "" },
      tontine: tontine && { code: "", name: "", turnNumber: null, memberName: "" },
      note: null,
      providerReference: null,
      paymentUrl: null,
    },
  };
}
