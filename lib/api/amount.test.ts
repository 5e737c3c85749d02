import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { amountFields } from "./amount";

describe("an amount in an answer", () => {
  it.each([
    [money(500_000n, "NGN"), 5_000],
    [money(5n, "NGN"), 0.05],
    [money(-150n, "NGN"), -1.5],
    [money(0n, "NGN"), 0],
    [money(100_000_000_000_000_1n, "NGN"), 10_000_000_000_000.01],
    [money(5_000n, "XOF"), 5_000],
    [money(5n, "XOF"), 5],
    [money(-5n, "XOF"), -5],
  ])("%o has major units by its currency's decimals, beside its minor units", (amount, major) => {
    expect(amountFields(amount)).toEqual({
      amount: major,
      amount_minor: Number(amount.amountMinor),
      currency: amount.currency,
    });
  });
});
