import { isIP } from "node:net";

/**
 * The address that the request came from. Our own server writes it (and drops any that a caller sent), since
 * handlers see headers only.
 */
export const CLIENT_ADDRESS_HEADER = "x-cauris-address";

/** Callers without a known address share one limit. */
const UNKNOWN_ADDRESS = "unknown";

const IPV6_GROUPS_KEPT = 4;

/**
 * What our server writes into {@link CLIENT_ADDRESS_HEADER}: the socket's address, or, behind `trustedHops` proxies of ours, the one that the outermost of them
 * saw. Entries further to the left of X-Forwarded-For are what the caller wrote, and count for nothing.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | null,
  trustedHops: number,
): string {
  if (trustedHops <= 0) return socketAddress ?? "";
  const seen = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  return seen.at(-trustedHops) ?? "";
}

/** What {@link CLIENT_ADDRESS_HEADER} says, in the form that limits are counted by. */
export function addressFromHeaders(headers: Headers): string {
  return normaliseAddress(headers.get(CLIENT_ADDRESS_HEADER) ?? "");
}

/** IPv4 as it is; IPv6 by its /64, which is what one customer gets and can roam in; anything else is unknown. */
function normaliseAddress(address: string): string {
  const plain = address
    // Some proxies write the port too: 203.0.113.9:1234, [2001:db8::1]:1234.
    .replace(/^\[([^\]]*)\](?::\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/^::ffff:(?=\d+\.)/i, "")
    .replace(/%.*$/, "");
  const version = isIP(plain);
  if (version === 4) return plain;
  if (version === 6) return `${expandIpv6(plain).slice(0, IPV6_GROUPS_KEPT).join(":")}::/64`;
  return UNKNOWN_ADDRESS;
}

/** Eight groups without leading zeros, from a valid IPv6 address. */
function expandIpv6(address: string): string[] {
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = Math.max(0, 8 - before.length - after.length);
  const groups = tail === undefined ? before : [...before, ...Array<string>(missing).fill("0"), ...after];
  return groups.map((group) => group.replace(/^0+(?=.)/, ""));
}
