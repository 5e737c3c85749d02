/** `1234 5678 9012 3`: read aloud and compared in groups, which must not break apart. */
export function groupWalletNumber(walletNumber: string): string {
  return walletNumber.replace(/(\d{4})(?=\d)/g, "$1\u00a0");
}

/** What was typed without the signs that people group digits with. */
function digitsOf(typed: string): string {
  return typed.replace(/[\s.-]/g, "");
}

/** True once as many digits are there as a wallet number has: then its check digit can tell. */
export function isWholeWalletNumber(typed: string): boolean {
  return digitsOf(typed).length >= 13;
}

/** What `isWalletNumber` in `lib/ids` says on the server, for browsers: 13 digits that Luhn's sum agrees with. */
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
