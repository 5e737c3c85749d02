import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import {
  advance,
  approveAll,
  duesOf,
  francsOf,
  heldIn,
  type Person,
  pay,
  potOf,
  proposedOf,
  runningGroup,
  runTurn,
  type TestGroup,
  timeOf,
  turnStates,
} from "@/e2e/support/tontines";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db } = await useDatabase({ alone: true });

/** The breaches of the audit's tontine checks. */
async function breaches(): Promise<string[]> {
  const lines = await auditLedger(db);
  return lines.filter((line) => line.breaches > 0n).map(({ promise }) => promise);
}

function person(group: TestGroup, name: string): Person {
  const found = group.people.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

const gained = async (group: TestGroup, who: Person, before = 120_000n) =>
  (await francsOf(group, who)) - before;

describe("the worked examples of the design: 12 shares, 10 000 FCFA", () => {
  it("normal: twelve pay 10 000, Fatou gets 120 000 and the pot is empty", async () => {
    const group = await runningGroup(db);
    const fatou = person(group, "Fatou");
    await advance(group, timeOf(group, 1, -2));
    expect(await duesOf(group)).toHaveLength(12);
    for (const each of group.people) await pay(group, each, 1);
    expect(await potOf(group, 1)).toBe(120_000n);
    expect(await turnStates(group)).toEqual(["complete", ...Array(11).fill("planned")]);
    await approveAll(group, 1, timeOf(group, 1));
    expect(await potOf(group, 1)).toBe(0n);
    expect(await gained(group, fatou)).toBe(110_000n);
    expect((await turnStates(group))[0]).toBe("paid");
    await advance(group, timeOf(group, 1, 4));
    expect((await turnStates(group))[0]).toBe("closed");
    expect(await breaches()).toEqual([]);
  });

  it("late: Fatou gets 110 000, and 10 000 with Moussa's payment, who pays a fine of 300", async () => {
    const group = await runningGroup(db, { closesAfterDays: "0" });
    const [fatou, moussa] = [person(group, "Fatou"), person(group, "Moussa")];
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) if (each !== moussa) await pay(group, each, 1);
    await advance(group, timeOf(group, 1, 0.01));
    expect((await turnStates(group))[0]).toBe("short");
    await approveAll(group, 1, timeOf(group, 1, 0.1));
    expect(await gained(group, fatou)).toBe(100_000n);
    expect((await turnStates(group))[0]).toBe("part_paid");
    await pay(group, moussa, 1, { kinds: ["contribution", "fine"], now: timeOf(group, 1, 2) });
    expect(await gained(group, fatou)).toBe(110_000n);
    expect(await gained(group, moussa)).toBe(-10_300n);
    expect(await heldIn(group, "box")).toBe(300n);
    expect((await turnStates(group))[0]).toBe("paid");
    expect(await breaches()).toEqual([]);
  });

  it("late after having taken: the fine is 1 000", async () => {
    const group = await runningGroup(db, { closesAfterDays: "0" });
    const fatou = person(group, "Fatou");
    await runTurn(group, 1);
    await runTurn(group, 2, [fatou]);
    const fines = (await duesOf(group)).filter(({ kind }) => kind === "fine");
    expect(fines).toMatchObject([{ memberId: fatou.memberId, amount: 1_000n, state: "open" }]);
    expect(await proposedOf(group, 2)).toEqual([]);
  });
});
