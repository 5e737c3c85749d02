import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import type { DeadLetter, DeadLetterKind } from "@/lib/services/back-office/view";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { countOpenBreaks } from "@/lib/services/reconciliation/count-open-breaks";
import { retryWithdrawal } from "@/lib/services/withdrawals/retry-withdrawal";
import { type Deployment, decisionOf, RefusedError } from "./deployment";
import { counted, formatTable, plainMinute } from "./format";
import { reportReplay } from "./replay-webhook";

const ERROR_LENGTH_MAX = 80;

/** What waits for an operator, a line each. */
export async function reportDeadLetters({ context, print }: Deployment): Promise<number> {
  const deadLetters = await listDeadLetters(context);
  if (deadLetters.length === 0) {
    print("There are no dead letters.");
    return 0;
  }
  for (const line of formatTable(
    ["kind", "id", "reference", "since", "why", "owner"],
    deadLetters.map(rowOf),
  ))
    print(line);
  return 0;
}

/** Retries a dead letter that can be retried; the others need a decision. */
export async function reportRetry(
  deployment: Deployment,
  { kind, id }: { kind: DeadLetterKind; id: bigint },
): Promise<number> {
  switch (kind) {
    case "job":
      await retryJob(deployment.context, id);
      deployment.print(`The worker runs job ${id} again.`);
      return 0;
    case "event":
      return await reportReplay(deployment, { eventId: id });
    case "operation":
      if (!(await retryWithdrawal(deployment.context, id))) throw new RefusedError(NOT_RETRIABLE);
      deployment.print(`The worker asks about operation ${id} again.`);
      return 0;
    case "suspense":
      throw new RefusedError(
        "Money in suspense can't be retried: assign it to a deposit with suspense assign.",
      );
  }
}

const NOT_RETRIABLE = "This operation can't be tried again: resolve it with resolve or suspense assign.";

/** What waits for an operator, as sentences for the start page of the deployment; none when nothing does. */
export async function openMatters({ context }: Pick<Deployment, "context">): Promise<string[]> {
  const deadLetters = (await listDeadLetters(context)).length;
  const breaks = await countOpenBreaks(context);
  return [
    ...(deadLetters === 0
      ? []
      : [
          `${counted(deadLetters, "dead letter waits", "dead letters wait")} for an operator: npm run cauris -- dead-letters`,
        ]),
    ...(breaks === 0
      ? []
      : [`${counted(breaks, "break")} with a provider's book: npm run cauris -- reconcile`]),
  ];
}

/** Ends a webhook event in review that needs nothing more. */
export async function reportClosing(
  { context, print }: Deployment,
  { eventId, ...decision }: { eventId: bigint; note: string; by: string | null },
): Promise<number> {
  await closeWebhook(context, { eventId, ...decisionOf(decision) });
  print(`Closed: event ${eventId}.`);
  return 0;
}

function rowOf({ kind, id, reference, owner, since, why, error }: DeadLetter): string[] {
  const [line = ""] = (error ?? "").split("\n");
  const detail = line === "" ? "" : `: ${line.slice(0, ERROR_LENGTH_MAX)}`;
  return [kind, id, reference ?? "-", plainMinute(since), why.replaceAll("_", " ") + detail, owner ?? "-"];
}
