import { describe, expect, test } from "vitest";
import { localizedPath, switchPath } from "./href";
import { preferredLocale } from "./preferred-locale";
import { splitLocale } from "./routing";

describe("addresses", () => {
  test("French has no prefix, English has one", () => {
    expect(localizedPath("fr", "/wallet")).toBe("/wallet");
    expect(localizedPath("en", "/wallet?page=2")).toBe("/en/wallet?page=2");
    expect(localizedPath("fr", "/")).toBe("/");
    expect(localizedPath("en", "/")).toBe("/en");
  });

  test("a switch always names its language, so that the choice can be kept", () => {
    expect(switchPath("fr", "/wallet")).toBe("/fr/wallet");
    expect(switchPath("en", "/")).toBe("/en");
  });

  test.each([
    ["/en/wallet", "en", "/wallet"],
    ["/en", "en", "/"],
    ["/en/", "en", "/"],
    ["/fr/wallet/topup/", "fr", "/wallet/topup/"],
    ["/wallet", null, "/wallet"],
    ["/english", null, "/english"],
    ["/", null, "/"],
    ["/fr//evil.example", "fr", "/evil.example"],
  ])("%s names %s and leaves %s", (pathname, locale, path) => {
    expect(splitLocale(pathname)).toEqual({ locale, path });
  });
});

describe("the browser's wish", () => {
  test.each([
    ["en-US,en;q=0.9", "en"],
    ["fr-FR,fr;q=0.9,en;q=0.8", "fr"],
    ["de,en;q=0.7,fr;q=0.3", "en"],
    ["en;q=0.2, fr;q=0.9", "fr"],
    ["en;q=0, de", "fr"],
    ["de", "fr"],
    ["", "fr"],
    [";;;,,,q=", "fr"],
    [null, "fr"],
  ])("%j is answered in %s", (header, locale) => {
    expect(preferredLocale(header)).toBe(locale);
  });
});
