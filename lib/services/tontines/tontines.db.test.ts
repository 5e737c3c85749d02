import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, fundWallet, TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  codeOf,
  createMember,
  duesOf,
  francsOf,
  heldIn,
  memberIdOf,
  type Person,
  pay,
  potOf,
  proposedOf,
  readTontine,
  runningGroup,
  runTurn,
  signAll,
  system,
  type TestGroup,
  timeOf,
  turnStates,
  typedTontine,
} from "@/e2e/support/tontines";
import { codesOf, countFulfilled } from "@/e2e/support/vaults";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { getOperation } from "../operations/get-operation";
import { advanceTontine, advanceTontines } from "./advance-tontine";
import { acceptHandover, applyHandover, offerHandover } from "./changes/hand-over";
import { leaveTontine } from "./changes/leave-tontine";
import { addMember } from "./groups/add-member";
import { createTontine } from "./groups/create-tontine";
import { invite } from "./groups/invite";
import { joinTontine } from "./groups/join-tontine";
import { setOrder } from "./groups/set-order";
import { signRules } from "./groups/sign-rules";
import { endMandate, giveMandate } from "./mandates/give-mandate";
import { runStandingContributions } from "./mandates/run-standing-contributions";
import { payDues } from "./money/pay-dues";
import { payInAdvance } from "./money/pay-in-advance";
import { approvePayout } from "./payouts/approve-payout";
import { confirmReceipt } from "./payouts/confirm-receipt";
import { refusePayout } from "./payouts/refuse-payout";
import { startTontine } from "./turns/start-tontine";
import { getBooklet } from "./views/get-booklet";
import { getTontine } from "./views/get-tontine";
import { getTurn } from "./views/get-turn";
import { listTontines } from "./views/list-tontines";
import { showInvitation } from "./views/show-invitation";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();
const AT_ONCE = 30;
const pin = TEST_PIN;

const three = (values: Parameters<typeof runningGroup>[1] = {}) => runningGroup(db, { count: 3, ...values });

function trio(group: TestGroup): [Person, Person, Person] {
  const [one, two, other] = group.people;
  if (!one || !two || !other) throw new Error("three people");
  return [one, two, other];
}

