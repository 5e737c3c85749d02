import { describe, expect, it } from "vitest";
import { hashOfKey, isKeyText, newKeyText, shownPrefix } from "./key-text";

describe("an API key", () => {
  it("is the prefix, 256 random bits and a checksum, in URL-safe characters", () => {
    const key = newKeyText();
    expect(key).toMatch(/^sk_live_[A-Za-z0-9_-]{49}$/);
    expect(isKeyText(key)).toBe(true);
    expect(shownPrefix(key)).toBe(key.slice(0, 12));
    expect(hashOfKey(key)).toHaveLength(32);
  });

  it("is another one each time", () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newKeyText())).size).toBe(1_000);
  });

  it("with any character changed, dropped, doubled or swapped is none", () => {
    const key = newKeyText();
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === "x" ? "y" : "x";
      const swapped = key.slice(0, at) + (key[at + 1] ?? "") + key[at] + key.slice(at + 2);
      const typos = [
        key.slice(0, at) + other + key.slice(at + 1),
        key.slice(0, at) + key.slice(at + 1),
        key.slice(0, at) + key[at] + key.slice(at),
        ...(swapped === key ? [] : [swapped]),
      ];
      for (const typo of typos) expect(isKeyText(typo), typo).toBe(false);
    }
  });

  it.each(["", "sk_live_", " ", "sk_live_é", "x".repeat(1_000_000), `${newKeyText()}\n`, ` ${newKeyText()}`])(
    "nothing else is one (%#)",
    (text) => {
      expect(isKeyText(text)).toBe(false);
    },
  );

  it("under a former prefix or length still is one", () => {
    for (const shape of [
      { prefix: "sk_test_", randomBytes: 24 },
      { prefix: "ck", randomBytes: 64 },
    ]) {
      expect(isKeyText(newKeyText(shape))).toBe(true);
    }
  });
});
