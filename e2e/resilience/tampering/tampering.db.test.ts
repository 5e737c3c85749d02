import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import type { ScenarioPlan } from "../scenario";
import { type Detector, detect } from "./detect";
import { tamperWith } from "./scenario";
import { createSealedLedger, type SealedLedger } from "./sealed-ledger";

let ledger: SealedLedger;
beforeAll(async () => {
  ledger = await createSealedLedger(randomFrom("ledger"), 3);
}, 180_000);
afterAll(() => ledger?.close(), 60_000);

/** A plan with `count` cases. */
const plan = (count: number): ScenarioPlan => ({
  seed: "3",
  random: (number) => randomFrom(`3/tampering/${number}`),
  *cases() {
    for (let number = 0; number < count; number += 1) yield number;
  },
  isSmoke: true,
  leftMs: () => 0,
  signal: new AbortController().signal,
  home: "",
  progress: () => {},
});

/** As without seals and exports. */
const withoutSeals: Detector = async (tx, exported) => {
  const detection = await detect(tx, exported);
  return { ...detection, audit: [], seals: [], exportProblems: [] };
};

describe("the tampering scenario", () => {
  it("detects every change by a superuser, with seals and an export", async () => {
    const { violations, counts } = await tamperWith(ledger, plan(25), detect);
    expect(violations).toEqual([]);
    expect(counts.tamperings).toBe(25);
  }, 180_000);

  it("goes red without the checks of seals", async () => {
    const { violations } = await tamperWith(ledger, plan(25), withoutSeals);
    expect(violations.length).toBeGreaterThan(0);
    expect(violations[0]?.what).toContain("not detected");
  }, 180_000);

  it("goes red when an intact ledger is reported as broken", async () => {
    const falseAlarm: Detector = async () => ({
      arithmetic: ["something"],
      audit: [],
      seals: [],
      exportProblems: [],
    });
    const { violations } = await tamperWith(ledger, plan(0), falseAlarm);
    expect(violations[0]?.what).toContain("detected on an untouched ledger");
  });
});
