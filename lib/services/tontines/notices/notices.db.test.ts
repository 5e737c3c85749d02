import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import {
  advance,
  approveAll,
  type Person,
  pay,
  runningGroup,
  system,
  type TestGroup,
  timeOf,
} from "@/e2e/support/tontines";
import { remindDues } from "./remind-dues";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });

interface Told {
  kind: string;
  details: Record<string, string>;
}

async function toldTo({ userId }: Person, kind = "tontine%"): Promise<readonly Told[]> {
  return await owner<Told[]>`
    select kind, details from notices where user_id = ${userId.toString()} and kind like ${kind} order by id`;
}

const kindsTold = async (person: Person, kind?: string) =>
  (await toldTo(person, kind)).map((told) => told.kind);

async function remind(group: TestGroup, turn: number, days: number): Promise<number> {
  return await remindDues(system(group.db, timeOf(group, turn, days)));
}

describe("reminders of dues", () => {
  it("come three days and one day before, on the day and the day after, once each, to who hasn't paid", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [fatou, awa] = group.people as [Person, Person];
    await advance(group, timeOf(group, 1, -3));
    for (const person of group.people) if (person !== awa) await pay(group, person, 1);
    // The due hour is 18:00: ten hours before it is eight o'clock.
    for (const days of [-2.9, -2, -1.2, -0.9, -0.3, -0.2, 0.1, 0.4]) await remind(group, 1, days);
    await advance(group, timeOf(group, 1, 0.5));
    for (const days of [0.7, 0.8, 1, 2]) await remind(group, 1, days);
    expect(await kindsTold(awa, "tontine_due%")).toEqual([
      "tontine_due_called",
      "tontine_due_soon",
      "tontine_due_today",
      "tontine_due_late",
    ]);
    expect(await kindsTold(fatou, "tontine_due%")).toEqual([]);
    const [called, , , late] = await toldTo(awa, "tontine_due%");
    expect(called?.details).toMatchObject({
      code: group.code,
      group: "Tontine des Sœurs",
      amountMinor: "10000",
      zone: "Africa/Abidjan",
      dueAt: timeOf(group, 1).toISOString().replace(".000", ""),
    });
    // With the fine.
    expect(late?.details.amountMinor).toBe("10300");
  });

  it("that were missed are not made up for, but for the last", async () => {
    const group = await runningGroup(db, { count: 4 });
    await advance(group, timeOf(group, 1, -3));
    await remind(group, 1, -0.3);
    for (const person of group.people) {
      expect(await kindsTold(person, "tontine_due%")).toEqual(["tontine_due_today"]);
    }
  });

  it("are written by the system only", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [fatou] = group.people as [Person];
    await expect(remindDues(fatou.context)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

describe("what members are told", () => {
  it("is the start and each payout to all, and what needs approval to officers who don't receive", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [fatou, awa, moussa, issa] = group.people as [Person, Person, Person, Person];
    await advance(group, timeOf(group, 1, -2));
    for (const person of group.people) await pay(group, person, 1);
    await approveAll(group, 1, timeOf(group, 1));
    expect(await kindsTold(fatou)).toEqual(["tontine_started", "tontine_received"]);
    for (const officer of [moussa, issa]) {
      expect(await kindsTold(officer)).toEqual(["tontine_started", "tontine_approval", "tontine_payout"]);
    }
    expect(await toldTo(awa)).toMatchObject([
      { kind: "tontine_started" },
      { kind: "tontine_payout", details: { name: "Fatou T.", amountMinor: "40000", currency: "XOF" } },
    ]);
  });

  it("is a payment for somebody, to them alone", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [fatou, awa, , issa] = group.people as [Person, Person, Person, Person];
    await advance(group, timeOf(group, 1, -2));
    await pay(group, issa, 1, { by: awa });
    expect(await toldTo(issa, "tontine_paid%")).toMatchObject([
      { kind: "tontine_paid_for", details: { name: "Awa T.", amountMinor: "10000" } },
    ]);
    for (const other of [fatou, awa]) expect(await toldTo(other, "tontine_paid%")).toEqual([]);
  });

  it("names nobody who is late, but to the debtor", async () => {
    const group = await runningGroup(db, { count: 4, closesAfterDays: "0" });
    const [fatou, awa, moussa] = group.people as [Person, Person, Person];
    await advance(group, timeOf(group, 1, -2));
    for (const person of group.people) if (person !== moussa) await pay(group, person, 1);
    await advance(group, timeOf(group, 1, 0.1));
    await remind(group, 1, 1);
    for (const other of [fatou, awa]) {
      expect(JSON.stringify(await toldTo(other))).not.toContain("Moussa");
    }
    expect(await kindsTold(moussa, "tontine_due%")).toEqual(["tontine_due_late"]);
  });
});
