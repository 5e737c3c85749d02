import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parsePhone } from "@/lib/phone";
import { matchScenario, SCENARIOS, scenarioTable } from "./scenarios";

it("the README's table is the one that the sandbox follows", () => {
  const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
  expect(readme.slice(readme.indexOf("| on | ask with"))).toBe(`${scenarioTable()}\n`);
});

it("every scenario has its own name and its own way to select it", () => {
  const asks = SCENARIOS.map(({ on, amount, phone }) => `${on.join()} ${phone ?? amount}`);
  expect(new Set(asks).size).toBe(SCENARIOS.length);
  expect(new Set(SCENARIOS.map(({ code }) => code)).size).toBe(SCENARIOS.length);
});

it("every scenario's phone and amount passes the product's own checks", () => {
  for (const { amount, phone } of SCENARIOS) {
    if (phone) expect(parsePhone(phone)).toEqual({ e164: phone, country: "BF" });
    else expect(amount).toSatisfy((value) => value >= 100 && value <= 1_000_000);
  }
});

it("ordinary amounts select no scenario, and a scenario's amount only in its own direction", () => {
  const phone = "+22670000001";
  expect(matchScenario({ kind: "collection", amount: 5000, phone })).toBeNull();
  expect(matchScenario({ kind: "payout", amount: 2000, phone })).toBeNull();
  expect(matchScenario({ kind: "payout", amount: 1001, phone })).toBeNull();
  expect(matchScenario({ kind: "collection", amount: 2001, phone })).toBeNull();
  expect(matchScenario({ kind: "payout", amount: 2001, phone })?.code).toBe("payout_failed");
});
