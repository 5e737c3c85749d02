import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import { testPlan } from "../test-plan";
import { type Detector, detect } from "./detect";
import { tamperWith } from "./scenario";
import { createSealedLedger, type SealedLedger } from "./sealed-ledger";

let ledger: SealedLedger;
beforeAll(async () => {
  ledger = await createSealedLedger(randomFrom("ledger"), 3);
}, 180_000);
afterAll(() => ledger?.close(), 60_000);

/** As without seals and exports. */
const withoutSeals: Detector = async (tx, exported) => {
  const detection = await detect(tx, exported);
  return { ...detection, audit: [], seals: [], exportProblems: [] };
};

describe("the tampering scenario", () => {
  it("detects every change by a superuser, with seals and an export", async () => {
    const { violations, counts } = await tamperWith(ledger, testPlan(25), detect);
    expect(violations).toEqual([]);
    expect(counts.tamperings).toBe(25);
  }, 180_000);

  it("goes red without the checks of seals", async () => {
    const { violations } = await tamperWith(ledger, testPlan(25), withoutSeals);
    expect(violations.length).toBeGreaterThan(0);
    expect(violations[0]?.what).toContain("not detected");
  }, 180_000);

  it("goes red when an intact ledger is reported as broken", async () => {
    const nothing = { audit: [], seals: [], exportProblems: [] };
    const falseAlarm: Detector = async () => ({ ...nothing, arithmetic: ["something"] });
    const { violations } = await tamperWith(ledger, testPlan(0), falseAlarm);
    expect(violations[0]?.what).toContain("detected on an untouched ledger");
  });
});
