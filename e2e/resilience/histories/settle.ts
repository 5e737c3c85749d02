import { postJson } from "@/e2e/support/getmipay-fixture";
import type { BookEntry } from "@/lib/sandbox/book";
import { CANCELLED_STEPS, findScenario, PLAIN_STEPS } from "@/lib/sandbox/scenarios";
import { findEntry } from "../crashes/oracle";
import { type Environment, walletIds } from "./environment";
import { type ExpectedOperations, readExpectedOperations } from "./expected-operations";
import { type ObservedOperation, readOperations } from "./observed-state";
import { readStatus } from "./reads";

/** Long enough for a busy machine. */
const SETTLE_WITHIN_MS = 60_000;
const OPEN_SHOWN = 5;

/**
 * Waits until every operation of the history is in an allowed state and every webhook is processed. What would never end
 * by itself is unblocked, as a provider's support would do. Returns what each operation must have become.
 */
export async function settleHistory(env: Environment): Promise<ExpectedOperations> {
  const expected = await readExpectedOperations(env);
  const unblocked = new Set<string>();
  let open: string[] = [];
  const isDone = async (): Promise<boolean> => {
    const ours = await readOperations(env.sql, walletIds(env));
    const operations = ours.filter(({ provider }) => provider !== null);
    const entryOf = (operation: ObservedOperation) => findEntry(env.deployment.sandbox.book, operation);
    const waiting = await countUnprocessedWebhooks(env, operations);
    await Promise.all(
      operations
        .filter(({ reference }) => !unblocked.has(reference))
        .map(async (operation) => {
          if (await unblock(env, expected, operation, entryOf(operation))) unblocked.add(operation.reference);
        }),
    );
    open = operations
      .filter((operation) => !isEnded(expected, operation, entryOf(operation)))
      .map(({ type, reference, state, reason }) => `${type} ${reference} in state ${state} (${reason})`);
    if (waiting > 0) open.push(`${waiting} webhooks that weren't processed`);
    return open.length === 0;
  };
  if (!(await env.deployment.settle(isDone, SETTLE_WITHIN_MS)))
    for (const each of open.slice(0, OPEN_SHOWN)) env.historyLog.violation(`never ended: ${each}`);
  return expected;
}

async function countUnprocessedWebhooks(
  { sql }: Environment,
  operations: readonly ObservedOperation[],
): Promise<bigint> {
  const references = operations.map(({ reference }) => reference);
  const [row] = await sql<{ count: bigint }[]>`select count(*) as count from webhook_events
    where state = 'received' and reference = any (${references})`;
  return row?.count ?? 0n;
}

function isEnded(
  { byReference }: ExpectedOperations,
  { reference, state, type }: ObservedOperation,
  entry: BookEntry | null,
): boolean {
  if (entry && !isFinished(entry)) return false;
  const expected = byReference.get(reference);
  // The oracle reports an operation that nobody requested.
  return expected ? expected.allowedStates.includes(state) : type === "deposit" || state !== "created";
}

/** True when the provider has taken all steps and all webhooks are delivered or dropped. */
function isFinished({ approval, scenario, stepsDone, webhooks }: BookEntry): boolean {
  const accepted = findScenario(scenario)?.steps ?? PLAIN_STEPS;
  const steps = { confirmed: accepted, cancelled: CANCELLED_STEPS, none: [] }[approval ?? "none"];
  return stepsDone >= steps.length && webhooks.every(({ delivered, dropped }) => delivered || dropped);
}

/** Does what is needed to end an operation; false if there was nothing to do. */
async function unblock(
  env: Environment,
  { byReference }: ExpectedOperations,
  operation: ObservedOperation,
  entry: BookEntry | null,
): Promise<boolean> {
  const { reference, state, type, attempt, provider } = operation;
  const expected = byReference.get(reference);
  // Refused at least once: from now on the sandbox accepts it.
  if (expected?.provider?.isStuck && attempt > 0 && (state === "created" || state === "unknown")) {
    const isPayout = provider === "paystack" && type === "withdrawal";
    const theirs = isPayout ? `${reference.toLowerCase()}-payout` : reference;
    await postToSandbox(env, "/_scenario", { reference: theirs, scenario: null });
    return true;
  }
  if (entry?.webhooks.some(({ dropped, delivered }) => dropped && !delivered)) {
    await postToSandbox(env, `/_resend/${entry.reference}`, {});
    return true;
  }
  // Paystack sends no webhook for a declined charge: a status request finds out.
  const isDeclined = type === "deposit" && provider === "paystack" && entry?.state === "failed";
  if (!isDeclined || state !== "pending" || !expected) return false;
  await readStatus(env, expected.who, reference);
  return true;
}

/** Has the sandbox send again webhooks that were processed long ago, chosen by their position: nothing may change. */
export async function resendWebhooks(env: Environment, positions: readonly number[]): Promise<void> {
  const operations = await readOperations(env.sql, walletIds(env));
  const entries = operations
    .flatMap((operation) => findEntry(env.deployment.sandbox.book, operation) ?? [])
    .filter(({ webhooks }) => webhooks.length > 0);
  const chosen = positions.flatMap((position) => entries[position % Math.max(1, entries.length)] ?? []);
  await Promise.all(chosen.map(({ reference }) => postToSandbox(env, `/_resend/${reference}`, {})));
}

/** Sends a control request to the sandbox. */
async function postToSandbox(env: Environment, path: string, body: object): Promise<void> {
  const { status } = await postJson(env.deployment.sandbox.url + path, body);
  if (status !== 200) env.historyLog.violation(`the sandbox refused ${path}`);
}
