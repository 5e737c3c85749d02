import { describe, expect, it } from "vitest";
import { isOwnOrigin } from "./origin-guard";

const production = { baseUrl: "https://cauris.example", isDemo: false };
const demo = { baseUrl: "http://localhost:3000", isDemo: true };

describe("whose form it is, in production", () => {
  it.each<[string, Record<string, string>, boolean]>([
    ["our origin", { origin: "https://cauris.example" }, true],
    ["our origin, whatever the Host header says", { origin: "https://cauris.example", host: "x" }, true],
    ["no origin, and the browser says same-origin", { "sec-fetch-site": "same-origin" }, true],
    ["no origin at all", {}, false],
    ["no origin, and the browser says same-site", { "sec-fetch-site": "same-site" }, false],
    ["no origin, and the browser says cross-site", { "sec-fetch-site": "cross-site" }, false],
    ["no origin, typed by hand", { "sec-fetch-site": "none" }, false],
    ["the null origin", { origin: "null" }, false],
    [
      "the null origin, and the browser says same-origin",
      { origin: "null", "sec-fetch-site": "same-origin" },
      true,
    ],
    ["the null origin from another site", { origin: "null", "sec-fetch-site": "cross-site" }, false],
    [
      "the null origin with our Referer",
      { origin: "null", referer: "https://cauris.example/sign-in" },
      false,
    ],
    ["neither, with our Referer", { referer: "https://cauris.example/sign-in" }, true],
    ["neither, with another site's Referer", { referer: "https://evil.example/cauris.example" }, false],
    [
      "neither, with a Referer that begins like ours",
      { referer: "https://cauris.example.evil.example/" },
      false,
    ],
    [
      "neither, with our name in another Referer's user",
      { referer: "https://cauris.example@evil.example/" },
      false,
    ],
    ["neither, with our Referer over http", { referer: "http://cauris.example/" }, false],
    ["neither, with a broken Referer", { referer: "cauris.example" }, false],
    [
      "our Referer, where the browser says cross-site",
      { referer: "https://cauris.example/", "sec-fetch-site": "cross-site" },
      false,
    ],
    [
      "our Referer and another site's origin",
      { origin: "https://evil.example", referer: "https://cauris.example/" },
      false,
    ],
    ["an empty origin", { origin: "", "sec-fetch-site": "same-origin" }, false],
    ["another site", { origin: "https://evil.example" }, false],
    [
      "another site that echoes itself as Host",
      { origin: "https://evil.example", host: "evil.example" },
      false,
    ],
    ["a subdomain", { origin: "https://a.cauris.example" }, false],
    ["our name with a tail", { origin: "https://cauris.example.evil.example" }, false],
    ["our name over http", { origin: "http://cauris.example" }, false],
    ["our name on another port", { origin: "https://cauris.example:8443" }, false],
    ["this machine", { origin: "http://localhost:3000", host: "localhost:3000" }, false],
  ])("%s", (_name, headers, expected) => {
    expect(isOwnOrigin(new Headers(headers), production)).toBe(expected);
  });
});

describe("whose form it is, in a demo", () => {
  it.each<[string, Record<string, string>, boolean]>([
    ["our origin", { origin: "http://localhost:3000", host: "localhost:3000" }, true],
    ["this machine's address", { origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" }, true],
    ["this machine's IPv6 address", { origin: "http://[::1]:3000", host: "[::1]:3000" }, true],
    [
      "this machine's address asked for by name",
      { origin: "http://127.0.0.1:3000", host: "localhost:3000" },
      false,
    ],
    ["this machine's address without a Host", { origin: "http://127.0.0.1:3000" }, false],
    ["the sandbox on the next port", { origin: "http://127.0.0.1:3001", host: "127.0.0.1:3001" }, false],
    [
      "another name that points here",
      { origin: "http://evil.example:3000", host: "evil.example:3000" },
      false,
    ],
    ["neither, with our Referer", { referer: "http://localhost:3000/sign-in" }, true],
    [
      "neither, with the sandbox's Referer",
      { referer: "http://127.0.0.1:3001/", host: "127.0.0.1:3001" },
      false,
    ],
    ["the null origin", { origin: "null" }, false],
    ["no origin at all", {}, false],
  ])("%s", (_name, headers, expected) => {
    expect(isOwnOrigin(new Headers(headers), demo)).toBe(expected);
  });

  it("without a port in the address the scheme's own counts", () => {
    const settings = { baseUrl: "http://localhost", isDemo: true };
    const headers = new Headers({ origin: "http://127.0.0.1", host: "127.0.0.1" });
    expect(isOwnOrigin(headers, settings)).toBe(true);
  });

  it("a demo on a public host name accepts no other host", () => {
    const settings = { baseUrl: "http://demo.example:3000", isDemo: true };
    const headers = new Headers({ origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" });
    expect(isOwnOrigin(headers, settings)).toBe(false);
  });
});
