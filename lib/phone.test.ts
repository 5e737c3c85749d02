import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatPhone,
  homeCountryOf,
  maskPhone,
  PHONE_COUNTRIES,
  type PhoneCountry,
  parsePhone,
} from "./phone";

describe("a number is understood as people write it", () => {
  it.each<[string, PhoneCountry | undefined, string, PhoneCountry]>([
    ["+226 70 00 00 01", undefined, "+22670000001", "BF"],
    ["+226-70.00.00(01)", undefined, "+22670000001", "BF"],
    ["70/12/34/56", "BF", "+22670123456", "BF"],
    ["+226 70—12—34—56", undefined, "+22670123456", "BF"],
    ["tel:+226-70-12-34-56", undefined, "+22670123456", "BF"],
    ["\u202a+226 70 12 34 56\u202c", undefined, "+22670123456", "BF"],
    ["\u200e70\u200b123456\ufeff", "BF", "+22670123456", "BF"],
    ["+226\u00a070\u202f00 00 01", undefined, "+22670000001", "BF"],
    ["00226 70 00 00 01", undefined, "+22670000001", "BF"],
    ["22670000001", undefined, "+22670000001", "BF"],
    ["22670000001", "BF", "+22670000001", "BF"],
    ["22670000001", "CI", "+22670000001", "BF"],
    ["70000001", "BF", "+22670000001", "BF"],
    ["07 00 00 00 01", "CI", "+2250700000001", "CI"],
    ["+225 07 00 00 00 01", "BF", "+2250700000001", "CI"],
    ["77 000 00 01", "SN", "+221770000001", "SN"],
    ["0803 000 0001", "NG", "+2348030000001", "NG"],
    ["+234 803 000 0001", undefined, "+2348030000001", "NG"],
    ["01 90 00 00 01", "BJ", "+2290190000001", "BJ"],
    ["955 000 001", "GW", "+245955000001", "GW"],
    ["93 00 00 01", "NE", "+22793000001", "NE"],
    ["90 00 00 01", "TG", "+22890000001", "TG"],
    ["70 00 00 01", "ML", "+22370000001", "ML"],
  ])("%s (default %s) is %s", (input, defaultCountry, e164, country) => {
    expect(parsePhone(input, defaultCountry)).toEqual({ e164, country });
  });

  it.each([
    ["+229 90 00 00 01", undefined],
    ["90000001", "BJ" as const],
    ["22990000001", undefined],
    ["22990000001", "BF" as const],
    ["229 90/00/00/01", "CI" as const],
    ["0022990000001", undefined],
  ])("a Beninese number from before 2024, %s, gets its 01", (input, defaultCountry) => {
    expect(parsePhone(input, defaultCountry)).toEqual({ e164: "+2290190000001", country: "BJ" });
  });
});

describe("a number that can't receive money is refused with the reason", () => {
  it.each<[string, PhoneCountry | undefined, string]>([
    ["", "BF", "invalid"],
    ["+", "BF", "invalid"],
    ["7000000", "BF", "invalid"],
    ["700000011", "BF", "invalid"],
    ["70000001", undefined, "invalid"],
    ["7000000A", "BF", "invalid"],
    ["+226 7O 00 00 01", "BF", "invalid"],
    ["70000001 ext 5", "BF", "invalid"],
    ["٧٠٠٠٠٠٠١", "BF", "invalid"],
    ["+226 70 00 00 01;70000002", undefined, "invalid"],
    ["++22670000001", undefined, "invalid"],
    ["+226 25 30 00 00", undefined, "invalid"],
    ["+225 700000001", undefined, "invalid"],
    ["9".repeat(10_000), "BF", "invalid"],
    ["+33 6 12 34 56 78", "BF", "unsupported_country"],
    ["+1 202 555 0123", undefined, "unsupported_country"],
    ["+999 1234567", undefined, "invalid"],
    ["+225 07 00 00 00", undefined, "old_format"],
    ["07000000", "CI", "old_format"],
    ["22507000000", "BF", "old_format"],
  ])("%s (default %s) is %s", (input, defaultCountry, reason) => {
    expect(parsePhone(input, defaultCountry)).toEqual({ reason });
  });

  it("nothing typed makes it throw, and what it accepts it accepts again", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\+?[0-9 ]{0,16}$/)),
        fc.constantFrom(...PHONE_COUNTRIES),
        (input, country) => {
          const result = parsePhone(input, country);
          if ("e164" in result) expect(parsePhone(result.e164)).toEqual(result);
        },
      ),
    );
  });
});

describe("showing a number", () => {
  it("its owner sees it grouped", () => {
    expect(formatPhone("+22670000004")).toBe("+226 70 00 00 04".replaceAll(" ", "\u00a0"));
    expect(formatPhone("nonsense")).toBe("nonsense");
  });

  it.each([
    ["+22670123404", "+226 70 •• •• 04"],
    ["+221771234504", "+221 77 ••• •• 04"],
    ["+2348031234504", "+234 80• ••• ••04"],
  ])("others see %s as %s", (e164, masked) => {
    expect(maskPhone(e164)).toBe(masked.replaceAll(" ", "\u00a0"));
  });

  it("an Ivorian number hides six of its ten digits", () => {
    expect(maskPhone("+2250712345678")).toMatch(/^\+225\u00a007[\u00a0•]+78$/);
    expect(maskPhone("+2250712345678").match(/•/g)).toHaveLength(6);
  });

  it("what can't be read is hidden whole", () => {
    expect(maskPhone("my secret")).toBe("••••");
    expect(maskPhone("")).toBe("••••");
  });

  it("a local number belongs to the country of the owner's own number, or else to Burkina Faso", () => {
    expect(homeCountryOf("+2250712345678")).toBe("CI");
    expect(homeCountryOf("+33612345678")).toBe("BF");
    expect(homeCountryOf(null)).toBe("BF");
  });
});
