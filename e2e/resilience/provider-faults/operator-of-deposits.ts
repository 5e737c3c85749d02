import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { strangersReference } from "./collections";
import type { DepositScript } from "./deposit-script";
import { endOf } from "./deposit-script";
import type { MoneyDatabase } from "./money-database";

const DECIDER = { operator: "proof", note: "seen in the provider's book" };

/**
 * Whoever runs the deployment works through the dead letters of a case: money in suspense goes to whom it is for, webhook events in review are
 * closed. Answers what is wrong afterwards: money left in suspense, letters that nobody can answer, a ledger that doesn't hold.
 */
export async function concludeDeposits(
  deployment: MoneyDatabase,
  played: readonly { script: DepositScript; reference: string }[],
  caseName: string,
): Promise<string[]> {
  const owners = new Map(
    played.flatMap(({ script, reference }) => [
      [reference, reference] as const,
      [strangersReference(script, caseName), reference] as const,
    ]),
  );
  const found: string[] = [];
  for (const { kind, id, reference } of await listDeadLetters(deployment.context())) {
    if (kind !== "suspense") continue;
    const owner = owners.get(reference ?? "");
    if (owner === undefined) found.push(`money in suspense names ${reference}, and nobody knows whose it is`);
    else await assignSuspense(deployment.context(), { ...DECIDER, entryId: BigInt(id), reference: owner });
  }
  for (const { kind, id } of await listDeadLetters(deployment.context())) {
    if (kind === "event") await closeWebhook(deployment.context(), { ...DECIDER, eventId: BigInt(id) });
  }
  // Where no sum in a currency of ours was told there is nothing to give to anybody: it stays in review.
  const reviews = played.filter(({ script }) => {
    const { states, suspense } = endOf(script);
    return states.includes("review") && suspense.length === 0;
  });
  const open = new Set(reviews.map(({ reference }) => reference));
  const left = (await listDeadLetters(deployment.context())).filter(({ kind, reference }) => {
    return owners.has(reference ?? "") && !(kind === "operation" && open.has(reference ?? ""));
  });
  found.push(
    ...left.map(({ kind, why }) => `an operator decided all, and a letter is left: ${kind}, ${why}`),
  );
  return [...found, ...(await deployment.audit()).map((line) => `after the operator's decisions: ${line}`)];
}
