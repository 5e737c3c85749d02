import type { Transaction } from "@/db/client";
import { addDays, dayOf } from "@/lib/day-range";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { lockFrozenWallets } from "../../wallets/require-not-frozen";
import { instantOf } from "../calendar";
import { selectDisputedDues } from "../disputes/store";
import { type Group, inGroup, recordEvents } from "../groups/group";
import { selectWallets } from "../groups/store";
import { leaveOutFines } from "../in-time/leave-out-fines";
import { postWithRest } from "../money/pay-dues";
import { dueFromWallet, type Step } from "../money/steps";
import { countParts } from "../money/store";
import { STANDING_DAYS, STANDING_FAILURES_MAX, STANDING_HOURS } from "../policy";
import { findTurn, lockDues, type OwedDue, openMinor, selectOpenDues } from "../turns/store";
import { type MandateRow, selectMandates, updateMandate } from "./store";

/**
 * Pays the dues of members with a standing contribution whose wallets hold enough, as one list, from 06 h of the due day in the group's zone to three
 * days after it: at the fixed hours, and as soon as money came in between. A due is taken once, in full, within the ceiling. One that
 * couldn't be taken in that time counts as failed; several in a row suspend the consent. For the system. Answers how many were paid.
 */
export async function runStandingContributions(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state !== "running") return 0;
    const mandates = (await selectMandates(tx, tontineId)).filter(({ state }) => state === "active");
    if (mandates.length === 0) return 0;
    const mandateOf = new Map(mandates.map((mandate) => [mandate.memberId, mandate]));
    const open = (await selectOpenDues(tx, tontineId)).filter((due) => mandateOf.has(due.memberId));
    const windows = await windowsOf(tx, group, open);
    const disputed = await selectDisputedDues(tx, tontineId);
    const today = dayOf(context.now, group.tontine.zone);
    const payable = open.filter((due) => {
      const window = windows.get(due.turnId);
      const mandate = mandateOf.get(due.memberId);
      return (
        window !== undefined &&
        mandate !== undefined &&
        due.kind !== "deposit" &&
        !disputed.has(due.id) &&
        due.kind !== "entry" &&
        window.from <= context.now &&
        context.now < window.until &&
        today <= mandate.endsOn &&
        openMinor(due) <= mandate.ceilingMinor
      );
    });
    const paid = await takeList(tx, context, group, payable, mandateOf);
    await countFailures(tx, context, group, open, { windows, mandateOf });
    return paid;
  });
}

interface Window {
  from: Date;
  until: Date;
}

/** When the dues of each turn are taken. */
async function windowsOf(
  tx: Transaction,
  group: Group,
  dues: readonly OwedDue[],
): Promise<Map<bigint, Window>> {
  const windows = new Map<bigint, Window>();
  for (const turnId of new Set(dues.map((due) => due.turnId))) {
    const { dueOn } = await findTurn(tx, turnId);
    const first = `${String(STANDING_HOURS[0]).padStart(2, "0")}:00`;
    windows.set(turnId, {
      from: instantOf(dueOn, first, group.tontine.zone),
      until: instantOf(addDays(dueOn, STANDING_DAYS + 1), "00:00", group.tontine.zone),
    });
  }
  return windows;
}

async function takeList(
  tx: Transaction,
  context: Context,
  group: Group,
  payable: readonly OwedDue[],
  mandateOf: ReadonlyMap<bigint, MandateRow>,
): Promise<number> {
  const locked = await lockDues(
    tx,
    group.tontine.id,
    payable.map(({ id }) => id),
  );
  const wallets = await selectWallets(tx, [...new Set(locked.map(({ memberId }) => memberId))]);
  const dues: OwedDue[] = [];
  for (const { memberId, walletId } of wallets.values()) {
    const own = locked.filter((due) => due.memberId === memberId);
    dues.push(...(await leaveOutFines(tx, group, { walletId, dues: own }, context.now)));
  }
  const walletIds = [...wallets.values()].map(({ walletId }) => walletId);
  const frozen = await lockFrozenWallets(tx, walletIds);
  const balances = await getBalances(
    tx,
    walletIds.map((id) => chart.available(id, group.tontine.currency)),
  );
  const left = new Map(walletIds.map((id, index) => [id, balances[index]?.amountMinor ?? 0n]));
  const parts = await countParts(
    tx,
    dues.map(({ id }) => id),
  );
  const steps: Step[] = [];
  // Contributions first, so that a fine never takes the money of one.
  for (const due of [...dues].sort((a, b) => Number(a.kind === "fine") - Number(b.kind === "fine"))) {
    const wallet = wallets.get(due.memberId);
    const mandate = mandateOf.get(due.memberId);
    const amountMinor = openMinor(due);
    if (!wallet || !mandate || wallet.isFrozen || frozen.has(wallet.walletId)) continue;
    const available = left.get(wallet.walletId) ?? 0n;
    if (amountMinor === 0n || available < amountMinor) continue;
    left.set(wallet.walletId, available - amountMinor);
    const payer = { walletId: wallet.walletId, payerMemberId: due.memberId, mandateId: mandate.id };
    const part = (parts.get(due.id) ?? 0) + 1;
    steps.push(dueFromWallet(group, { due, part, amountMinor, ...payer, occurredAt: context.now }));
  }
  if (steps.length === 0) return 0;
  const posted = await postWithRest(tx, context, group, steps, { mayFail: true });
  const paidMembers = new Set(posted.flatMap(({ due }) => (due?.mandateId ? [due.due.memberId] : [])));
  for (const memberId of paidMembers) {
    const mandate = mandateOf.get(memberId);
    if (mandate && mandate.failures > 0) await updateMandate(tx, mandate.id, { failures: 0 });
  }
  return posted.filter(({ due }) => due?.mandateId != null).length;
}

/** Contributions that stayed open when their time was over: each counts once, by its turn. */
async function countFailures(
  tx: Transaction,
  context: Context,
  group: Group,
  open: readonly OwedDue[],
  {
    windows,
    mandateOf,
  }: { windows: ReadonlyMap<bigint, Window>; mandateOf: ReadonlyMap<bigint, MandateRow> },
): Promise<void> {
  const missed = new Map<bigint, number>();
  for (const due of open) {
    const until = windows.get(due.turnId)?.until;
    const mandate = mandateOf.get(due.memberId);
    if (due.rescheduledBy !== null) continue;
    if (due.kind !== "contribution" || !until || !mandate || context.now < until || mandate.givenAt > until)
      continue;
    missed.set(mandate.memberId, (missed.get(mandate.memberId) ?? 0) + 1);
  }
  for (const [memberId, failures] of missed) {
    const mandate = mandateOf.get(memberId);
    if (!mandate || failures === mandate.failures) continue;
    const isSuspended = failures >= STANDING_FAILURES_MAX;
    await updateMandate(tx, mandate.id, {
      failures,
      ...(isSuspended ? { state: "suspended" as const } : {}),
    });
    await recordEvents(tx, context, group, [
      { kind: isSuspended ? "mandate.suspended" : "mandate.failed", memberId },
    ]);
  }
}
