import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import { refusalOf } from "@/e2e/support/refusal";
import {
  advance,
  at,
  createMember,
  duesOf,
  groupOfThree,
  pay,
  timeOf,
  trioOf,
  typedTontine,
} from "@/e2e/support/tontines";
import { createTontine } from "../groups/create-tontine";
import { getPayment } from "../views/get-payment";
import { extendDue } from "./extend-due";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();
const pin = TEST_PIN;

describe("a contribution that its debtor puts off by the rules", () => {
  it("is late only after the days that they give, once a cycle, and not after its time", async () => {
    const group = await groupOfThree(db, { extensionDays: "2" });
    const [one, two, other] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    for (const each of [one, two]) await pay(group, each, 1);
    const due = (await duesOf(group)).find(({ memberId }) => memberId === other.memberId);
    const input = { code: group.code, dueId: due?.id ?? "", pin };
    const now = at(other.context, timeOf(group, 1, -1));
    expect((await getPayment(now, group.code)).extension).toEqual({
      dueId: due?.id,
      until: timeOf(group, 1, 2),
    });
    expect(await refusalOf(extendDue(at(one.context, timeOf(group, 1, -1)), input))).toMatchObject({
      code: "not_found",
    });
    expect(await refusalOf(extendDue(at(other.context, timeOf(group, 1, 0.1)), input))).toMatchObject({
      code: "tontine_not_now",
    });
    for (let times = 0; times < 2; times += 1) await extendDue(now, input);
    await advance(group, timeOf(group, 1, 1.9));
    expect((await duesOf(group)).filter(({ kind }) => kind === "fine")).toEqual([]);
    await advance(group, timeOf(group, 1, 2.1));
    const own = (await duesOf(group)).filter(({ memberId }) => memberId === other.memberId);
    expect(own.map(({ kind, state }) => [kind, state])).toEqual([
      ["contribution", "late"],
      ["fine", "open"],
    ]);
    const second = owner`update tontine_dues set postponed_to = due_at + interval '1 day' where id = ${due?.id ?? "0"}`;
    await expect(second).rejects.toThrow("the members decide");
  });

  it("isn't where the rules give none, and they give no more than a pot waits", async () => {
    const group = await groupOfThree(db);
    const [one] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    const [due] = await duesOf(group);
    const input = { code: group.code, dueId: due?.id ?? "", pin };
    const now = at(one.context, timeOf(group, 1, -1));
    expect(await refusalOf(extendDue(now, input))).toMatchObject({ code: "tontine_not_now" });
    expect((await getPayment(now, group.code)).extension).toBeNull();
    const founder = await createMember(db, "Awa", 0n);
    const long = createTontine(founder.context, typedTontine({ closesAfterDays: "2", extensionDays: "3" }));
    expect(await refusalOf(long)).toMatchObject({
      details: { issues: [{ field: "extensionDays", reason: "number_out_of_range" }] },
    });
  });
});
