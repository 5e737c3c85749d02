import type { Context } from "../../context";
import { readOwnGroup } from "../groups/group";
import { AUDITED, type AuditedPromise, countBreaches } from "./audit-store";

export interface AuditView {
  code: string;
  name: string;
  zone: string;
  at: Date;
  /** In the order of their numbers, with how often each is broken: zero when all is well. */
  checks: readonly { promise: AuditedPromise; breaches: number }[];
  isClean: boolean;
}

/** The promises of a tontine, checked just now for one group, for its members. Throws `unauthenticated`, `not_found`. */
export async function getAudit(context: Context, code: string): Promise<AuditView> {
  const { tontine } = await readOwnGroup(context, code);
  const breaches = await countBreaches(context.db, tontine.id);
  const checks = AUDITED.map((promise) => ({ promise, breaches: breaches.get(promise) ?? 0 }));
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    at: context.now,
    checks,
    isClean: checks.every((check) => check.breaches === 0),
  };
}
