import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { unknownReference } from "./collections-book";
import type { DepositScript } from "./deposit-script";
import { expectedEnd } from "./deposit-script";
import type { MoneyDatabase } from "./money-database";

const OPERATOR = { operator: "resilience", note: "seen in the provider's book" };

/**
 * Works through the dead letters of a case as an operator: assigns money in suspense to its owner and closes webhook
 * events. Returns the violations afterwards: money left in suspense, dead letters left, a broken ledger invariant.
 */
export async function resolveDeposits(
  database: MoneyDatabase,
  requested: readonly { script: DepositScript; reference: string }[],
  caseName: string,
): Promise<string[]> {
  const owners = new Map(
    requested.flatMap(({ script, reference }) => [
      [reference, reference] as const,
      [unknownReference(script, caseName), reference] as const,
    ]),
  );
  const violations: string[] = [];
  for (const { kind, id, reference } of await listDeadLetters(database.context())) {
    if (kind !== "suspense") continue;
    const owner = owners.get(reference ?? "");
    if (owner === undefined)
      violations.push(`money in suspense has the reference ${reference}, which has no owner`);
    else await assignSuspense(database.context(), { ...OPERATOR, entryId: BigInt(id), reference: owner });
  }
  for (const { kind, id } of await listDeadLetters(database.context())) {
    if (kind === "event") await closeWebhook(database.context(), { ...OPERATOR, eventId: BigInt(id) });
  }
  // Without a sum in a currency of ours there is nothing to assign: the deposit stays in review.
  const reviews = requested.filter(({ script }) => {
    const { states, suspense } = expectedEnd(script);
    return states.includes("review") && suspense.length === 0;
  });
  const open = new Set(reviews.map(({ reference }) => reference));
  const left = (await listDeadLetters(database.context())).filter(({ kind, reference }) => {
    return owners.has(reference ?? "") && !(kind === "operation" && open.has(reference ?? ""));
  });
  violations.push(
    ...left.map(({ kind, why }) => `a dead letter is left after the operator: ${kind}, ${why}`),
  );
  return [...violations, ...(await database.audit()).map((line) => `after the operator: ${line}`)];
}
