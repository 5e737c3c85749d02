import { isLoopbackUrl } from "@/lib/loopback";

/** True when the browser may be sent to `value`: https (http on loopback only) on one of `hosts`, no credentials. */
export function isPaymentUrl(value: string, hosts: readonly string[]): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: URL() silently drops tabs and line ends, a browser may not.
  if (/[\x00-\x20\\]/.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  const isWeb = url.protocol === "https:" || isLoopbackUrl(value);
  return isWeb && url.username === "" && url.password === "" && hosts.includes(url.host);
}
