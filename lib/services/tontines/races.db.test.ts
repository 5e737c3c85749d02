import { describe, expect, it, vi } from "vitest";
import { databaseFault } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  approveAll,
  at,
  codeOf,
  createMember,
  duesOf,
  francsOf,
  groupOfThree,
  groupWithProposal,
  pay,
  potOf,
  proposedOf,
  runningGroup,
  signAll,
  system,
  timeOf,
  trioOf,
  turnStates,
  typedTontine,
} from "@/e2e/support/tontines";
import { codesOf, countFulfilled } from "@/e2e/support/vaults";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { getOperation } from "../operations/get-operation";
import { leaveTontine } from "./changes/leave-tontine";
import { acceptSwap, applySwap, offerSwap } from "./changes/swap-turns";
import { createTontine } from "./groups/create-tontine";
import { invite } from "./groups/invite";
import { joinTontine } from "./groups/join-tontine";
import { giveMandate } from "./mandates/give-mandate";
import { runStandingContributions } from "./mandates/run-standing-contributions";
import { payDues } from "./money/pay-dues";
import { approvePayout } from "./payouts/approve-payout";
import { startTontine } from "./turns/start-tontine";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();
const AT_ONCE = 30;
const pin = TEST_PIN;

/** The codes of refusals. On a busy machine some of thirty calls wait for the group's lock longer than they may. */
function refusalsOf(results: readonly PromiseSettledResult<unknown>[]): unknown[] {
  const isTooSlow = (result: PromiseSettledResult<unknown>) =>
    result.status === "rejected" && databaseFault(result.reason)?.code === "55P03";
  return codesOf(results.filter((result) => !isTooSlow(result)));
}

