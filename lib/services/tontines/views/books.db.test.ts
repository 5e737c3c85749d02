import { expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser } from "@/e2e/support/people";
import { advance, type Person, pay, proposedOf, runningGroup, timeOf } from "@/e2e/support/tontines";
import { getAudit } from "./get-audit";
import { getClosing } from "./get-closing";
import { getMeeting } from "./get-meeting";
import { getPayout } from "./get-payout";
import { getRules } from "./get-rules";
import { getTurn } from "./get-turn";
import { listCashbook } from "./list-cashbook";
import { listMembers } from "./list-members";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db } = await useDatabase({ alone: true });

it("tells who is late to the debtor and to officers only, and strangers nothing", async () => {
  const group = await runningGroup(db, { count: 4, closesAfterDays: "0" });
  const [fatou, awa, moussa, issa] = group.people as [Person, Person, Person, Person];
  const { code } = group;
  await advance(group, timeOf(group, 1, -2));
  for (const person of [fatou, moussa, issa]) await pay(group, person, 1);
  await advance(group, timeOf(group, 1, 0.1));
  const stateFor = async ({ context }: Person) => {
    const { dues } = await getTurn(context, { code, number: 1 });
    return dues.find(({ memberId, kind }) => memberId === awa.memberId.toString() && kind === "contribution")
      ?.state;
  };
  expect(await stateFor(awa)).toBe("late");
  expect(await stateFor(moussa)).toBe("late");
  const [proposed] = await proposedOf(group, 1);
  const payoutId = proposed?.id ?? "";
  expect(await getPayout(moussa.context, { code, payoutId })).toMatchObject({ mayApprove: true });
  expect(await getPayout(fatou.context, { code, payoutId })).toMatchObject({
    mayApprove: false,
    isReceiver: true,
  });
  expect(await getPayout(awa.context, { code, payoutId })).toMatchObject({ mayApprove: false });
  expect(await getAudit(awa.context, code)).toMatchObject({
    isClean: true,
    figures: {
      dues: 5,
      payments: 3,
      held: 30_000n,
      came: 30_000n,
      went: 0n,
      fines: 1,
      members: 4,
      signed: 4,
    },
    payouts: [{ turn: 1, state: "proposed", approvals: [] }],
    seal: { entryId: expect.any(BigInt) },
  });
  await expect(getMeeting(awa.context, code)).rejects.toMatchObject({ code: "tontine_role_missing" });
  expect((await getMeeting(moussa.context, code)).roll).toHaveLength(4);
  const { context } = await createUser(db);
  for (const read of [
    () => getTurn(context, { code, number: 1 }),
    () => getPayout(context, { code, payoutId }),
    () => getMeeting(context, code),
    () => getRules(context, code),
    () => getAudit(context, code),
    () => getClosing(context, code),
    () => listMembers(context, code),
    () => listCashbook(context, { code }),
  ]) {
    await expect(read()).rejects.toMatchObject({ code: "not_found" });
  }
});
