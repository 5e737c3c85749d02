import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { fundWallet, TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  createMember,
  duesOf,
  francsOf,
  groupOfThree,
  groupWithProposal,
  heldIn,
  memberIdOf,
  type Person,
  pay,
  potOf,
  proposedOf,
  runningGroup,
  runTurn,
  system,
  timeOf,
  trioOf,
  turnStates,
} from "@/e2e/support/tontines";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { advanceTontine, advanceTontines } from "./advance-tontine";
import { endMandate, giveMandate } from "./mandates/give-mandate";
import { payInAdvance } from "./money/pay-in-advance";
import { approvePayout } from "./payouts/approve-payout";
import { confirmReceipt } from "./payouts/confirm-receipt";
import { refusePayout } from "./payouts/refuse-payout";
import { getTurn } from "./views/get-turn";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();
const pin = TEST_PIN;

describe("a payout", () => {
  it("is never approved by its receiver, by a member without an office, or by a stranger", async () => {
    const { group, payout, now } = await groupWithProposal(db);
    const [one] = trioOf(group);
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
    const group = await groupOfThree(db, { closesAfterDays: "0" });
    const [, two, other] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    for (const each of [two, other]) await pay(group, each, 1);
    await advance(group, timeOf(group, 1, 0.1));
    const [short] = await proposedOf(group, 1);
    const now = timeOf(group, 1, 0.2);
    const input = { code: group.code, payoutId: short?.id ?? "", hash: short?.hash ?? "", pin };
    await approvePayout(at(two.context, now), input);
    await pay(group, trioOf(group)[0], 1, { now });
    await expect(approvePayout(at(other.context, now), input)).rejects.toMatchObject({
      code: "approval_stale",
    });
    expect(await proposedOf(group, 1)).toMatchObject([{ amount: "30000" }]);
    expect(await potOf(group, 1)).toBe(30_000n);
  });

  it("is refused with a reason that all see, and to a frozen wallet it is kept", async () => {
    const { group, payout, now } = await groupWithProposal(db);
    const [one, two] = trioOf(group);
    const input = { code: group.code, payoutId: payout.id, pin };
    await refusePayout(at(two.context, now), { ...input, reason: "Montant à vérifier" });
    expect((await getTurn(one.context, { code: group.code, number: 1 })).payouts).toMatchObject([
      { state: "refused", reason: "Montant à vérifier" },
    ]);
    const frozen = await groupWithProposal(db);
    const [receiver] = trioOf(frozen.group);
    await owner`update wallets set frozen_at = now() where id = ${receiver.walletId.toString()}`;
    await approveAll(frozen.group, 1, frozen.now);
    expect(await heldIn(frozen.group, `owed/${receiver.memberId}`)).toBe(30_000n);
    await owner`update wallets set frozen_at = null where id = ${receiver.walletId.toString()}`;
    await advance(frozen.group, frozen.now);
    expect(await heldIn(frozen.group, `owed/${receiver.memberId}`)).toBe(0n);
  });

  it("that officers leave unanswered is approved by the auditor after 72 hours, and by two thirds after seven days", async () => {
    const group = await runningGroup(db, { count: 6, auditor: 2 });
    const [, , auditor, member, officer] = group.people;
    if (!auditor || !member || !officer) throw new Error("six people");
    await runTurn(group, 1);
    await advance(group, timeOf(group, 2, -2));
    for (const each of group.people) await pay(group, each, 2, { now: timeOf(group, 2, -1) });
    const [payout] = await proposedOf(group, 2);
    const input = { code: group.code, payoutId: payout?.id ?? "", hash: payout?.hash ?? "", pin };
    const approve = (who: Person, days: number) =>
      approvePayout(at(who.context, timeOf(group, 2, days)), input);
    await expect(approve(auditor, 1.9)).rejects.toMatchObject({ code: "tontine_role_missing" });
    expect(await approve(auditor, 2.1)).toEqual({ isPaid: false });
    await expect(approve(member, 5.9)).rejects.toMatchObject({ code: "tontine_role_missing" });
    expect(await approve(member, 6.1)).toEqual({ isPaid: false });
    expect(await approve(officer, 6.2)).toEqual({ isPaid: true });
  });

  it("is confirmed by its receiver alone, which closes the turn", async () => {
    const { group, now } = await groupWithProposal(db);
    const [one, two] = trioOf(group);
    await approveAll(group, 1, now);
    const turn = await getTurn(one.context, { code: group.code, number: 1 });
    const input = { code: group.code, turnId: turn.id };
    await expect(confirmReceipt(two.context, input)).rejects.toMatchObject({ code: "not_found" });
    await confirmReceipt(one.context, input);
    expect((await turnStates(group))[0]).toBe("closed");
  });
});

describe("a due", () => {
  it("is paid by anybody of the group, in advance, or in parts where the rules allow it", async () => {
    const group = await groupOfThree(db);
    const [one, two] = trioOf(group);
    await payInAdvance(one.context, { code: group.code, amount: "25 000", pin, key: newKey() });
    await advance(group, timeOf(group, 1, -2));
    expect(await potOf(group, 1)).toBe(10_000n);
    expect(await heldIn(group, `advance/${one.memberId}`)).toBe(15_000n);
    const before = await francsOf(group, one);
    await pay(group, two, 1, { by: one });
    expect(before - (await francsOf(group, one))).toBe(10_000n);
    const inParts = pay(group, trioOf(group)[2], 1, { amount: "4 000" });
    await expect(inParts).rejects.toMatchObject({
      details: { issues: [{ field: "amount", reason: "not_in_parts" }] },
    });
    const lenient = await groupOfThree(db, { partsAllowed: "on" });
    await advance(lenient, timeOf(lenient, 1, -2));
    const [first] = trioOf(lenient);
    await pay(lenient, first, 1, { amount: "4 000" });
    await pay(lenient, first, 1, { amount: "9 000" });
    expect(await heldIn(lenient, `advance/${first.memberId}`)).toBe(3_000n);
    expect((await duesOf(lenient)).find(({ memberId }) => memberId === first.memberId)?.state).toBe("paid");
  });

  it("stays as it was when the wallet is empty or frozen", async () => {
    const group = await groupOfThree(db, { francs: 9_999n });
    const [one, two] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    await expect(pay(group, one, 1)).rejects.toMatchObject({ code: "insufficient_funds" });
    await owner`update wallets set frozen_at = now() where id = ${two.walletId.toString()}`;
    await expect(pay(group, two, 1)).rejects.toMatchObject({ code: "wallet_frozen" });
    expect(await potOf(group, 1)).toBe(0n);
    expect((await duesOf(group)).every(({ state }) => state === "open")).toBe(true);
  });

  it("of somebody with a standing contribution is taken on the due day, when money comes, never after it ended", async () => {
    const group = await groupOfThree(db, { francs: 0n });
    const [one, two] = trioOf(group);
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
    const group = await groupOfThree(db);
    await advance(group, timeOf(group, 1, -2));
    const { id } = await getTurn(trioOf(group)[0].context, { code: group.code, number: 1 });
    await expect(owner.unsafe(statement, [id])).rejects.toThrow(refusal);
  });

  it("whoever isn't the system can't advance a group", async () => {
    const group = await groupOfThree(db);
    const [one] = trioOf(group);
    await expect(advanceTontine(one.context, group.id)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await memberIdOf(db, group.code, one)).toBe(one.memberId);
  });
});
