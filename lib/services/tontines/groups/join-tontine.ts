import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "../../context";
import { shownName } from "../../identity/users/shown-name";
import { SHARES_MAX } from "../policy";
import { FieldReader } from "../read-fields";
import { type JoinTontine, joinTontineSchema } from "../schema";
import { findInvitation } from "./find-invitation";
import { readGroup, recordEvents, requireState } from "./group";
import { findPerson, insertMember, lockTontine, type MemberRow, updateMember } from "./store";
import { takeShares } from "./take-shares";

/**
 * Joins by an invitation, with so many shares (`1` when empty, `0.5` for a half, `0` for none). Who was added by their verified number takes that
 * place. Joining again changes nothing. Throws `not_found`, `tontine_full`, `validation_failed`, `rate_limited`.
 */
export async function joinTontine(context: Context, input: JoinTontine): Promise<{ code: string }> {
  const userId = requirePerson(context);
  const { invitation, shares } = joinTontineSchema.parse(input);
  const found = await findInvitation(context, invitation);
  const reader = new FieldReader(found.currency);
  const halves = reader.halves("shares", shares, 2, 0, SHARES_MAX * 2);
  reader.require();
  await inTransaction(context.db, async (tx) => {
    const group = await readGroup(tx, await lockTontine(tx, found.id));
    requireState(group, "inviting", "agreed", "running");
    const person = await findPerson(tx, userId);
    const members = [...group.members.values()];
    const own = members.find((member) => member.userId === userId);
    if (own && own.state !== "left") return;
    if (own) throw new DomainError("tontine_not_now");
    const name = shownName(person.firstName, person.lastName);
    const made = members.find((member) => isFor(member, person.verifiedPhone));
    if (made) {
      await updateMember(tx, made.id, { userId, name });
      await recordEvents(tx, context, group, [{ kind: "member.joined", memberId: made.id }]);
      return;
    }
    const member = await insertMember(tx, { tontineId: found.id, userId, name });
    // Into a running group only to take over somebody's place.
    if (group.tontine.state !== "running") await takeShares(tx, group.cycle.id, member.id, halves);
    await recordEvents(tx, context, group, [{ kind: "member.joined", memberId: member.id }]);
  });
  return { code: found.code };
}

const isFor = ({ userId, phone, state }: MemberRow, verifiedPhone: string | null): boolean =>
  userId === null &&
  phone !== null &&
  phone === verifiedPhone &&
  ["invited", "signed", "active", "late", "defaulted"].includes(state);
