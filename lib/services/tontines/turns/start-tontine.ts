import type { Transaction } from "@/db/client";
import { addDays } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import { openAccounts } from "@/lib/ledger/accounts";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { dueDays, instantOf } from "../calendar";
import {
  findOwnGroup,
  type Group,
  inOwnGroup,
  OFFICERS,
  recordEvents,
  requireRole,
  requireState,
} from "../groups/group";
import { moveMembers, selectShares, startCycle, updateTontine } from "../groups/store";
import { findDraw } from "../order/store";
import { type Confirmed, confirmedSchema } from "../schema";
import { partOfHolder } from "./part-of-holder";
import { insertDues, insertTurnShares, insertTurns, type NewDue, type TurnRow } from "./store";

/**
 * Starts a group that has agreed: its turns and accounts are made, and what is due once at the beginning. The chair, with the PIN. Throws
 * `not_found`, `tontine_role_missing`, `tontine_not_now` (not agreed, not drawn, first day past, or a turn that two officers couldn't approve), and what
 * `checkPin` throws.
 */
export async function startTontine(context: Context, input: Confirmed): Promise<void> {
  const { code, pin } = confirmedSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireRole(group.member, "chair");
    if (group.tontine.state === "running") return;
    requireState(group, "agreed");
    await requireDrawn(tx, group);
    const turns = await makeTurns(tx, context, group);
    await openGroupAccounts(tx, group, turns);
    await insertFirstDues(tx, group, turns[0]);
    await startCycle(tx, group.cycle.id, context.now);
    await moveMembers(tx, [...group.members.keys()], "signed", "active");
    await updateTontine(tx, group.tontine.id, { state: "running" });
    await recordEvents(tx, context, group, [{ kind: "group.started", memberId: group.member.id }]);
  });
}

/** An order that is drawn is known before the turns are made. */
async function requireDrawn(tx: Transaction, { parameters, cycle }: Group): Promise<void> {
  if (parameters.order !== "draw") return;
  if ((await findDraw(tx, cycle.id))?.state !== "drawn") throw new DomainError("tontine_not_now");
}

async function makeTurns(tx: Transaction, context: Context, group: Group): Promise<TurnRow[]> {
  const { cycle, calendar, parameters, tontine } = group;
  const count = Math.ceil(cycle.shareCount / cycle.sharesPerTurn);
  const turns = dueDays(calendar, count).map((dueOn, index) => ({
    tontineId: tontine.id,
    cycleId: cycle.id,
    number: index + 1,
    dueOn,
    dueAt: instantOf(dueOn, calendar.time, tontine.zone),
    closesAt: instantOf(addDays(dueOn, parameters.closesAfterDays), calendar.time, tontine.zone),
  }));
  if ((turns[0]?.dueAt ?? context.now) <= context.now) throw new DomainError("tontine_not_now");
  const made = (await insertTurns(tx, turns)).sort((a, b) => a.number - b.number);
  const shares = await selectShares(tx, cycle.id);
  const placed = shares.flatMap(({ id }, index) => {
    const turn = made[Math.floor(index / cycle.sharesPerTurn)];
    return turn ? [{ cycleId: cycle.id, turnId: turn.id, shareId: id }] : [];
  });
  for (const { id } of made) {
    const shareIds = new Set(placed.filter(({ turnId }) => turnId === id).map(({ shareId }) => shareId));
    const receivers = group.holders
      .filter(({ shareId }) => shareIds.has(shareId))
      .map(({ memberId }) => memberId);
    if (countApprovers(group, new Set(receivers)) < 2) throw new DomainError("tontine_not_now");
  }
  await insertTurnShares(tx, placed);
  return made;
}

/** How many may approve a payout to these: officers who don't receive, and the auditor when one of them does. */
function countApprovers(group: Group, receivers: ReadonlySet<bigint>): number {
  const members = [...group.members.values()].filter(({ state }) => state === "signed");
  const officers = members.filter(({ roles }) =>
    roles.some((role) => (OFFICERS as readonly string[]).includes(role)),
  );
  const auditors = members.filter(({ id, roles }) => roles.includes("auditor") && !receivers.has(id));
  const free = officers.filter(({ id }) => !receivers.has(id)).length;
  return free === officers.length ? free : free + auditors.length;
}

async function openGroupAccounts(tx: Transaction, group: Group, turns: readonly TurnRow[]): Promise<void> {
  const { accounts, holders } = group;
  const members = [...new Set(holders.map(({ memberId }) => memberId))];
  await openAccounts(tx, [
    chart.tontineBox(accounts),
    chart.tontineSolidarity(accounts),
    ...turns.map(({ id }) => chart.tontinePot(accounts, id)),
    ...members.flatMap((id) => [
      chart.tontineAdvance(accounts, id),
      chart.tontineGuarantee(accounts, id),
      chart.tontineOwed(accounts, id),
    ]),
  ]);
}

/** Entry fees and guarantee deposits are due with the first turn. */
async function insertFirstDues(tx: Transaction, group: Group, turn: TurnRow | undefined): Promise<void> {
  if (!turn) return;
  const { parameters, holders, tontine } = group;
  const of = (kind: "entry" | "deposit", amountMinor: bigint): NewDue[] =>
    holders.map((holder) => ({
      tontineId: tontine.id,
      turnId: turn.id,
      shareId: holder.shareId,
      holderId: holder.id,
      kind,
      amountMinor: partOfHolder(amountMinor, holder, holders),
      dueAt: turn.dueAt,
    }));
  const dues = [
    ...of("entry", BigInt(parameters.entryMinor)),
    ...of("deposit", BigInt(parameters.depositMinor)),
  ];
  await insertDues(
    tx,
    dues.filter(({ amountMinor }) => amountMinor > 0n),
  );
}