/** Three who have paid the first turn, whose pot waits for approval. */
async function proposed() {
  const group = await three();
  await advance(group, timeOf(group, 1, -2));
  for (const each of group.people) await pay(group, each, 1);
  const [payout] = await proposedOf(group, 1);
  if (!payout) throw new Error("a payout is proposed");
  return { group, payout, now: timeOf(group, 1) };
}

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
    await expect(showInvitation(guest.context, { invitation: code })).rejects.toMatchObject({
      code: "not_found",
    });
    const { token } = await invite(founder.context, { code });
    for (const invitation of [token, code, code.toLowerCase()]) {
      const shown = await showInvitation(guest.context, { invitation });
      expect(shown).toMatchObject({
        code,
        people: [{ name: "Awa T.", roles: ["chair"], hasSigned: false }],
        place: { turnNumber: 2, pays: money(30_000n, "XOF"), gets: money(30_000n, "XOF") },
      });
      expect(shown.rules.fr).toContain("10");
    }
    const anonymous = showInvitation(createContext(db), { invitation: token });
    await expect(anonymous).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is seen whole by its members, and not at all by strangers", async () => {
    const { group } = await proposed();
    const [one, two] = trio(group);
    const stranger = await createMember(db, "Eve", 0n);
    for (const verb of [getTontine, getBooklet, invite, endMandate]) {
      await expect(verb(stranger.context, { code: group.code })).rejects.toMatchObject({ code: "not_found" });
    }
    await expect(getTurn(stranger.context, { code: group.code, number: 1 })).rejects.toMatchObject({
      code: "not_found",
    });
    const seen = await getTontine(at(two.context, timeOf(group, 1)), { code: group.code });
    expect(seen).toMatchObject({
      state: "running",
      current: { paid: 3, awaited: 0, pot: money(30_000n, "XOF"), turn: { number: 1, state: "complete" } },
      myPaid: money(10_000n, "XOF"),
      proposals: [
        {
          receiver: one.name === "" ? "" : expect.stringContaining("T."),
          amount: money(30_000n, "XOF"),
          mayApprove: true,
        },
      ],
    });
    expect((await getTontine(one.context, { code: group.code })).proposals[0]?.mayApprove).toBe(false);
    expect((await getTurn(two.context, { code: group.code, number: 1 })).dues).toHaveLength(3);
    expect(await getBooklet(two.context, { code: group.code })).toMatchObject([
      { turnNumber: 1, state: "paid" },
    ]);
    expect(await listTontines(two.context)).toMatchObject([{ code: group.code, owes: money(0n, "XOF") }]);
    expect(await listTontines(stranger.context)).toEqual([]);
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
    const order = (await getTontine(chair.context, { code })).order.map(({ shareId }) => shareId.toString());
    await setOrder(chair.context, { code, shareIds: order.toReversed() });
    await expect(startTontine(chair.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    const { hash } = await readTontine(db, code);
    for (const { context } of users) await signRules(context, { code, hash, pin });
    await expect(startTontine(second.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    await startTontine(chair.context, { code, pin });
    const { turns } = await getTontine(chair.context, { code });
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
    const firstDay = (await getTontine(chair.context, { code })).turns[0]?.dueOn ?? "";
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
    const firstDay = (await getTontine(chair.context, { code })).turns[0]?.dueOn ?? "";
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
    const inviteToken = (await getTontine(chair.context, { code })).inviteToken ?? "";
    await joinTontine(newcomer.context, { invitation: inviteToken });
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
    const dues = (await getTontine(newcomer.context, { code })).myDues;
    expect(dues.map(({ kind, state }) => [kind, state])).toEqual([
      ["contribution", "late"],
      ["fine", "open"],
    ]);
    await expect(getTontine(officer.context, { code })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("thirty at once", () => {
  it("join the last share: one gets it", async () => {
    const founder = await createMember(db, "A", 0n);
    const { code } = await createTontine(founder.context, typedTontine({ shares: "2" }));
    const { token } = await invite(founder.context, { code });
    const guests = await Promise.all(Array.from({ length: AT_ONCE }, () => createMember(db, "B", 0n)));
    const results = await Promise.allSettled(
      guests.map(({ context }) => joinTontine(context, { invitation: token })),
    );
    expect([countFulfilled(results), codesOf(results)]).toEqual([1, ["tontine_full"]]);
  });

  it("pay one due by hand, each with a key of its own, and by standing contribution: it is paid once", async () => {
    const group = await three();
    const [one] = trio(group);
    await giveMandate(one.context, { code: group.code, ceiling: "10 000", endsOn: "2099-01-01", pin });
    await advance(group, timeOf(group, 1, -2));
    const now = timeOf(group, 1, -0.1);
    const before = await francsOf(group, one);
    const results = await Promise.allSettled([
      ...Array.from({ length: AT_ONCE }, () => pay(group, one, 1, { now })),
      ...Array.from({ length: 5 }, () => runStandingContributions(system(db, now), group.id)),
    ]);
    expect(before - (await francsOf(group, one))).toBe(10_000n);
    expect(await potOf(group, 1)).toBe(10_000n);
    expect(countFulfilled(results)).toBeLessThanOrEqual(6);
  });

  it("the same payment with one key is made once, and answers the same", async () => {
    const group = await three();
    const [one] = trio(group);
    await advance(group, timeOf(group, 1, -2));
    const [due] = await duesOf(group);
    const input = { code: group.code, dueIds: [due?.id ?? ""], pin, key: newKey() };
    const context = at(one.context, timeOf(group, 1, -1));
    const receipts = await Promise.all(Array.from({ length: AT_ONCE }, () => payDues(context, input)));
    expect(new Set(receipts.map(({ references }) => references.join())).size).toBe(1);
    expect(receipts.filter(({ replayed }) => !replayed)).toHaveLength(1);
    await expect(payDues(context, { ...input, amount: "5" })).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
    const [reference] = receipts[0]?.references ?? [];
    expect(await getOperation(one.context, reference ?? "")).toMatchObject({
      type: "tontine_contribution",
      amount: money(10_000n, "XOF"),
      direction: "out",
    });
  });

  it("approvals of two officers pay a payout once", async () => {
    const { group, payout, now } = await proposed();
    const [one, two, other] = trio(group);
    const input = { code: group.code, payoutId: payout.id, hash: payout.hash, pin };
    const before = await francsOf(group, one);
    const officers = Array.from({ length: AT_ONCE }, (_, index) => (index % 2 === 0 ? two : other));
    await Promise.all(officers.map(({ context }) => approvePayout(at(context, now), input)));
    expect((await francsOf(group, one)) - before).toBe(30_000n);
    expect(await potOf(group, 1)).toBe(0n);
    expect((await turnStates(group))[0]).toBe("paid");
  });

  it("leaving and starting: either all shares are held, or it doesn't start", async () => {
    const users = [
      await createMember(db, "A", 0n),
      await createMember(db, "B", 0n),
      await createMember(db, "C", 0n),
    ];
    const [chair, second] = users;
    if (!chair || !second) throw new Error("three people");
    const code = await codeOf(users);
    await signAll(db, code, users);
    await Promise.allSettled([
      startTontine(chair.context, { code, pin }),
      leaveTontine(second.context, { code, pin }),
      startTontine(chair.context, { code, pin }),
    ]);
    const [row] = await owner<{ state: string; left: number }[]>`
      select t.state, (select count(*)::int from tontine_members m where m.tontine_id = t.id and m.state = 'left') as left
      from tontines t where t.code = ${code}`;
    expect([
      ["running", 0],
      ["inviting", 1],
    ]).toContainEqual([row?.state, row?.left]);
  });
});

describe("a payout", () => {
  it("is never approved by its receiver, by a member without an office, or by a stranger", async () => {
    const { group, payout, now } = await proposed();
    const [one] = trio(group);
    const input = { code: group.code, payoutId: payout.id, hash: payout.hash, pin };
    await expect(approvePayout(at(one.context, now), input)).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    const stranger = await createMember(db, "Eve", 0n);
    await expect(approvePayout(at(stranger.context, now), input)).rejects.toMatchObject({
      code: "not_found",
    });
    const refused = owner`insert into tontine_approvals (payout_id, member_id, shown_hash)
      select id, member_id, shown_hash from tontine_payouts where id = ${payout.id}`;
    await expect(refused).rejects.toThrow("does not approve");
    await expect(
      owner`update tontine_payouts set state = 'posted', posted_at = now() where id = ${payout.id}`,
    ).rejects.toThrow("posted when it was approved");
  });

  it("whose amount changes voids the approvals that were given", async () => {
    const group = await three({ closesAfterDays: "0" });
    const [, two, other] = trio(group);
    await advance(group, timeOf(group, 1, -2));
    for (const each of [two, other]) await pay(group, each, 1);
    await advance(group, timeOf(group, 1, 0.1));
    const [short] = await proposedOf(group, 1);
    const now = timeOf(group, 1, 0.2);
    const input = { code: group.code, payoutId: short?.id ?? "", hash: short?.hash ?? "", pin };
    await approvePayout(at(two.context, now), input);
    await pay(group, trio(group)[0], 1, { now });
    await expect(approvePayout(at(other.context, now), input)).rejects.toMatchObject({
      code: "approval_stale",
    });
    expect(await proposedOf(group, 1)).toMatchObject([{ amount: "30000" }]);
    expect(await potOf(group, 1)).toBe(30_000n);
  });

  it("is refused with a reason that all see, and to a frozen wallet it is kept", async () => {
    const { group, payout, now } = await proposed();
    const [one, two] = trio(group);
    const input = { code: group.code, payoutId: payout.id, pin };
    await refusePayout(at(two.context, now), { ...input, reason: "Montant à vérifier" });
    expect((await getTurn(one.context, { code: group.code, number: 1 })).payouts).toMatchObject([
      { state: "refused", reason: "Montant à vérifier" },
    ]);
    const frozen = await proposed();
    const [receiver] = trio(frozen.group);
    await owner`update wallets set frozen_at = now() where id = ${receiver.walletId.toString()}`;
    await approveAll(frozen.group, 1, frozen.now);
    expect(await heldIn(frozen.group, `owed/${receiver.memberId}`)).toBe(30_000n);
    await owner`update wallets set frozen_at = null where id = ${receiver.walletId.toString()}`;
    await advance(frozen.group, frozen.now);
    expect(await heldIn(frozen.group, `owed/${receiver.memberId}`)).toBe(0n);
  });

  it("that officers leave unanswered is approved by the auditor after 72 hours, and by two thirds after seven days", async () => {
    const group = await runningGroup(db, { count: 5 });
    const [chair, member, other, officer] = group.people;
    if (!chair || !member || !other || !officer) throw new Error("five people");
    await owner`update tontine_members set roles = '{auditor}' where id = ${other.memberId.toString()}`;
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) await pay(group, each, 1, { now: timeOf(group, 1, -1) });
    await owner`update tontine_members set roles = '{}' where id = ${chair.memberId.toString()}`;
    const [payout] = await proposedOf(group, 1);
    const input = { code: group.code, payoutId: payout?.id ?? "", hash: payout?.hash ?? "", pin };
    const approve = (who: Person, days: number) =>
      approvePayout(at(who.context, timeOf(group, 1, days)), input);
    await expect(approve(other, 1.9)).rejects.toMatchObject({ code: "tontine_role_missing" });
    expect(await approve(other, 2.1)).toEqual({ isPaid: false });
    await expect(approve(member, 5.9)).rejects.toMatchObject({ code: "tontine_role_missing" });
    expect(await approve(member, 6.1)).toEqual({ isPaid: false });
    expect(await approve(officer, 6.2)).toEqual({ isPaid: true });
  });

  it("is confirmed by its receiver alone, which closes the turn", async () => {
    const { group, now } = await proposed();
    const [one, two] = trio(group);
    await approveAll(group, 1, now);
    const [turn] = (await getTontine(one.context, { code: group.code })).turns;
    const input = { code: group.code, turnId: String(turn?.id) };
    await expect(confirmReceipt(two.context, input)).rejects.toMatchObject({ code: "not_found" });
    await confirmReceipt(one.context, input);
    expect((await turnStates(group))[0]).toBe("closed");
  });
});

describe("a due", () => {
  it("is paid by anybody of the group, in advance, or in parts where the rules allow it", async () => {
    const group = await three();
    const [one, two] = trio(group);
    await payInAdvance(one.context, { code: group.code, amount: "25 000", pin, key: newKey() });
    await advance(group, timeOf(group, 1, -2));
    expect(await potOf(group, 1)).toBe(10_000n);
    expect(await heldIn(group, `advance/${one.memberId}`)).toBe(15_000n);
    const before = await francsOf(group, one);
    await pay(group, two, 1, { by: one });
    expect(before - (await francsOf(group, one))).toBe(10_000n);
    const inParts = pay(group, trio(group)[2], 1, { amount: "4 000" });
    await expect(inParts).rejects.toMatchObject({
      details: { issues: [{ field: "amount", reason: "not_in_parts" }] },
    });
    const lenient = await three({ partsAllowed: true });
    await advance(lenient, timeOf(lenient, 1, -2));
    const [first] = trio(lenient);
    await pay(lenient, first, 1, { amount: "4 000" });
    await pay(lenient, first, 1, { amount: "9 000" });
    expect(await heldIn(lenient, `advance/${first.memberId}`)).toBe(3_000n);
    expect((await duesOf(lenient)).find(({ memberId }) => memberId === first.memberId)?.state).toBe("paid");
  });

  it("stays as it was when the wallet is empty or frozen", async () => {
    const group = await three({ francs: 9_999n });
    const [one, two] = trio(group);
    await advance(group, timeOf(group, 1, -2));
    await expect(pay(group, one, 1)).rejects.toMatchObject({ code: "insufficient_funds" });
    await owner`update wallets set frozen_at = now() where id = ${two.walletId.toString()}`;
    await expect(pay(group, two, 1)).rejects.toMatchObject({ code: "wallet_frozen" });
    expect(await potOf(group, 1)).toBe(0n);
    expect((await duesOf(group)).every(({ state }) => state === "open")).toBe(true);
  });

  it("of somebody with a standing contribution is taken on the due day, when money comes, never after it ended", async () => {
    const group = await three({ francs: 0n });
    const [one, two] = trio(group);
    for (const { context } of [one, two]) {
      await giveMandate(context, { code: group.code, ceiling: "10 000", endsOn: "2099-01-01", pin });
    }
    await advance(group, timeOf(group, 1, -2));
    await fundWallet(db, two.walletId, money(10_000n, "XOF"));
    await endMandate(two.context, { code: group.code });
    await advance(group, timeOf(group, 1, -0.3));
    expect(await potOf(group, 1)).toBe(0n);
    await fundWallet(db, one.walletId, money(10_500n, "XOF"));
    await advance(group, timeOf(group, 1, -0.6));
    expect(await potOf(group, 1)).toBe(0n);
    await advanceTontines(system(db, timeOf(group, 1, -0.2)));
    expect(await potOf(group, 1)).toBe(10_000n);
    expect(await francsOf(group, two)).toBe(10_000n);
  });

  it("above the ceiling isn't taken, and three that failed in a row suspend the consent", async () => {
    const group = await runningGroup(db, { count: 5, francs: 50_000n });
    const saver = group.people[2];
    if (!saver) throw new Error("five people");
    await giveMandate(saver.context, { code: group.code, ceiling: "9 999", endsOn: "2099-01-01", pin });
    for (const turn of [1, 2, 3]) {
      await advance(group, timeOf(group, turn, -2));
      for (const each of group.people) if (each !== saver) await pay(group, each, turn);
      await advance(group, timeOf(group, turn, 4.5));
      await approveAll(group, turn, timeOf(group, turn, 4.6));
    }
    const [mandate] = await owner<{ state: string }[]>`
      select state from tontine_mandates where member_id = ${saver.memberId.toString()}`;
    expect(mandate?.state).toBe("suspended");
    expect(await francsOf(group, saver)).toBeGreaterThanOrEqual(50_000n);
  });
});

describe("what no verb does, the database refuses too", () => {
  it.each([
    [
      "a turn that skips its states",
      "update tontine_turns set state = 'paid' where id = $1",
      "does not lead to",
    ],
    [
      "a due of another amount",
      "update tontine_dues set amount_minor = 1 where turn_id = $1",
      "keeps what it was made with",
    ],
    ["a due that is removed", "delete from tontine_dues where turn_id = $1", "stays, under its id"],
    ["a rule that is rewritten", "update tontine_rules set text_fr = '' where $1 > 0", "append-only"],
    [
      "a share that takes in a called turn",
      "update tontine_turn_shares set turn_id = $1 where turn_id <> $1",
      "planned turn",
    ],
  ])("%s", async (_title, statement, refusal) => {
    const group = await three();
    await advance(group, timeOf(group, 1, -2));
    const [turn] = (await getTontine(trio(group)[0].context, { code: group.code })).turns;
    await expect(owner.unsafe(statement, [String(turn?.id)])).rejects.toThrow(refusal);
  });

  it("whoever isn't the system can't advance a group", async () => {
    const group = await three();
    const [one] = trio(group);
    await expect(advanceTontine(one.context, group.id)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await memberIdOf(db, group.code, one)).toBe(one.memberId);
  });
});
