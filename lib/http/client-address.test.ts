import { describe, expect, it } from "vitest";
import {
  addressFromHeaders,
  CLIENT_ADDRESS_HEADER,
  clientAddress,
  networksFromHeaders,
} from "./client-address";

/** The address as limits count it, once the server has written it into its header. */
function countedAddress(...seen: Parameters<typeof clientAddress>): string {
  return addressFromHeaders(new Headers({ [CLIENT_ADDRESS_HEADER]: clientAddress(...seen) }));
}

describe("the caller's address", () => {
  it("is the socket's, whatever X-Forwarded-For claims, unless proxies are trusted", () => {
    expect(countedAddress("192.0.2.1", "198.51.100.9", 0)).toBe("192.0.2.1");
  });

  it("is what the outermost trusted proxy saw", () => {
    expect(countedAddress("10.0.0.1", "198.51.100.9", 1)).toBe("198.51.100.9");
    expect(countedAddress("10.0.0.1", "6.6.6.6, 198.51.100.9", 1)).toBe("198.51.100.9");
    expect(countedAddress("10.0.0.1", "6.6.6.6, 198.51.100.9, 10.0.0.2", 2)).toBe("198.51.100.9");
  });

  it("is unknown, not the proxy's, when a trusted proxy sent no header", () => {
    expect(countedAddress("10.0.0.1", null, 1)).toBe("unknown");
    expect(countedAddress("10.0.0.1", "198.51.100.9", 2)).toBe("unknown");
    expect(countedAddress("10.0.0.1", "198.51.100.9, <script>", 1)).toBe("unknown");
    expect(countedAddress(undefined, null, 0)).toBe("unknown");
  });

  it.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("%s counts as %s", (address, expected) => {
    expect(countedAddress(address, null, 0)).toBe(expected);
  });

  it("of IPv6 is counted by its /64, /56 and /48", () => {
    const networks = networksFromHeaders(
      new Headers({ [CLIENT_ADDRESS_HEADER]: "2001:db8:1:2f34:aaaa:bbbb:cccc:dddd" }),
    );
    expect(networks).toEqual(["2001:db8:1:2f34::/64", "2001:db8:1:2f00::/56", "2001:db8:1::/48"]);
    const one = (address: string) => networksFromHeaders(new Headers({ [CLIENT_ADDRESS_HEADER]: address }));
    expect(one("192.0.2.1")).toEqual(["192.0.2.1"]);
    expect(one("nonsense")).toEqual(["unknown"]);
  });

  it("reaches handlers in our own header", () => {
    expect(addressFromHeaders(new Headers({ "x-cauris-address": "192.0.2.1" }))).toBe("192.0.2.1");
    expect(addressFromHeaders(new Headers({ "x-forwarded-for": "192.0.2.1" }))).toBe("unknown");
  });
});
