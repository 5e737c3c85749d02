import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { quoteProblem } from "./quote-problem";

const NOW = new Date("2026-11-29T12:00:00Z");
const LATER = new Date(NOW.getTime() + 1);

describe("a quote", () => {
  it.each([
    ["can be confirmed", LATER, 0n, null, null],
    ["has expired", NOW, 0n, null, "quote_expired"],
    ["is more than the balance", LATER, -1n, null, "insufficient_funds"],
    ["has expired and is more than the balance", NOW, -1n, 0n, "quote_expired"],
    ["is as much as a limit leaves", LATER, 0n, 500n, null],
    ["is more than a limit leaves", LATER, 0n, 499n, "money_out_limited"],
    ["is made while nothing goes out", LATER, 0n, 0n, "money_out_limited"],
  ])("%s", (_, expiresAt, after, left, problem) => {
    const limit = left === null ? null : { left: money(left, "XOF"), until: LATER };
    const amounts = { amount: money(500n, "XOF"), balanceAfter: money(after, "XOF") };
    expect(quoteProblem({ expiresAt, ...amounts, limit }, NOW)).toBe(problem);
  });
});
