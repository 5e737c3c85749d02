import { describe, expect, it } from "vitest";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { tellMonthEnds } from "./tell-month-end";

const { db, owner, appUrl } = await useDatabase();
configureVerbs(appUrl);

async function chooser(phone: string, chosenAt: string, isOn = true): Promise<TestUser> {
  const user = await createUser(db, { phone });
  await owner`
    insert into notice_choices (user_id, "group", channel, is_on, changed_at)
    values (${user.userId.toString()}, 'monthly_statements', 'email', ${isOn}, ${chosenAt}::timestamptz)`;
  return user;
}

const tell = (now: string) => tellMonthEnds({ ...createContext(db, { kind: "system" }), now: new Date(now) });

async function toldTo({ userId }: TestUser): Promise<unknown[]> {
  const rows = await owner<{ details: { month: string } }[]>`
    select details from notices where user_id = ${userId.toString()} and kind = 'monthly_statement' order by id`;
  return rows.map(({ details }) => details.month);
}

describe("the end of a month", () => {
  it("is told once, on the 1st in the person's own zone, to those who chose it", async () => {
    const [dakar, lagos] = [
      await chooser("+221771234567", "2027-01-10"),
      await chooser("+2348031234567", "2027-01-10"),
    ];
    const [nobody, off] = [await createUser(db), await chooser("+22670001122", "2027-01-10", false)];
    await tell("2027-01-31T22:59:00Z");
    expect([await toldTo(dakar), await toldTo(lagos)]).toEqual([[], []]);
    // Midnight in Lagos comes an hour earlier.
    await tell("2027-01-31T23:01:00Z");
    expect([await toldTo(dakar), await toldTo(lagos)]).toEqual([[], ["2027-01"]]);
    for (const now of ["2027-02-01T00:01:00Z", "2027-02-01T12:00:00Z", "2027-02-03T12:00:00Z"])
      await tell(now);
    expect([await toldTo(dakar), await toldTo(lagos)]).toEqual([["2027-01"], ["2027-01"]]);
    expect([await toldTo(nobody), await toldTo(off)]).toEqual([[], []]);
  });

  it("is told later after an outage, not days later, and not of a month before it was chosen", async () => {
    const [late, after] = [
      await chooser("+22670002233", "2027-03-10"),
      await chooser("+22670003344", "2027-04-02"),
    ];
    await tell("2027-04-03T09:00:00Z");
    expect([await toldTo(late), await toldTo(after)]).toEqual([["2027-03"], []]);
    await tell("2027-05-04T09:00:00Z");
    expect(await toldTo(late)).toEqual(["2027-03"]);
  });

  it("is the system's to tell", async () => {
    await expect(tellMonthEnds((await createUser(db)).context)).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});
