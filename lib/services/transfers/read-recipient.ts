import { isWalletNumber } from "@/lib/ids";
import { type PhoneCountry, parsePhone } from "@/lib/phone";
import { stripInvisible } from "@/lib/text";

export interface MeantRecipient {
  /** The 13 digits, where that is what was typed. */
  walletNumber: string | null;
  /** E.164, where what was typed is a mobile number; both are given where it may be either. */
  phone: string | null;
}

/** What a person means by a recipient: a wallet number in groups, or a phone number as it is written at home. */
export function readRecipient(typed: string, homeCountry: PhoneCountry): MeantRecipient {
  const bare = stripInvisible(typed).replace(/[\s.\-\u2010-\u2015]/g, "");
  const parsed = parsePhone(typed, homeCountry);
  return {
    walletNumber: isWalletNumber(bare) ? bare : null,
    phone: "e164" in parsed ? parsed.e164 : null,
  };
}
