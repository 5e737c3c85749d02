import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "../../context";
import { consume } from "../../rate-limits/consume";
import { hashOfInviteToken, readTontineCode } from "../code";
import { findByInviteToken, findTontine, type TontineRow } from "./store";

/**
 * The group that an invitation opens: the token of a link, or its code. Codes are short, so how many one person may try is limited, and they stand
 * in the addresses of pages, so they open no group that runs.
 * Throws `unauthenticated`, `not_found` for what opens none or a group that takes nobody, `rate_limited`.
 */
export async function findInvitation(context: Context, invitation: string): Promise<TontineRow> {
  const userId = requirePerson(context);
  const tontine = await findInvited(context, userId, invitation.trim());
  if (!tontine || !["inviting", "agreed", "running"].includes(tontine.state))
    throw new DomainError("not_found");
  return tontine;
}

async function findInvited(context: Context, userId: bigint, invitation: string): Promise<TontineRow | null> {
  if (/^[\w-]{22}$/.test(invitation)) {
    return await findByInviteToken(context.db, hashOfInviteToken(invitation));
  }
  const code = readTontineCode(invitation);
  if (code === null) return null;
  await consume(context.db, "tontine_code", [userId.toString()]);
  const tontine = await findTontine(context.db, code);
  return tontine?.state === "running" ? null : tontine;
}
