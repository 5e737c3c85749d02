import type { Transaction } from "@/db/client";
import { databaseFault } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { TONTINE_ROLES } from "../kinds";
import { type SetRoles, setRolesSchema } from "../schema";
import {
  findOwnGroup,
  inOwnGroup,
  type LockedGroup,
  memberOf,
  recordEvents,
  requireRole,
  requireState,
} from "./group";
import { updateMember } from "./store";

const isRole = (text: string) => (TONTINE_ROLES as readonly string[]).includes(text);

/**
 * Gives a member offices, or none, before the start: each office has one holder, the auditor no other one, and the chair is never
 * empty: giving it to somebody leaves it to them. The chair only. Throws `not_found`, `tontine_role_missing`, `tontine_not_now`, `validation_failed` about `roles`.
 */
export async function setRoles(context: Context, input: SetRoles): Promise<void> {
  const { code, memberId, roles: typed } = setRolesSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const roles = [...new Set(typed)];
  try {
    await inOwnGroup(context, own, async (tx, group) => {
      requireRole(group.member, "chair");
      requireState(group, "draft", "inviting", "agreed");
      const member = memberOf(group, memberId);
      const isAlone = !roles.includes("auditor") || roles.length === 1;
      const keepsChair = member.id !== group.member.id || roles.includes("chair");
      if (!roles.every(isRole) || !isAlone || !keepsChair || (member.userId === null && roles.length > 0)) {
        throw refusal("roles_invalid");
      }
      const movesChair = member.id !== group.member.id && roles.includes("chair");
      if (movesChair) await leaveChair(tx, context, group);
      await updateMember(tx, member.id, { roles });
      await recordEvents(tx, context, group, [
        { kind: "member.roles", memberId: member.id, details: { roles: roles.join(" ") } },
      ]);
    });
  } catch (error) {
    if (databaseFault(error)?.code === "23505") throw refusal("role_taken");
    throw error;
  }
}

async function leaveChair(tx: Transaction, context: Context, group: LockedGroup): Promise<void> {
  const { id, roles } = group.member;
  const left = roles.filter((role) => role !== "chair");
  await updateMember(tx, id, { roles: left });
  await recordEvents(tx, context, group, [
    { kind: "member.roles", memberId: id, details: { roles: left.join(" ") } },
  ]);
}

const refusal = (reason: string) =>
  new DomainError("validation_failed", { issues: [{ field: "roles", reason }] });
