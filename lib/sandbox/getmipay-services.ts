/** A service of the public dialect. */
export interface PublicService {
  id: string;
  name: string;
  method: string;
  /** Wallets of it begin with this. */
  callingCode: string;
  /** A collection needs a one-time code, which its payer gets from the operator. */
  needsCode?: boolean;
  /** Paid on our page; the others by a prompt on the phone, which here is always confirmed. */
  hasPage?: boolean;
}

/** 3, 4 and 5 are GetMiPay's own (docs.getmipay.com). No Wave or Moov id is known: those from 901 are made up. */
const SERVICES: readonly PublicService[] = [
  { id: "3", name: "OM CI", method: "orange_money", callingCode: "225", needsCode: true },
  { id: "4", name: "OM SN", method: "orange_money", callingCode: "221", needsCode: true },
  { id: "5", name: "OM BF", method: "orange_money", callingCode: "226", needsCode: true },
  { id: "901", name: "WAVE BF", method: "wave", callingCode: "226", hasPage: true },
  { id: "902", name: "MOOV BF", method: "moov_money", callingCode: "226" },
  { id: "903", name: "WAVE CI", method: "wave", callingCode: "225", hasPage: true },
  { id: "904", name: "MOMO CI", method: "mtn_money", callingCode: "225" },
  { id: "905", name: "WAVE SN", method: "wave", callingCode: "221", hasPage: true },
];

export function findService(id: string): PublicService | null {
  return SERVICES.find((service) => service.id === id) ?? null;
}
