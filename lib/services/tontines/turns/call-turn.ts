import type { Transaction } from "@/db/client";
import { addDays } from "@/lib/day-range";
import type { Context } from "../../context";
import { instantOf } from "../calendar";
import { type Group, inGroup, recordEvents } from "../groups/group";
import type { TontineState } from "../kinds";
import { payFromAdvances } from "../money/pay-from-advances";
import { isComplete, settleTurn } from "../payouts/settle-turn";
import { CALLED_BEFORE_DAYS, NOTICE_HOURS_MIN } from "../policy";
import { partOfHolder } from "./part-of-holder";
import { refundDues } from "./refund-dues";
import { shareOfTurn } from "./share-of-turn";
import { insertDues, type NewDue, selectTurns, selectTurnsOfShares, type TurnRow, updateTurn } from "./store";

const HOUR_MS = 60 * 60 * 1000;

/** A turn whose pot was paid out, or declared short: the next one may be called. */
const LETS_NEXT_BE_CALLED: readonly string[] = [
  "short",
  "approved",
  "part_paid",
  "paid",
  "confirmed",
  "closed",
  "cancelled",
  "deferred",
] satisfies TontineState<"turn">[];

/**
 * Calls the next turn of a running group some days before its due day, once the one before it was paid out or declared short: its dues
 * are made, and paid with what members paid in advance. Answers whether it called one. For the system.
 */
export async function callTurn(context: Context, tontineId: bigint): Promise<boolean> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state !== "running") return false;
    const turns = await selectTurns(tx, group.cycle.id);
    const next = turns.find(({ state }) => state === "planned");
    const before = turns.filter(({ dueAt }) => next !== undefined && dueAt < next.dueAt);
    if (!next) return false;
    for (const turn of before) if (!(await letsNextBeCalled(tx, turn))) return false;
    const { zone } = group.tontine;
    if (context.now < instantOf(addDays(next.dueOn, -CALLED_BEFORE_DAYS), "06:00", zone)) return false;
    await call(tx, context, group, next);
    return true;
  });
}

/** Of several receivers one may be paid and another one not: then it is waited for, unless the pot was declared short. */
async function letsNextBeCalled(tx: Transaction, { id, state }: TurnRow): Promise<boolean> {
  return LETS_NEXT_BE_CALLED.includes(state) && !(state === "approved" && (await isComplete(tx, id)));
}

async function call(tx: Transaction, context: Context, group: Group, turn: TurnRow): Promise<void> {
  await updateTurn(tx, turn.id, { state: "called", calledAt: context.now });
  const earliest = new Date(context.now.getTime() + NOTICE_HOURS_MIN * HOUR_MS);
  const dueAt = turn.dueAt > earliest ? turn.dueAt : earliest;
  const dues =
    turn.kind === "refund" ? await refundDues(tx, group, turn) : await rotationDues(tx, group, turn);
  const made = await insertDues(
    tx,
    dues
      .filter(({ amountMinor }) => amountMinor > 0n)
      .map((due) => ({ ...due, dueAt, createdAt: context.now })),
  );
  const memberOf = new Map(group.holders.map(({ id, memberId }) => [id, memberId]));
  await recordEvents(tx, context, group, [
    { kind: "turn.called", turnId: turn.id },
    ...made.map(({ id, holderId, amountMinor }) => ({
      kind: "due.called" as const,
      turnId: turn.id,
      dueId: id,
      memberId: memberOf.get(holderId) ?? 0n,
      amountMinor,
    })),
  ]);
  await payFromAdvances(tx, context, group, turn.id);
  await settleTurn(tx, context, group, { ...turn, state: "called" });
}

/** Their turn is one in which others pay them back. */
const GONE: readonly string[] = ["left", "excluded"];

/** Everybody who is still in pays the contribution, and what the rules ask for the fund. */
async function rotationDues(tx: Transaction, group: Group, turn: TurnRow): Promise<NewDue[]> {
  const { holders, members, cycle, parameters, tontine } = group;
  const turnOfShare = await selectTurnsOfShares(tx, cycle.id);
  const receivers = holders.filter(({ shareId }) => turnOfShare.get(shareId)?.id === turn.id);
  const ofShare = (amountMinor: bigint) =>
    shareOfTurn(amountMinor, cycle.sharesPerTurn, { receivers, holders });
  const asked = [
    ["contribution", cycle.contributionMinor],
    ["solidarity", BigInt(parameters.solidarityMinor)],
  ] as const;
  return holders
    .filter(({ memberId }) => !GONE.includes(members.get(memberId)?.state ?? ""))
    .flatMap((holder) =>
      asked.map(([kind, amountMinor]) => ({
        tontineId: tontine.id,
        turnId: turn.id,
        shareId: holder.shareId,
        holderId: holder.id,
        kind,
        amountMinor: partOfHolder(ofShare(amountMinor), holder, holders),
        dueAt: turn.dueAt,
      })),
    );
}
