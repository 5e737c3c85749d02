import { postJson } from "@/e2e/support/getmipay-fixture";
import type { BookEntry } from "@/lib/sandbox/book";
import { CANCELLED_STEPS, findScenario, PLAIN_STEPS } from "@/lib/sandbox/scenarios";
import { findEntry } from "../crashes/oracle";
import { type Environment, walletIds } from "./environment";
import { type ObservedOperation, readOperations } from "./observed-state";
import { statesAfter } from "./provider-scenarios";
import { readStatus } from "./reads";

/** Long enough for a busy machine. */
const SETTLE_WITHIN_MS = 60_000;
const OPEN_SHOWN = 5;

/** An operation at the sandbox, with its entry in the sandbox's book. */
interface AtProvider extends ObservedOperation {
  type: "deposit" | "withdrawal";
  entry: BookEntry | null;
}

/** The operations of the history at the sandbox. */
export async function readAtProvider({ sql, people, deployment }: Environment): Promise<AtProvider[]> {
  const operations = await readOperations(sql, walletIds({ people }));
  return operations.flatMap((operation) => {
    const { type, provider } = operation;
    if ((type !== "deposit" && type !== "withdrawal") || provider === "test") return [];
    return [{ ...operation, type, entry: findEntry(deployment.sandbox.book, operation) }];
  });
}

/**
 * Waits until every operation of the history is in a state that the provider's book allows and every webhook is processed.
 * What would never end by itself is unblocked, as a provider's support would do.
 */
export async function settleHistory(env: Environment): Promise<void> {
  const unblocked = new Set<string>();
  let open: string[] = [];
  const isDone = async (): Promise<boolean> => {
    const operations = await readAtProvider(env);
    const waiting = await countUnprocessedWebhooks(env, operations);
    for (const operation of operations) {
      if (unblocked.has(operation.reference)) continue;
      if (await unblock(env, operation)) unblocked.add(operation.reference);
    }
    open = operations
      .filter((operation) => !isEnded(operation))
      .map(({ type, reference, state, reason }) => `${type} ${reference} in state ${state} (${reason})`);
    if (waiting > 0) open.push(`${waiting} webhooks that weren't processed`);
    return open.length === 0;
  };
  if (!(await env.deployment.settle(isDone, SETTLE_WITHIN_MS)))
    for (const each of open.slice(0, OPEN_SHOWN)) env.historyLog.violation(`never ended: ${each}`);
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

function isEnded({ type, state, entry }: AtProvider): boolean {
  return (entry === null || isFinished(entry)) && statesAfter(type, entry).includes(state);
}

/** True when the provider has taken all steps and all webhooks are delivered or dropped. */
function isFinished({ approval, scenario, stepsDone, webhooks }: BookEntry): boolean {
  const accepted = findScenario(scenario)?.steps ?? PLAIN_STEPS;
  const steps = { confirmed: accepted, cancelled: CANCELLED_STEPS, none: [] }[approval ?? "none"];
  return stepsDone >= steps.length && webhooks.every(({ delivered, dropped }) => delivered || dropped);
}

/** Does what is needed to end an operation; false if there was nothing to do. */
async function unblock(env: Environment, operation: AtProvider): Promise<boolean> {
  const { reference, state, type, attempt, provider, entry, wallet } = operation;
  // Refused at least once: from now on the sandbox accepts it.
  if (
    type === "withdrawal" &&
    entry === null &&
    attempt > 0 &&
    (state === "created" || state === "unknown")
  ) {
    const theirs = provider === "paystack" ? `${reference.toLowerCase()}-payout` : reference;
    await postToSandbox(env, "/_scenario", { reference: theirs, scenario: null });
    return true;
  }
  if (entry?.webhooks.some(({ dropped, delivered }) => dropped && !delivered)) {
    await postToSandbox(env, `/_resend/${entry.reference}`, {});
    return true;
  }
  // Paystack sends no webhook for a declined charge: a status request finds out.
  const isDeclined = type === "deposit" && provider === "paystack" && entry?.state === "failed";
  if (!isDeclined || state !== "pending") return false;
  const who = env.people.all.findIndex(({ walletId }) => walletId === wallet);
  await readStatus(env, who, reference);
  return true;
}

/** Has the sandbox send again webhooks that were processed long ago, chosen by their position: nothing may change. */
export async function resendWebhooks(env: Environment, positions: readonly number[]): Promise<void> {
  const entries = (await readAtProvider(env)).flatMap(({ entry }) => entry ?? []);
  const sent = entries.filter(({ webhooks }) => webhooks.length > 0);
  const chosen = positions.flatMap((position) => sent[position % Math.max(1, sent.length)] ?? []);
  await Promise.all(chosen.map(({ reference }) => postToSandbox(env, `/_resend/${reference}`, {})));
}

/** Sends a control request to the sandbox. */
async function postToSandbox(env: Environment, path: string, body: object): Promise<void> {
  const { status } = await postJson(env.deployment.sandbox.url + path, body);
  if (status !== 200) env.historyLog.violation(`the sandbox refused ${path}`);
}
