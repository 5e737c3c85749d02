export { groupWalletNumber } from "../group-wallet-number";

/** The digits of the input; the server refuses anything else that stands between them. */
function digitsOf(typed: string): string {
  return typed.replace(/\D/g, "");
}

/** True once there are as many digits as a wallet number has, so that its check digit can be verified. */
export function isWholeWalletNumber(typed: string): boolean {
  return digitsOf(typed).length >= 13;
}

/** The same check as `isWalletNumber` of `lib/ids`, for browsers: 13 digits with a valid Luhn check digit. */
export function looksLikeWalletNumber(typed: string): boolean {
  const digits = digitsOf(typed);
  if (!/^[1-9][0-9]{12}$/.test(digits)) return false;
  let sum = 0;
  for (const [position, digit] of [...digits].reverse().entries()) {
    const weighted = Number(digit) * (position % 2 === 0 ? 1 : 2);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/**
 * What may be a recipient, for browsers: a wallet number, or from eight digits on a phone number, which the server knows better.
 * Thirteen digits that begin like no calling code of ours are a wallet number with a mistake.
 */
export function looksLikeRecipient(typed: string): boolean {
  if (/[a-z]/i.test(typed)) return false;
  if (looksLikeWalletNumber(typed)) return true;
  const digits = digitsOf(typed);
  const isPhone = digits.length >= 8 && digits.length <= 15;
  return isPhone && (digits.length !== 13 || /^\s*\+|^22|^23|^24|^0/.test(typed));
}
