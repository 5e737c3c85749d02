import type { BookEntry } from "@/lib/sandbox/book";
import { CANCELLED_STEPS, findScenario, PLAIN_STEPS } from "@/lib/sandbox/scenarios";
import type { Stage } from "./act";
import { askStatus } from "./act-reads";
import { bookOf, type OperationFact } from "./facts";
import type { Scenes } from "./scenes";

/** Generous: on a machine that others keep busy the queue is slow too. */
const SETTLE_WITHIN_MS = 60_000;
const JSON_TYPE = { "content-type": "application/json" };

/**
 * Waits until every operation of the history has come to an end that it may come to and every webhook was taken and
 * processed; what would never end is helped on as a provider's support would. Answers what didn't end.
 */
export async function settleHistory(stage: Stage, scenes: Scenes): Promise<string[]> {
  const helped = new Set<string>();
  let open: string[] = [];
  const isDone = async (): Promise<boolean> => {
    const operations = await readStanding(stage);
    const entries = new Map(
      bookOf(stage.deployment, operations).map((entry) => [ourReference(entry), entry]),
    );
    const unread = await countUnread(stage, operations);
    await Promise.all(
      operations.map((operation) => help(stage, scenes, operation, entries.get(operation.reference), helped)),
    );
    open = operations
      .filter((operation) => !isEnded(scenes, operation, entries.get(operation.reference)))
      .map(describe);
    return open.length === 0 && unread === 0;
  };
  const isSettled = await stage.deployment.settle(isDone, SETTLE_WITHIN_MS);
  return isSettled ? [] : open.length > 0 ? open : ["a webhook that was never processed"];
}

type Standing = Pick<OperationFact, "reference" | "type" | "provider" | "state" | "reason" | "attempt">;

async function readStanding({ deployment, people }: Stage): Promise<Standing[]> {
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  return [
    ...(await deployment.owner<
      Standing[]
    >`select reference, type, state, reason, provider, attempt from operations where wallet_id = any (${wallets}::bigint[]) and provider is not null`),
  ];
}

async function countUnread({ deployment }: Stage, operations: readonly Standing[]): Promise<number> {
  const references = operations.map(({ reference }) => reference);
  const [row] = await deployment.owner<{ count: number }[]>`select count(*)::int as count from webhook_events
    where state = 'received' and reference = any (${references})`;
  return row?.count ?? 0;
}

function ourReference({ kind, reference }: BookEntry): string {
  return kind === "payout" ? reference.replace(/-payout$/, "").toUpperCase() : reference;
}

function isEnded(
  scenes: Scenes,
  { reference, state, type }: Standing,
  entry: BookEntry | undefined,
): boolean {
  if (entry && !isTold(entry)) return false;
  const ends = scenes.find(reference)?.ends ?? null;
  // One that nobody was told of is looked at by the checks.
  if (ends === null) return type === "deposit" || state !== "created";
  return ends.includes(state);
}

/** Nothing more will happen to it, and everything that is ever told has been taken. */
function isTold(entry: BookEntry): boolean {
  const steps =
    entry.approval === null
      ? []
      : entry.approval === "cancelled"
        ? CANCELLED_STEPS
        : (findScenario(entry.scenario)?.steps ?? PLAIN_STEPS);
  if (entry.stepsDone < steps.length) return false;
  return entry.webhooks.every((webhook) => webhook.delivered || webhook.dropped);
}

async function help(
  stage: Stage,
  scenes: Scenes,
  operation: Standing,
  entry: BookEntry | undefined,
  helped: Set<string>,
): Promise<void> {
  const { reference, state, type, attempt } = operation;
  const once = async (work: () => Promise<unknown>): Promise<void> => {
    if (helped.has(reference)) return;
    helped.add(reference);
    await work();
  };
  const scenario = scenes.find(reference)?.scenario;
  // It was refused at least once: from now on it is taken.
  if (scenario?.isStuck && attempt > 0 && (state === "created" || state === "unknown"))
    await once(() =>
      tellSandbox(stage, "/_scenario", { reference: theirReference(operation), scenario: null }),
    );
  const isDropped = entry?.webhooks.some((webhook) => webhook.dropped && !webhook.delivered) ?? false;
  if (entry && isDropped) await once(() => tellSandbox(stage, `/_resend/${entry.reference}`, {}));
  // A charge that was declined is told by no webhook: somebody has to look.
  const who = scenes.find(reference)?.who ?? null;
  if (
    type === "deposit" &&
    operation.provider === "paystack" &&
    state === "pending" &&
    entry?.state === "failed" &&
    who !== null
  )
    await once(() => askStatus(stage, who, reference));
}

function theirReference({ provider, type, reference }: Standing): string {
  return provider === "paystack" && type === "withdrawal" ? `${reference.toLowerCase()}-payout` : reference;
}

/** A POST to the sandbox, behind the stage. */
export async function tellSandbox(
  { sandbox, historyLog }: Stage,
  path: string,
  body: unknown,
): Promise<void> {
  const heard = await sandbox.ask({ method: "POST", path, headers: JSON_TYPE, body: JSON.stringify(body) });
  if (heard.kind !== "answer" || heard.status !== 200)
    historyLog.violation(`the sandbox refused ${path.split("/")[1]}`);
}

function describe({ type, reference, state, reason }: Standing): string {
  return `${type} ${reference} in state ${state}${reason === null ? "" : ` (${reason})`}`;
}
