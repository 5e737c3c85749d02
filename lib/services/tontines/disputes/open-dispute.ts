import type { Reader } from "@/db/client";
import { databaseFault } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { cleanLine } from "@/lib/text";
import type { Context } from "../../context";
import { findOwnGroup, type Group, inOwnGroup, recordEvents, requireState } from "../groups/group";
import type { MemberRow } from "../groups/store";
import { findPayout } from "../payouts/store";
import { FINE_CONTESTED_DAYS } from "../policy";
import { readId } from "../read-id";
import { type OpenDispute, openDisputeSchema } from "../schema";
import { lockDues, selectTurns } from "../turns/store";
import { type DisputeRow, findDispute, insertDispute, updateDispute } from "./store";
import { tellOfDispute } from "./tell-dispute";

const TEXT_LENGTH_MAX = 280;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A member objects, with a reason that all members read: to a fine of theirs within seven days (paid or not), to a due, a payout by its id, or a turn
 * by its number. What is unpaid of a disputed turn is held. Throws `not_found`, `tontine_not_now` (too late, or disputed already),
 * `validation_failed` about `reason`.
 */
export async function openDispute(context: Context, input: OpenDispute): Promise<{ disputeId: bigint }> {
  const { code, about, id, reason: typed } = openDisputeSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const reason = readText("reason", typed);
  if (about === "") throw new DomainError("not_found");
  try {
    return await inOwnGroup(context, own, async (tx, group) => {
      requireState(group, "running", "paused", "closing");
      const object = await findObject(tx, context, group, { about, id: readId(id) });
      const dispute = await insertDispute(tx, {
        tontineId: group.tontine.id,
        about,
        ...object,
        openedByMemberId: group.member.id,
        reason,
        openedAt: context.now,
      });
      const details = { dispute: `${dispute.id}`, about };
      const event = { kind: "dispute.opened", memberId: group.member.id, turnId: object.turnId } as const;
      await recordEvents(tx, context, group, [{ ...event, details }]);
      await tellOfDispute(tx, group, dispute, "opened");
      return { disputeId: dispute.id };
    });
  } catch (error) {
    if (databaseFault(error)?.code === "23505") throw new DomainError("tontine_not_now");
    throw error;
  }
}

/** A text that all members read. Throws `validation_failed` about it. */
export function readText(field: string, typed: string): string {
  const text = cleanLine(typed);
  const reason = text === "" ? "required" : [...text].length > TEXT_LENGTH_MAX ? "too_long" : null;
  if (reason === null) return text;
  throw new DomainError("validation_failed", {
    issues: [{ field, reason, values: { max: TEXT_LENGTH_MAX } }],
  });
}

type Objected = Pick<DisputeRow, "turnId" | "dueId" | "payoutId">;

async function findObject(
  tx: Parameters<typeof lockDues>[0],
  context: Context,
  group: Group & { member: MemberRow },
  { about, id }: { about: DisputeRow["about"]; id: bigint },
): Promise<Objected> {
  if (about === "turn") return { turnId: await turnOf(tx, group, id), dueId: null, payoutId: null };
  if (about === "payout") {
    const payout = await findPayout(tx, group.tontine.id, id);
    if (!payout) throw new DomainError("not_found");
    return { turnId: payout.turnId, dueId: null, payoutId: payout.id };
  }
  const [due] = await lockDues(tx, group.tontine.id, [id]);
  if (!due || (due.kind === "fine") !== (about === "fine")) throw new DomainError("not_found");
  const isMine = due.memberId === group.member.id;
  if (!isMine && (about === "fine" || group.member.roles.length === 0)) throw new DomainError("not_found");
  const until = new Date(due.createdAt.getTime() + FINE_CONTESTED_DAYS * DAY_MS);
  if (about === "fine" && context.now >= until) throw new DomainError("tontine_not_now");
  return { turnId: due.turnId, dueId: due.id, payoutId: null };
}

async function turnOf(reader: Reader, { cycle }: Group, number: bigint): Promise<bigint> {
  const turn = (await selectTurns(reader, cycle.id)).find((each) => BigInt(each.number) === number);
  if (!turn) throw new DomainError("not_found");
  return turn.id;
}

/** Who opened a dispute takes it back. Again changes nothing. Throws `not_found`, `tontine_not_now` once it is settled. */
export async function withdrawDispute(
  context: Context,
  { code, disputeId }: { code: string; disputeId: string },
): Promise<void> {
  const own = await findOwnGroup(context, code);
  await inOwnGroup(context, own, async (tx, group) => {
    const dispute = await findDispute(tx, group.tontine.id, readId(disputeId));
    if (dispute?.openedByMemberId !== group.member.id) throw new DomainError("not_found");
    if (dispute.state === "withdrawn") return;
    if (dispute.state === "settled") throw new DomainError("tontine_not_now");
    await updateDispute(tx, dispute.id, { state: "withdrawn" });
    const details = { dispute: `${dispute.id}` };
    await recordEvents(tx, context, group, [
      { kind: "dispute.withdrawn", memberId: group.member.id, turnId: dispute.turnId, details },
    ]);
  });
}
