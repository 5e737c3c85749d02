import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breaksLine, cleanLine, isReadableLabel, isReadableName, stripInvisible } from "./text";

describe("characters that can't be seen are dropped from a line", () => {
  it.each([
    ["\u202a+226 70 12 34 56\u202c", "+226 70 12 34 56"],
    ["\u200e1234\u200f567", "1234567"],
    ["\ufeffAwa\u200b", "Awa"],
    ["\u2066Awa\u2069 \u202eTraoré", "Awa Traoré"],
    ["Aw\u00ada", "Awa"],
    ["\u3164", ""],
    ["\u115f\u1160\uffa0\u2800\u180e\u034f", ""],
    ["a\u{e0061}\u{e007f}b", "ab"],
    ["Awa\u200d", "Awa"],
    ["A\u200dwa", "Awa"],
    ["1\u200c2", "12"],
    ["Awa\u00a0\u2003 Traoré\u3000", "Awa Traoré"],
    ["Ame\u0301lie", "Amélie"],
  ])("%j is %j", (typed, clean) => {
    expect(cleanLine(typed)).toBe(clean);
  });

  it.each(["👩🏾‍🌾 tontine", "❤️", "می‌خواهم", "🏳️‍🌈", "1️⃣"])("joiners of %j carry meaning, and stay", (text) => {
    expect(stripInvisible(text)).toBe(text);
  });

  it("cleaning twice is cleaning once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => cleanLine(cleanLine(text)) === cleanLine(text)),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => cleanLine(cleanLine(text)) === cleanLine(text)),
    );
  });
});

describe("a name can be read", () => {
  it.each(["Awa", "Ọlátúndé", "عائشة", "Ɗan", "N’Guessan", "ߞߊߙߌߡ", "O'Neil 3", "مُحَمَّد"])(
    "%s is a name",
    (name) => {
      expect(isReadableName(cleanLine(name))).toBe(true);
    },
  );

  it.each(["", "12", "…", "🙂", "\u0301", `A${"\u0301".repeat(40)}`, "Awa\u0007", "A\nB", "\ud800a"])(
    "%j isn't one",
    (name) => {
      expect(isReadableName(cleanLine(name))).toBe(false);
    },
  );
});

describe("a label can be seen", () => {
  it.each(["École", "2027", "🏠"])("%s can", (label) => {
    expect(isReadableLabel(cleanLine(label))).toBe(true);
  });

  it.each(["", "\u0301", `x${"\u0336".repeat(4)}`, "a\tb", "a\u2028b"])("%j can't", (label) => {
    expect(isReadableLabel(cleanLine(label))).toBe(false);
    if (label.includes("\t") || label.includes("\u2028")) expect(breaksLine(label)).toBe(true);
  });
});
