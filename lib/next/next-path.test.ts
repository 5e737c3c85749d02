import { describe, expect, it } from "vitest";
import { landingPath } from "./next-path";

describe("where a person lands after signing in", () => {
  it.each([
    ["fr", undefined, "/wallet"],
    ["en", undefined, "/en/wallet"],
    ["en", "/wallet/topup?amount=5000", "/en/wallet/topup?amount=5000"],
    ["fr", "/wallet/topup", "/wallet/topup"],
    ["fr", "/en/wallet/topup", "/wallet/topup"],
    ["en", "/fr/wallet/topup", "/en/wallet/topup"],
    ["fr", "//evil.example", "/wallet"],
    ["en", "https://evil.example", "/en/wallet"],
    ["fr", "/en//evil.example", "/evil.example"],
    ["fr", "/", "/wallet"],
  ] as const)("%s, %s → %s", (locale, next, expected) => {
    expect(landingPath(locale, next)).toBe(expected);
  });
});
