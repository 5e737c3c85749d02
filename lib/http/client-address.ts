import { isIP } from "node:net";

/**
 * The address that the request came from. Our own server writes it (and drops any that a caller sent), since
 * handlers see headers only.
 */
export const CLIENT_ADDRESS_HEADER = "x-cauris-address";

/** Callers without a known address share one limit. */
const UNKNOWN_ADDRESS = "unknown";

/** What one customer gets and can roam in: a /64, often a /56, at most a /48 (RFC 6177). */
const IPV6_PREFIXES = [64, 56, 48] as const;
/** How much more each of the networks of a request may do than the smallest. */
export const NETWORK_FACTORS: readonly number[] = [1, 2, 4];

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

/** What {@link CLIENT_ADDRESS_HEADER} says, in the form that limits are counted by: IPv4 as it is, IPv6 by its /64. */
export function addressFromHeaders(headers: Headers): string {
  return networksFromHeaders(headers)[0] ?? UNKNOWN_ADDRESS;
}

/** The networks that a request came from, the smallest first: an IPv4 address; the /64, /56 and /48 of IPv6; `unknown`. */
export function networksFromHeaders(headers: Headers): string[] {
  return networksOf(headers.get(CLIENT_ADDRESS_HEADER) ?? "");
}

function networksOf(address: string): string[] {
  const plain = address
    // Some proxies write the port too: 203.0.113.9:1234, [2001:db8::1]:1234.
    .replace(/^\[([^\]]*)\](?::\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/^::ffff:(?=\d+\.)/i, "")
    .replace(/%.*$/, "");
  const version = isIP(plain);
  if (version === 4) return [plain];
  if (version !== 6) return [UNKNOWN_ADDRESS];
  const groups = expandIpv6(plain).map((group) => Number.parseInt(group, 16));
  return IPV6_PREFIXES.map((bits) => `${prefixOf(groups, bits)}::/${bits}`);
}

/** The first `bits` of an address, the rest of the last group zero. */
function prefixOf(groups: readonly number[], bits: number): string {
  const kept = groups.slice(0, Math.ceil(bits / 16));
  const rest = kept.length * 16 - bits;
  return kept
    .map((group, at) => (at === kept.length - 1 ? (group >> rest) << rest : group).toString(16))
    .join(":");
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
