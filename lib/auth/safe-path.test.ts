import { describe, expect, it } from "vitest";
import { safePath, safeUrlPath } from "./safe-path";

describe("paths on this site", () => {
  it.each([
    "/",
    "/wallet",
    "/en/wallet/topup?amount=5000",
    "/wallet/transactions/TXN-2345",
    "/a//b",
    "/a?next=//b",
  ])("%s is accepted", (path) => {
    expect(safePath(path)).toBe(path);
  });

  it.each([
    "",
    "wallet",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/x/..//evil.example",
    "/%2e//evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://localhost:3000@evil.example",
    "//localhost:3000@evil.example",
    "/\u0000",
    `/${"a".repeat(3_000)}`,
  ])("%j is refused", (value) => {
    expect(safePath(value)).toBeNull();
  });

  it("anything but text is null", () => {
    for (const value of [undefined, null, 1, {}, ["/wallet"]]) expect(safePath(value)).toBeNull();
  });

  it("an absolute address must have our origin, whole", () => {
    const origin = "http://localhost:3000";
    expect(safeUrlPath("http://localhost:3000/en/wallet?a=1", origin)).toBe("/en/wallet?a=1");
    expect(safeUrlPath("http://localhost:3000", origin)).toBe("/");
    expect(safeUrlPath("/wallet", origin)).toBe("/wallet");
    for (const foreign of [
      "http://localhost:3001/wallet",
      "http://localhost:30000/wallet",
      "http://localhost:3000.evil.example/",
      "http://localhost:3000@evil.example/",
      "https://localhost:3000/wallet",
      "http://localhost:3000//evil.example",
    ]) {
      expect(safeUrlPath(foreign, origin)).toBeNull();
    }
  });
});
