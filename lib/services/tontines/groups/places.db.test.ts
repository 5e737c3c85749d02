import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  at,
  codeOf,
  createMember,
  duesOf,
  groupOfThree,
  memberIdOf,
  pay,
  potOf,
  timeOf,
  trioOf,
  typedTontine,
} from "@/e2e/support/tontines";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { leaveTontine } from "../changes/leave-tontine";
import { inviteTokenOf } from "../code";
import { payDues } from "../money/pay-dues";
import { getInvitation } from "../views/get-agreement";
import { getRules } from "../views/get-rules";
import { getSummary } from "../views/get-summary";
import { cancelTontine } from "./cancel-tontine";
import { createTontine } from "./create-tontine";
import { invite } from "./invite";
import { joinTontine } from "./join-tontine";
import { setRoles } from "./set-roles";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();
const pin = TEST_PIN;
const francs = (amount: bigint) => money(amount, "XOF");

describe("places of a group", () => {
  it("are fixed once it runs: who joins then has none, and may pay for others", async () => {
    const group = await groupOfThree(db);
    const [, two] = trioOf(group);
    const relative = await createMember(db, "Tante", 50_000n);
    await joinTontine(relative.context, { invitation: inviteTokenOf(group.id), shares: "2" });
    await advance(group, timeOf(group, 1, -2));
    expect(await duesOf(group)).toHaveLength(3);
    const due = (await duesOf(group)).find(({ memberId }) => memberId === two.memberId);
    const payment = { code: group.code, dueIds: [due?.id ?? ""], pin, key: newKey() };
    await payDues(at(relative.context, timeOf(group, 1, -1)), payment);
    expect(await potOf(group, 1)).toBe(10_000n);
  });

  it("are seen by nobody who has only the code of a group that runs", async () => {
    const group = await groupOfThree(db);
    const stranger = await createMember(db, "Inconnue", 0n);
    const joined = joinTontine(stranger.context, { invitation: group.code, shares: "0" });
    await expect(joined).rejects.toMatchObject({ code: "not_found" });
    await expect(getInvitation(stranger.context, group.code)).rejects.toMatchObject({ code: "not_found" });
    await expect(getSummary(stranger.context, group.code)).rejects.toMatchObject({ code: "not_found" });
  });

  it("are two a turn where twelve take on six dates", async () => {
    const [founder, other] = [await createMember(db, "Awa", 0n), await createMember(db, "Binta", 0n)];
    const input = typedTontine({ shares: "12", sharesPerTurn: "2", ownShares: "11" });
    const { code } = await createTontine(founder.context, input);
    const { token } = await invite(founder.context, { code });
    expect((await getInvitation(other.context, token)).offers[0]).toMatchObject({
      turns: [{ number: 6 }],
      perTurn: francs(10_000n),
      total: francs(60_000n),
      gets: francs(60_000n),
    });
    expect((await getSummary(founder.context, code)).turns).toHaveLength(6);
  });

  it("are shown to who is invited with what all their tontines ask in a month", async () => {
    const [founder, guest] = [await createMember(db, "Awa", 0n), await createMember(db, "Binta", 0n)];
    const codes: string[] = [];
    for (const values of [
      { contribution: "12 000", calendar: "weekly" },
      { contribution: "30 000", calendar: "monthly" },
      { contribution: "5 000", calendar: "monthly" },
    ] as const) {
      const { code } = await createTontine(founder.context, typedTontine({ shares: "4", ...values }));
      codes.push((await invite(founder.context, { code })).token);
    }
    const [weekly = "", monthly = "", last = ""] = codes;
    expect(await getInvitation(guest.context, weekly)).toMatchObject({ others: { count: 0 } });
    await joinTontine(guest.context, { invitation: weekly });
    await joinTontine(guest.context, { invitation: monthly, shares: "0,5" });
    const seen = await getInvitation(guest.context, last);
    // 12 000 a week are 52 143 in a month of a twelfth of a year; and half of 30 000.
    expect(seen.others).toEqual({ count: 2, amount: francs(67_143n) });
    expect(seen.offers[0]).toMatchObject({ halves: 2, monthly: francs(72_143n) });
  });
});

describe("offices", () => {
  it("of the chair move to somebody else before the founder leaves", async () => {
    const users = [await createMember(db, "A", 0n), await createMember(db, "B", 0n)];
    const [founder, second] = users;
    if (!founder || !second) throw new Error("two people");
    const code = await codeOf(users);
    await expect(leaveTontine(founder.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    const memberId = (await memberIdOf(db, code, second)).toString();
    await setRoles(founder.context, { code, memberId, roles: ["chair"] });
    expect(await leaveTontine(founder.context, { code, pin })).toEqual({ hasLeft: true });
    expect((await getSummary(second.context, code)).me.roles).toEqual(["chair"]);
  });

  it("are none beside the auditor's", async () => {
    const users = [await createMember(db, "A", 0n), await createMember(db, "B", 0n)];
    const [founder, second] = users;
    if (!founder || !second) throw new Error("two people");
    const code = await codeOf(users);
    const memberId = (await memberIdOf(db, code, second)).toString();
    const both = setRoles(founder.context, { code, memberId, roles: ["auditor", "treasurer"] });
    await expect(both).rejects.toMatchObject({ details: { issues: [{ reason: "roles_invalid" }] } });
    const forced = owner`update tontine_members set roles = '{auditor,treasurer}' where id = ${memberId}`;
    await expect(forced).rejects.toThrow("tontine_members_auditor");
  });
});

describe("what was agreed", () => {
  it("stays while a cycle runs, whoever writes; and no group is called off with money in it", async () => {
    const group = await groupOfThree(db);
    const [one] = trioOf(group);
    const id = group.id.toString();
    await owner`insert into tontine_rules (tontine_id, version, parameters, text_fr, text_en, hash)
      select tontine_id, 2, parameters, text_fr || '.', text_en, hash from tontine_rules where tontine_id = ${id}`;
    const changed = owner`update tontine_cycles c set rules_id = r.id from tontine_rules r
      where r.tontine_id = c.tontine_id and r.version = 2 and c.tontine_id = ${id}`;
    await expect(changed).rejects.toThrow("keeps its rules");
    await advance(group, timeOf(group, 1, -2));
    await pay(group, one, 1);
    await expect(cancelTontine(one.context, { code: group.code })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    const called = owner`update tontines set state = 'cancelled' where id = ${id}`;
    await expect(called).rejects.toThrow("its money was given back");
    await expect(owner`delete from tontine_dues where tontine_id = ${id}`).rejects.toThrow(
      "stays, under its id",
    );
  });

  it.each([
    ["Ọmọ́táyọ̀ & Ẹgbẹ́", "Ọmọ́táyọ̀"],
    ["جمعية الأخوات", "فاطمة"],
    ["የእህቶች ዕቁብ", "ሐና"],
    ["ߊ߬ߓߊ߫ ߕߐ߲", "ߊߥߊ"],
    ["=Tontine +1", "=Awa"],
  ])("is written with the name %s in its rules and pages", async (name, firstName) => {
    const founder = await createMember(db, firstName, 20_000n);
    const { code } = await createTontine(founder.context, typedTontine({ name, shares: "2" }));
    expect((await getRules(founder.context, code)).text.fr.join(" ")).toContain(name);
    const summary = await getSummary(founder.context, code);
    expect([summary.name, summary.me.name.startsWith(firstName)]).toEqual([name, true]);
  });
});