describe("thirty at once", () => {
  it("join the last share: one gets it", async () => {
    const founder = await createMember(db, "A", 0n);
    const { code } = await createTontine(founder.context, typedTontine({ shares: "2" }));
    const { token } = await invite(founder.context, { code });
    const guests = await Promise.all(Array.from({ length: AT_ONCE }, () => createMember(db, "B", 0n)));
    const results = await Promise.allSettled(
      guests.map(({ context }) => joinTontine(context, { invitation: token })),
    );
    expect([countFulfilled(results), refusalsOf(results)]).toEqual([1, ["tontine_full"]]);
  });

  it("pay one due by hand, each with a key of its own, and by standing contribution: it is paid once", async () => {
    const group = await groupOfThree(db);
    const [one] = trioOf(group);
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
    const group = await groupOfThree(db);
    const [one] = trioOf(group);
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
      tontine: { code: group.code, name: "Tontine des Sœurs", turnNumber: 1 },
    });
  });

  it("approvals of two officers pay a payout once", async () => {
    const { group, payout, now } = await groupWithProposal(db);
    const [one, two, other] = trioOf(group);
    const input = { code: group.code, payoutId: payout.id, hash: payout.hash, pin };
    const before = await francsOf(group, one);
    const officers = Array.from({ length: AT_ONCE }, (_, index) => (index % 2 === 0 ? two : other));
    await Promise.all(officers.map(({ context }) => approvePayout(at(context, now), input)));
    expect((await francsOf(group, one)) - before).toBe(30_000n);
    expect(await potOf(group, 1)).toBe(0n);
    expect((await turnStates(group))[0]).toBe("paid");
  });

  it("approvals of two officers while the amount changes: what is paid is what two were shown", async () => {
    const group = await groupOfThree(db, { closesAfterDays: "0", partsAllowed: "on" });
    const [one, two, other] = trioOf(group);
    await advance(group, timeOf(group, 1, -2));
    for (const each of [one, two]) await pay(group, each, 1);
    const now = timeOf(group, 1, 0.1);
    await advance(group, now);
    const [payout] = await proposedOf(group, 1);
    const input = { code: group.code, payoutId: payout?.id ?? "", hash: payout?.hash ?? "", pin };
    const results = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, index) => {
        if (index % 3 === 2) return pay(group, other, 1, { now, amount: "100" });
        return approvePayout(at((index % 3 === 0 ? two : other).context, now), input);
      }),
    );
    expect(refusalsOf(results).filter((code) => code !== "approval_stale")).toEqual([]);
    const approvals = await owner<{ amount: string; approvers: number }[]>`
      select p.amount_minor as amount, count(distinct a.member_id)::int as approvers from tontine_payouts p
      join tontine_approvals a on a.payout_id = p.id and a.shown_hash = p.shown_hash
      where p.tontine_id = ${group.id.toString()} and p.state = 'posted' and p.approved_payout_id is null group by p.id`;
    for (const each of approvals) expect(each.approvers).toBe(2);
    const [posted] = await owner<{ amount: string | null }[]>`
      select sum(amount_minor) as amount from tontine_payouts where tontine_id = ${group.id.toString()} and state = 'posted'`;
    expect(BigInt(posted?.amount ?? 0) + (await potOf(group, 1))).toBe(21_000n);
  });

  it("payouts of one turn to two halves, approved at once: each is paid once, and together they are the pot", async () => {
    const group = await runningGroup(db, { count: 5, sharesPerTurn: "2", contribution: "10 001" });
    const [one, two, third] = group.people;
    const officers = group.people.slice(-2);
    if (!one || !two || !third) throw new Error("five people");
    await advance(group, timeOf(group, 1, -2));
    for (const each of group.people) await pay(group, each, 1);
    const now = timeOf(group, 1);
    const payouts = await proposedOf(group, 1);
    const before = (await francsOf(group, one)) + (await francsOf(group, two));
    const results = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, index) => {
        const payout = payouts[index % 2];
        const input = { code: group.code, payoutId: payout?.id ?? "", hash: payout?.hash ?? "", pin };
        return approvePayout(at((officers[Math.floor(index / 2) % 2] ?? third).context, now), input);
      }),
    );
    expect(refusalsOf(results)).toEqual([]);
    await approveAll(group, 1, now);
    const after = (await francsOf(group, one)) + (await francsOf(group, two));
    expect([payouts.length, after - before, await potOf(group, 1)]).toEqual([2, 50_005n, 0n]);
  });

  it("a swap and the call and payout of one of its turns: whoever's turn it was when it was called is paid", async () => {
    const group = await runningGroup(db, { count: 5, francs: 100_000n });
    const [one, two] = group.people;
    const officers = group.people.slice(-2);
    const [countersigner, other] = officers;
    if (!one || !two || !countersigner || !other) throw new Error("five people");
    const { code } = group;
    const holders = await owner<{ id: string }[]>`
      select h.id from tontine_share_holders h join tontine_members m on m.id = h.member_id
      where m.id in (${one.memberId.toString()}, ${two.memberId.toString()}) order by m.id`;
    const [holderId, withHolderId] = holders.map(({ id }) => id);
    const now = timeOf(group, 1, -2);
    const offer = {
      code,
      holderId: holderId ?? "",
      withHolderId: withHolderId ?? "",
      consideration: "",
      pin,
    };
    const id = (await offerSwap(at(one.context, now), offer)).swapId.toString();
    await acceptSwap(at(two.context, now), { code, id, pin });
    await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, index) => {
        if (index % 2 === 0) return advance(group, now);
        return applySwap(at(countersigner.context, now), { code, id, pin });
      }),
    );
    for (const each of group.people) await pay(group, each, 1);
    const [swap] = await owner<{ state: string }[]>`select state from tontine_swaps where id = ${id}`;
    const receiver = swap?.state === "applied" ? two : one;
    const [payout] = await proposedOf(group, 1);
    const input = { code, payoutId: payout?.id ?? "", hash: payout?.hash ?? "", pin };
    const before = await francsOf(group, receiver);
    const results = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, index) => {
        if (index % 3 === 2) return applySwap(at(countersigner.context, now), { code, id, pin });
        return approvePayout(at((index % 3 === 0 ? countersigner : other).context, timeOf(group, 1)), input);
      }),
    );
    expect(refusalsOf(results).filter((each) => each !== "tontine_not_now")).toEqual([]);
    await approveAll(group, 1, timeOf(group, 1));
    expect((await francsOf(group, receiver)) - before).toBe(50_000n);
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
