import { countTontineBreaches } from "@/lib/ledger/integrity/store";
import { TONTINE_PROMISES, type TontinePromise } from "@/lib/ledger/integrity/tontine-checks";
import type { Currency } from "@/lib/money/currency";
import type { Context } from "../../context";
import { type Group, readOwnGroup } from "../groups/group";
import { selectPayoutsOfGroup } from "../payouts/store";
import { selectTurns } from "../turns/store";
import { type AuditFigures, selectAuditFigures } from "./audit-store";
import { addressesOf, findGroupSeal, type GroupSeal } from "./group-accounts";
import { type PayoutView, toPayoutView } from "./payout-view";
import { selectNamedApprovals } from "./store";

export type { AuditFigures };

/** What the audit says of one group. */
export interface GroupAudit {
  /** When it was checked. */
  at: Date;
  /** In the order of their numbers, with how often each is broken: zero when all is well. */
  checks: readonly { promise: TontinePromise; breaches: bigint }[];
  isClean: boolean;
  seal: GroupSeal;
}

export interface AuditView extends GroupAudit {
  code: string;
  name: string;
  zone: string;
  currency: Currency;
  isClosed: boolean;
  /** The most that a whole share is fined in a cycle, in minor units. */
  fineCapMinor: bigint;
  rulesVersion: number;
  figures: AuditFigures;
  /** What was proposed to be paid out and who approved it, the newest first. */
  payouts: readonly (PayoutView & { turn: number })[];
}

/**
 * The promises of a tontine, checked just now for one group by the checks of `npm run audit`, for its members, with the group's own numbers.
 * Throws `unauthenticated`, `not_found`.
 */
export async function getAudit(context: Context, code: string): Promise<AuditView> {
  const { group, tontine } = await readOwnGroup(context, code);
  const { db } = context;
  const { cycle, rules, parameters } = group;
  const [turns, addresses] = await Promise.all([selectTurns(db, cycle.id), addressesOf(db, group)]);
  const audited = { tontineId: tontine.id, cycleId: cycle.id, rulesId: rules.id, addresses };
  const [audit, figures, payouts, approvals] = await Promise.all([
    auditGroup(context, group, addresses),
    selectAuditFigures(db, audited),
    selectPayoutsOfGroup(db, tontine.id),
    selectNamedApprovals(db, tontine.id),
  ]);
  const numbers = new Map(turns.map(({ id, number }) => [id, number]));
  return {
    ...audit,
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    currency: tontine.currency,
    isClosed: tontine.state === "closed",
    fineCapMinor: BigInt(parameters.fineCapMinor),
    rulesVersion: rules.version,
    figures,
    payouts: payouts
      .map((payout) => ({
        ...toPayoutView(group, payout, approvals),
        turn: numbers.get(payout.turnId) ?? 0,
      }))
      .reverse(),
  };
}

/** Checks one group, and finds its place in the sealed ledger. */
export async function auditGroup(
  { db, now }: Pick<Context, "db" | "now">,
  { tontine }: Pick<Group, "tontine">,
  addresses: readonly string[],
): Promise<GroupAudit> {
  const [breaches, seal] = await Promise.all([
    countTontineBreaches(db, tontine.id),
    findGroupSeal(db, addresses),
  ]);
  const checks = TONTINE_PROMISES.map((promise) => ({ promise, breaches: breaches.get(promise) ?? 0n }));
  return { at: now, checks, isClean: checks.every((check) => check.breaches === 0n), seal };
}
