import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  codeOf,
  createMember,
  duesOf,
  francsOf,
  groupWithProposal,
  heldIn,
  memberIdOf,
  pay,
  readTontine,
  runningGroup,
  runTurn,
  signAll,
  timeOf,
  trioOf,
  typedTontine,
} from "@/e2e/support/tontines";
import { money } from "@/lib/money/money";
import { acceptHandover, applyHandover, offerHandover } from "./changes/hand-over";
import { inviteTokenOf } from "./code";
import { addMember } from "./groups/add-member";
import { createTontine } from "./groups/create-tontine";
import { invite } from "./groups/invite";
import { joinTontine } from "./groups/join-tontine";
import { setOrder } from "./groups/set-order";
import { signRules } from "./groups/sign-rules";
import { endMandate } from "./mandates/give-mandate";
import { startTontine } from "./turns/start-tontine";
import { getInvitation } from "./views/get-agreement";
import { getBooklet } from "./views/get-booklet";
import { getPayout } from "./views/get-payout";
import { getSummary } from "./views/get-summary";
import { getTurn } from "./views/get-turn";
import { listSummaries } from "./views/list-summaries";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();
const pin = TEST_PIN;

describe("a group", () => {
  it("is made once for a key; all that is wrong is said at once", async () => {
    const founder = await createMember(db, "Awa", 0n);
    const input = typedTontine();
    const made = await Promise.all(Array.from({ length: 10 }, () => createTontine(founder.context, input)));
    expect(new Set(made.map(({ code }) => code)).size).toBe(1);
    expect(made[0]?.code).toMatch(/^[2-9A-HJKMNP-Z]{6}$/);
    const other = createTontine(founder.context, { ...input, name: "Autre" });
    await expect(other).rejects.toMatchObject({ code: "idempotency_mismatch" });
    const wrong = {
      name: " ",
      contribution: "0",
      shares: "1",
      firstDay: "2020-01-01",
      zone: "Mars/Olympus",
      time: "26:00",
    };
    const refused = createTontine(founder.context, typedTontine({ ...wrong, ownShares: "x" }));
    await expect(refused).rejects.toMatchObject({
      details: {
        issues: ["name", "contribution", "shares", "ownShares", "zone"].map((field) =>
          expect.objectContaining({ field }),
        ),
      },
    });
  });

  it("shows an invitation to who has its token or code, and to nobody else", async () => {
    const [founder, guest] = [await createMember(db, "Awa", 0n), await createMember(db, "Binta", 0n)];
    const { code } = await createTontine(founder.context, typedTontine({ shares: "3" }));
    await expect(getInvitation(guest.context, code)).rejects.toMatchObject({ code: "not_found" });
    const { token } = await invite(founder.context, { code });
    for (const invitation of [token, code, code.toLowerCase()]) {
      const shown = await getInvitation(guest.context, invitation);
      expect(shown).toMatchObject({
        code,
        people: [{ name: "Awa T.", roles: ["chair"], hasSigned: false }],
      });
      expect(shown.offers[0]).toMatchObject({
        halves: 2,
        turns: [{ number: 2 }],
        total: money(30_000n, "XOF"),
        gets: money(30_000n, "XOF"),
      });
      expect(shown.rules.fr).toContain("10");
    }
    const anonymous = getInvitation(createContext(db), token);
    await expect(anonymous).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is seen whole by its members, and not at all by strangers", async () => {
    const { group, payout } = await groupWithProposal(db);
    const { code } = group;
    const [one, two] = trioOf(group);
    const stranger = await createMember(db, "Eve", 0n);
    for (const read of [getSummary, getBooklet]) {
      await expect(read(stranger.context, code)).rejects.toMatchObject({ code: "not_found" });
    }
    for (const verb of [invite, endMandate]) {
      await expect(verb(stranger.context, { code })).rejects.toMatchObject({ code: "not_found" });
    }
    const ofStranger = getTurn(stranger.context, { code, number: 1 });
    await expect(ofStranger).rejects.toMatchObject({ code: "not_found" });
    const context = at(two.context, timeOf(group, 1));
    const seen = await getSummary(context, code);
    expect(seen).toMatchObject({
      state: "running",
      current: { number: 1, state: "complete", paidCount: 3 },
      paid: money(10_000n, "XOF"),
    });
    expect(seen.current?.contributions.map(({ state }) => state)).toEqual(["paid", "paid", "paid"]);
    const turn = await getTurn(context, { code, number: 1 });
    expect(turn).toMatchObject({
      pot: money(30_000n, "XOF"),
      payouts: [{ id: payout.id, state: "proposed" }],
    });
    expect(turn.dues).toHaveLength(3);
    expect(await getPayout(context, { code, payoutId: payout.id })).toMatchObject({
      receiver: "Fatou T.",
      amount: money(30_000n, "XOF"),
      mayApprove: true,
    });
    expect(await getPayout(one.context, { code, payoutId: payout.id })).toMatchObject({ mayApprove: false });
    expect((await getBooklet(two.context, code)).lines).toMatchObject([{ turn: 1, state: "paid" }]);
    expect(await listSummaries(two.context)).toMatchObject([{ code, owes: null }]);
    expect(await listSummaries(stranger.context)).toEqual([]);
  });

  it("starts when all have signed the rules that were shown, and asks all again when the order changes", async () => {
    const users = [
      await createMember(db, "A", 0n),
      await createMember(db, "B", 0n),
      await createMember(db, "C", 0n),
    ];
    const [chair, second] = users;
    if (!chair || !second) throw new Error("three people");
    const code = await codeOf(users);
    await expect(startTontine(chair.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    const stale = signRules(second.context, { code, hash: "00", pin });
    await expect(stale).rejects.toMatchObject({ code: "approval_stale" });
    await signAll(db, code, users);
    const { id } = await readTontine(db, code);
    const order = await owner<{ id: string }[]>`
      select s.id from tontine_shares s join tontine_cycles c on c.id = s.cycle_id
      where c.tontine_id = ${id.toString()} order by s.position desc`;
    await setOrder(chair.context, { code, shareIds: order.map((share) => share.id) });
    await expect(startTontine(chair.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    const { hash } = await readTontine(db, code);
    for (const { context } of users) await signRules(context, { code, hash, pin });
    await expect(startTontine(second.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    await startTontine(chair.context, { code, pin });
    const { turns } = await getSummary(chair.context, code);
    expect(turns.map(({ receivers }) => receivers.map(({ isMe }) => isMe))).toEqual([
      [false],
      [false],
      [true],
    ]);
  });

  it("takes halves: two holders of a share pay and get half each, to the franc", async () => {
    const users = await Promise.all(["A", "B", "C", "D"].map((name) => createMember(db, name, 20_000n)));
    const [chair, ...others] = users;
    if (!chair) throw new Error("four people");
    const { code } = await createTontine(chair.context, typedTontine({ shares: "3", contribution: "5 001" }));
    const { token } = await invite(chair.context, { code });
    for (const [index, { context }] of others.entries()) {
      await joinTontine(context, { invitation: token, shares: index < 2 ? "0,5" : "1" });
    }
    await signAll(db, code, users);
    await startTontine(chair.context, { code, pin });
    const { id } = await readTontine(db, code);
    const people = await Promise.all(
      users.map(async (user, index) => ({
        ...user,
        name: String(index),
        memberId: await memberIdOf(db, code, user),
      })),
    );
    const firstDay = (await getSummary(chair.context, code)).turns[0]?.dueOn ?? "";
    const group = { db, id, code, people, firstDay };
    await runTurn(group, 1);
    expect((await duesOf(group)).map(({ amount }) => amount)).toEqual([5_001n, 2_501n, 2_500n, 5_001n]);
    await runTurn(group, 2);
    const gained = await Promise.all(people.map(async (each) => (await francsOf(group, each)) - 20_000n));
    expect(gained).toEqual([15_003n - 10_002n, 7_502n - 5_002n, 7_501n - 5_000n, -10_002n]);
  });

  it("keeps a place for a member without an account, whose dues others pay, until the number's owner joins", async () => {
    const users = await Promise.all(["A", "B", "C"].map((name) => createMember(db, name, 50_000n)));
    const [chair, payer] = users;
    if (!chair || !payer) throw new Error("three people");
    const { code } = await createTontine(chair.context, typedTontine({ shares: "4" }));
    const phone = `+2267${String(Date.now()).slice(-7)}`;
    const { memberId } = await addMember(chair.context, { code, name: "Mémé Aïssata", phone });
    const { token } = await invite(chair.context, { code });
    for (const { context } of users.slice(1)) await joinTontine(context, { invitation: token });
    await signAll(db, code, users);
    const { id, hash } = await readTontine(db, code);
    const forOther = { code, hash, memberId: memberId.toString(), pin };
    await signRules(chair.context, forOther);
    await startTontine(chair.context, { code, pin });
    const people = await Promise.all(
      users.map(async (user, index) => ({
        ...user,
        name: String(index),
        memberId: await memberIdOf(db, code, user),
      })),
    );
    const firstDay = (await getSummary(chair.context, code)).turns[0]?.dueOn ?? "";
    const group = { db, id, code, people, firstDay };
    const [first] = people;
    if (!first) throw new Error("three people");
    for (const turn of [1, 2]) {
      await advance(group, timeOf(group, turn, -2));
      for (const each of people) await pay(group, each, turn);
      await pay(group, { ...first, memberId }, turn, { by: first });
      await approveAll(group, turn, timeOf(group, turn));
      await advance(group, timeOf(group, turn, 4));
    }
    // Whoever has no wallet gets it later.
    expect(await heldIn(group, `owed/${memberId}`)).toBe(40_000n);
    const relative = await createMember(db, "Aïssata", 0n);
    await owner`update users set phone = ${phone}, phone_verified_at = now() where id = ${relative.userId.toString()}`;
    await joinTontine(relative.context, { invitation: token });
    await advance(group, timeOf(group, 2, 4));
    expect(await francsOf(group, relative)).toBe(40_000n);
  });

  it("hands a place over with its arrears, once newcomer and officer have signed", async () => {
    const group = await runningGroup(db, { count: 4 });
    const [chair, , leaving, officer] = group.people;
    if (!chair || !leaving || !officer) throw new Error("four people");
    const { code } = group;
    const newcomer = await createMember(db, "Newcomer", 60_000n);
    await joinTontine(newcomer.context, { invitation: inviteTokenOf(group.id) });
    await advance(group, timeOf(group, 1, -2));
    await advance(group, timeOf(group, 1, 0.1));
    const seat = await owner<
      { id: string }[]
    >`select id from tontine_share_holders where member_id = ${officer.memberId.toString()}`;
    const toMemberId = (await memberIdOf(db, code, newcomer)).toString();
    const offer = { code, holderId: seat[0]?.id ?? "", toMemberId, pin };
    const now = timeOf(group, 1, 0.2);
    const id = (await offerHandover(at(officer.context, now), offer)).handoverId.toString();
    const early = applyHandover(at(chair.context, now), { code, id, pin });
    await expect(early).rejects.toMatchObject({ code: "tontine_not_now" });
    await acceptHandover(at(newcomer.context, now), { code, id, pin });
    await expect(applyHandover(at(officer.context, now), { code, id, pin })).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    await applyHandover(at(chair.context, now), { code, id, pin });
    const dues = (await getSummary(newcomer.context, code)).myDues;
    expect(dues.map(({ kind, state }) => [kind, state])).toEqual([
      ["contribution", "late"],
      ["fine", "open"],
    ]);
    await expect(getSummary(officer.context, code)).rejects.toMatchObject({ code: "not_found" });
  });
});
