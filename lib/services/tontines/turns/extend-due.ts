import type { Reader } from "@/db/client";
import { addDays, dayOf } from "@/lib/day-range";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { instantOf } from "../calendar";
import { findOwnGroup, type Group, inOwnGroup, recordEvents, requireState } from "../groups/group";
import { readId } from "../read-id";
import { type ExtendDue, extendDueSchema } from "../schema";
import { lockDues, type OwedDue, putOffDue, selectDuesOfMember } from "./store";

/**
 * Puts off a contribution of one's own by as many days as the rules say, without a fine, once for a share in a cycle; before its time, with the
 * PIN. Again changes nothing. Throws `not_found`, `tontine_not_now`, and what `checkPin` throws.
 */
export async function extendDue(context: Context, input: ExtendDue): Promise<void> {
  const { code, dueId, pin } = extendDueSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    requireState(group, "running");
    const [due] = await lockDues(tx, group.tontine.id, [readId(dueId)]);
    if (due?.memberId !== group.member.id) throw new DomainError("not_found");
    if (due.extendedAt !== null) return;
    const until = await findExtension(tx, group, due, context.now);
    if (!until) throw new DomainError("tontine_not_now");
    await putOffDue(tx, due.id, { postponedTo: until, extendedAt: context.now });
    const about = { memberId: due.memberId, turnId: due.turnId, dueId: due.id };
    await recordEvents(tx, context, group, [{ kind: "due.postponed", ...about, details: { by: "rule" } }]);
  });
}

/** Until when a due may be put off by the rules; null when it may not be, or no more. */
export async function findExtension(
  reader: Reader,
  { calendar, parameters, tontine }: Group,
  due: OwedDue,
  now: Date,
): Promise<Date | null> {
  const isOpen = due.state === "open" || due.state === "part";
  if (parameters.extensionDays === 0 || due.kind !== "contribution" || !isOpen || due.dueAt <= now)
    return null;
  const all = await selectDuesOfMember(reader, due.memberId);
  if (all.some(({ holderId, extendedAt }) => holderId === due.holderId && extendedAt !== null)) return null;
  const day = addDays(dayOf(due.dueAt, tontine.zone), parameters.extensionDays);
  return instantOf(day, calendar.time, tontine.zone);
}
