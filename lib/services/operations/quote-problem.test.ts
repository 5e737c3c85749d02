import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { quoteProblem } from "./quote-problem";

const NOW = new Date("2026-11-29T12:00:00Z");
const LATER = new Date(NOW.getTime() + 1);

describe("a quote", () => {
  it.each([
    ["can be confirmed", LATER, 0n, null],
    ["has expired", NOW, 0n, "quote_expired"],
    ["is more than the balance", LATER, -1n, "insufficient_funds"],
    ["has expired and is more than the balance", NOW, -1n, "quote_expired"],
  ])("%s", (_, expiresAt, left, problem) => {
    expect(quoteProblem({ expiresAt, balanceAfter: money(left, "XOF") }, NOW)).toBe(problem);
  });
});
