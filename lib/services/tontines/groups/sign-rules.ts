import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { checkPin } from "../../identity/pin/check-pin";
import { type SignRules, signRulesSchema } from "../schema";
import {
  findOwnGroup,
  type Group,
  inOwnGroup,
  type LockedGroup,
  memberOf,
  recordEvents,
  requireRole,
  requireState,
} from "./group";
import {
  insertSignature,
  type MemberRow,
  selectHolders,
  selectMembers,
  updateMember,
  updateTontine,
} from "./store";
import { halvesTaken } from "./take-shares";

/**
 * Signs the rules as they were shown, with the PIN; an officer signs for a member without an account to whom the rules were read. Once all shares
 * are held and signed for, the group has agreed. Signing again changes nothing. Throws `not_found`, `approval_stale` when the rules have
 * changed, `tontine_not_now`, `tontine_role_missing`, and what `checkPin` throws.
 */
export async function signRules(context: Context, input: SignRules): Promise<void> {
  const { code, hash, memberId, pin } = signRulesSchema.parse(input);
  const own = await findOwnGroup(context, code);
  await checkPin(context, pin);
  await inOwnGroup(context, own, async (tx, group) => {
    const signer = signerOf(group, memberId);
    if (group.rules.hash.toString("hex") !== hash) throw new DomainError("approval_stale");
    if (signer.state !== "invited" && signer.state !== "signed") return;
    requireState(group, "draft", "inviting", "agreed");
    await insertSignature(tx, {
      rulesId: group.rules.id,
      memberId: signer.id,
      hash: group.rules.hash,
      signedByUserId: own.userId,
      signedAt: context.now,
    });
    if (signer.state === "invited") {
      await updateMember(tx, signer.id, { state: "signed" });
      await recordEvents(tx, context, group, [{ kind: "member.signed", memberId: signer.id }]);
    }
    await agreeWhenComplete(tx, group);
  });
}

function signerOf(group: LockedGroup, memberId: string): MemberRow {
  if (memberId === "" || group.member.id.toString() === memberId) return group.member;
  requireRole(group.member, "chair", "treasurer", "secretary");
  const member = memberOf(group, memberId);
  if (member.userId !== null) throw new DomainError("not_found");
  return member;
}

/** Moves a group that invites to agreed, once each share is held whole by members who signed. */
export async function agreeWhenComplete(tx: Transaction, { tontine, cycle }: Group): Promise<void> {
  if (tontine.state !== "inviting") return;
  const [holders, members] = [await selectHolders(tx, cycle.id), await selectMembers(tx, tontine.id)];
  const taken = halvesTaken(holders);
  const isFull = taken.size === cycle.shareCount && [...taken.values()].every((halves) => halves === 2);
  const isSigned = members.every(({ state }) => state !== "invited");
  if (isFull && isSigned) await updateTontine(tx, tontine.id, { state: "agreed" });
}
