import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { matchPaystackScenario, PAYSTACK_SCENARIOS, paystackScenarioTable } from "./paystack-scenarios";
import { ALL_SCENARIOS } from "./scenarios";

it("the README's table is the one that the sandbox follows", () => {
  const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("| on | naira |"));
  expect(table.slice(0, table.indexOf("\n\n"))).toBe(paystackScenarioTable());
});

it("every scenario has its own name among all, and its own way to select it", () => {
  expect(new Set(ALL_SCENARIOS.map(({ code }) => code)).size).toBe(ALL_SCENARIOS.length);
  const asks = PAYSTACK_SCENARIOS.map(({ on, amount }) => `${on.join()} ${amount}`);
  expect(new Set(asks).size).toBe(PAYSTACK_SCENARIOS.length);
});

it("every scenario's amount is whole naira within the product's limits", () => {
  const { minMinor = 0n, maxMinor = 0n } = PAYSTACK_METHODS[0] ?? {};
  for (const { amount = 0 } of PAYSTACK_SCENARIOS) {
    expect(amount % 100).toBe(0);
    expect(BigInt(amount)).toSatisfy((value) => value >= minMinor && value <= maxMinor);
  }
});

it("amounts select a scenario in kobo, and in their own direction only", () => {
  expect(matchPaystackScenario("collection", 500_000)).toBeNull();
  expect(matchPaystackScenario("collection", 1001)).toBeNull();
  expect(matchPaystackScenario("payout", 100_100)).toBeNull();
  expect(matchPaystackScenario("payout", 200_100)?.code).toBe("transfer_failed");
});
