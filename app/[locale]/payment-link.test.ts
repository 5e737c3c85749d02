import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { paymentPath, plainAmount, readPaymentLink } from "./payment-link";

const NUMBER = "1234567890128";

describe("a payment link", () => {
  it("is read as it was written", () => {
    const links = [
      { currency: "XOF", amount: null, note: null },
      { currency: "XOF", amount: money(5_000n, "XOF"), note: "Riz & huile <2 sacs> 100 % #1" },
      { currency: "NGN", amount: money(500_050n, "NGN"), note: null },
      { currency: "NGN", amount: money(500_000n, "NGN"), note: "é’ç" },
      { currency: "NGN", amount: money(5n, "NGN"), note: null },
    ] as const;
    for (const link of links) {
      const url = new URL(paymentPath(NUMBER, link), "https://cauris.test");
      expect(url.pathname).toBe(`/p/${NUMBER}`);
      expect(readPaymentLink(Object.fromEntries(url.searchParams))).toEqual({ ...link, problems: {} });
    }
    expect(plainAmount(money(5n, "NGN"))).toBe("0.05");
  });

  it("takes amounts as people type them", () => {
    expect(readPaymentLink({ amount: " 5 000 F " }).amount).toEqual(money(5_000n, "XOF"));
    expect(readPaymentLink({ amount: "5,000.50", currency: "NGN" }).amount).toEqual(money(500_050n, "NGN"));
  });

  it.each([
    [{ amount: "-5" }, { amount: "not_positive" }],
    [{ amount: "0" }, { amount: "not_positive" }],
    [{ amount: "5.5" }, { amount: "no_decimals" }],
    [{ amount: "1e9" }, { amount: "not_a_number" }],
    [{ amount: "9".repeat(30) }, { amount: "too_large" }],
    [{ amount: "<script>alert(1)</script>" }, { amount: "not_a_number" }],
    [{ amount: "9".repeat(5_000) }, { amount: "too_long" }],
    [{ amount: ["5", "6"] }, { amount: "too_long" }],
    [{ currency: "EUR", amount: "5" }, { currency: "invalid" }],
    [{ currency: "xof" }, { currency: "invalid" }],
    [{ note: "a".repeat(141) }, { note: "too_long" }],
    [{ note: "a\nb" }, { note: "not_one_line" }],
    [{ note: "\u0000" }, { note: "not_one_line" }],
    [{ note: "x".repeat(100_000) }, { note: "too_long" }],
  ])("leaves %j out and says why", (query, problems) => {
    expect(readPaymentLink(query)).toEqual({ currency: "XOF", amount: null, note: null, problems });
  });

  it("keeps markup in a note as text, and drops what can't be seen", () => {
    expect(readPaymentLink({ note: "<b>riz</b>\u202e" }).note).toBe("<b>riz</b>");
    expect(readPaymentLink({ note: "  " })).toMatchObject({ note: null, problems: {} });
  });
});
