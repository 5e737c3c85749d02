import { describe, expect, it } from "vitest";
import { normaliseEmail } from "./email";

describe("e-mail addresses", () => {
  it.each([
    ["Awa.Traore@Example.com", "awa.traore@example.com"],
    ["  awa+tontine@example.bf \n", "awa+tontine@example.bf"],
    ["AWA@EXAMPLE.CI", "awa@example.ci"],
    ["\u202aawa@exam\u200bple.ci\u202c", "awa@example.ci"],
    ["\u200eawa@example.ci\ufeff", "awa@example.ci"],
  ])("%j is kept as %s", (input, expected) => {
    expect(normaliseEmail(input)).toBe(expected);
  });

  it.each([
    ["a full-width @", "awa\uFF20example.com"],
    ["a Kelvin sign, which lower-cases to k", "awa@\u212Areta.com"],
    ["a dotted capital I, which lower-cases to i and a mark", "awa@g\u0130thub.com"],
    ["a Cyrillic a", "\u0430wa@example.com"],
    ["a ligature", "o\uFB03ce@example.com"],
    ["an accent", "traoré@example.com"],
    ["two addresses", "awa@example.com,ali@example.com"],
    ["a line feed inside", "awa@example.com\nbcc:ali@example.com"],
    ["no domain", "awa@"],
    ["nothing", ""],
    ["more than 254 characters", `${"a".repeat(250)}@example.com`],
  ])("%s is refused", (_name, input) => {
    expect(normaliseEmail(input)).toBeNull();
  });
});
