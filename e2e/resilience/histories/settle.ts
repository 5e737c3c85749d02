import type { BookEntry } from "@/lib/sandbox/book";
import { CANCELLED_STEPS, findScenario, PLAIN_STEPS } from "@/lib/sandbox/scenarios";
import type { Environment } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import { type ObservedOperation, providerEntriesOf } from "./observed-state";
import { readDepositStatus } from "./read-operations";

/** Long enough for a busy machine. */
const SETTLE_WITHIN_MS = 60_000;
const JSON_TYPE = { "content-type": "application/json" };

/**
 * Waits until every operation of the history is in an allowed state and every webhook is processed. What would never end
 * by itself is unblocked, as a provider's support would do. Returns what didn't end.
 */
export async function settleHistory(env: Environment, expected: ExpectedOperations): Promise<string[]> {
  const unblocked = new Set<string>();
  let open: string[] = [];
  const isDone = async (): Promise<boolean> => {
    const operations = await readOperations(env);
    const entries = new Map(
      providerEntriesOf(env.deployment, operations).map((entry) => [ourReference(entry), entry]),
    );
    const unprocessed = await countUnprocessedEvents(env, operations);
    await Promise.all(
      operations.map((operation) =>
        unblock(env, expected, operation, entries.get(operation.reference), unblocked),
      ),
    );
    open = operations
      .filter((operation) => !isEnded(expected, operation, entries.get(operation.reference)))
      .map(describe);
    return open.length === 0 && unprocessed === 0;
  };
  const isSettled = await env.deployment.settle(isDone, SETTLE_WITHIN_MS);
  return isSettled ? [] : open.length > 0 ? open : ["a webhook that was never processed"];
}

type OpenOperation = Pick<
  ObservedOperation,
  "reference" | "type" | "provider" | "state" | "reason" | "attempt"
>;

async function readOperations({ deployment, people }: Environment): Promise<OpenOperation[]> {
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  return [
    ...(await deployment.owner<
      OpenOperation[]
    >`select reference, type, state, reason, provider, attempt from operations where wallet_id = any (${wallets}::bigint[]) and provider is not null`),
  ];
}

async function countUnprocessedEvents(
  { deployment }: Environment,
  operations: readonly OpenOperation[],
): Promise<number> {
  const references = operations.map(({ reference }) => reference);
  const [row] = await deployment.owner<{ count: number }[]>`select count(*)::int as count from webhook_events
    where state = 'received' and reference = any (${references})`;
  return row?.count ?? 0;
}

function ourReference({ kind, reference }: BookEntry): string {
  return kind === "payout" ? reference.replace(/-payout$/, "").toUpperCase() : reference;
}

function isEnded(
  expected: ExpectedOperations,
  { reference, state, type }: OpenOperation,
  entry: BookEntry | undefined,
): boolean {
  if (entry && !isFinished(entry)) return false;
  const allowedStates = expected.find(reference)?.allowedStates ?? null;
  // The oracle reports an operation that nobody requested.
  if (allowedStates === null) return type === "deposit" || state !== "created";
  return allowedStates.includes(state);
}

/** True when the provider has taken all steps and all webhooks are delivered or dropped. */
function isFinished(entry: BookEntry): boolean {
  const steps =
    entry.approval === null
      ? []
      : entry.approval === "cancelled"
        ? CANCELLED_STEPS
        : (findScenario(entry.scenario)?.steps ?? PLAIN_STEPS);
  if (entry.stepsDone < steps.length) return false;
  return entry.webhooks.every((webhook) => webhook.delivered || webhook.dropped);
}

async function unblock(
  env: Environment,
  expected: ExpectedOperations,
  operation: OpenOperation,
  entry: BookEntry | undefined,
  unblocked: Set<string>,
): Promise<void> {
  const { reference, state, type, attempt } = operation;
  const once = async (work: () => Promise<unknown>): Promise<void> => {
    if (unblocked.has(reference)) return;
    unblocked.add(reference);
    await work();
  };
  const scenario = expected.find(reference)?.scenario;
  // Refused at least once: from now on the sandbox accepts it.
  if (scenario?.isStuck && attempt > 0 && (state === "created" || state === "unknown"))
    await once(() =>
      postToSandbox(env, "/_scenario", { reference: providersReference(operation), scenario: null }),
    );
  const isDropped = entry?.webhooks.some((webhook) => webhook.dropped && !webhook.delivered) ?? false;
  if (entry && isDropped) await once(() => postToSandbox(env, `/_resend/${entry.reference}`, {}));
  // Paystack sends no webhook for a declined charge: a status request finds out.
  const who = expected.find(reference)?.who ?? null;
  if (
    type === "deposit" &&
    operation.provider === "paystack" &&
    state === "pending" &&
    entry?.state === "failed" &&
    who !== null
  )
    await once(() => readDepositStatus(env, who, reference));
}

function providersReference({ provider, type, reference }: OpenOperation): string {
  return provider === "paystack" && type === "withdrawal" ? `${reference.toLowerCase()}-payout` : reference;
}

/** Sends a control request to the sandbox. */
export async function postToSandbox(
  { sandbox, historyLog }: Environment,
  path: string,
  body: unknown,
): Promise<void> {
  const result = await sandbox.send({ method: "POST", path, headers: JSON_TYPE, body: JSON.stringify(body) });
  if (result.kind !== "response" || result.status !== 200)
    historyLog.violation(`the sandbox refused ${path.split("/")[1]}`);
}

function describe({ type, reference, state, reason }: OpenOperation): string {
  return `${type} ${reference} in state ${state}${reason === null ? "" : ` (${reason})`}`;
}
