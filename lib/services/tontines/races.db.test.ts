import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  at,
  codeOf,
  createMember,
  duesOf,
  francsOf,
  groupOfThree,
  groupWithProposal,
  pay,
  potOf,
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
