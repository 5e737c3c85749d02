/** `1234 5678 9012 3`: groups of four with no-break spaces. */
export function groupWalletNumber(walletNumber: string): string {
  return walletNumber.replace(/(\d{4})(?=\d)/g, "$1\u00a0");
}
