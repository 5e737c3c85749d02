import { processWide } from "@/lib/process-wide";
import type { Context } from "../../context";
import type { Group } from "../groups/group";
import { auditGroup, type GroupAudit } from "./get-audit";
import { addressesOf } from "./group-accounts";

/** A group's page shows an audit that is at most so old, with its time. */
const AUDIT_MS = 10 * 60_000;
const GROUPS_MAX = 2_000;

const audits = () => processWide("tontine-audits", () => new Map<string, GroupAudit>());

/** The newest audit of a group that this process made in the last minutes, else one made now: some milliseconds of the database. */
export async function recentAudit(context: Pick<Context, "db" | "now">, group: Group): Promise<GroupAudit> {
  const { code } = group.tontine;
  const kept = audits().get(code);
  const age = kept ? context.now.getTime() - kept.at.getTime() : AUDIT_MS;
  if (kept && age >= 0 && age < AUDIT_MS) return kept;
  const audit = await auditGroup(context, group, await addressesOf(context.db, group));
  // A map keeps the order of insertion: the oldest one goes.
  const [oldest] = audits().keys();
  if (audits().size >= GROUPS_MAX && oldest !== undefined) audits().delete(oldest);
  audits().delete(code);
  audits().set(code, audit);
  return audit;
}
