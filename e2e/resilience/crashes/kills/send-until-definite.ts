import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Random } from "@/e2e/resilience/random";
import type { ApiClient, Outcome } from "./api-client";
import { type Acknowledged, type ClientLog, newClientLog } from "./client-log";
import { type Intent, payerAction, postOf } from "./intent";

// A restart takes seconds; leaves time for a slow machine.
const GIVE_UP_AFTER_MS = 60_000;
const PAUSE_MS = 25;
// A restart takes a second; more frequent attempts would slow it down.
const REFUSED_PAUSE_MS = 120;
// After so many "in progress" or "unknown" responses the payment page is lost: the app died before it could respond.
const PAGE_TRIES = 4;
/** How many acknowledged requests are replayed. */
const REPLAYS = 10;

const made = z.object({ reference: z.string(), amount_minor: z.int(), fee_minor: z.int().default(0) });
const list = z.object({
  transfers: z.array(
    z.object({ reference: z.string().nullable(), code: z.string().nullable(), amount_minor: z.int() }),
  ),
});
const refusal = z.object({ code: z.string() });

/** The outcome of one attempt, by what follows from it. */
type Verdict =
  | { end: "made"; made: Acknowledged[]; isReplayed: boolean }
  /** An expected refusal. */
  | { end: "refused" }
  /** To be retried: it was carried out maybe, not at all, or an earlier attempt is still running. */
  | { end: "again"; after: "maybe" | "nothing" | "running" }
  | { end: "wrong"; what: string };

/** Sends an intent until its outcome is definite, and adds it to the log. True when an operation was acknowledged. */
export async function sendUntilDefinite(client: ApiClient, intent: Intent, log: ClientLog): Promise<boolean> {
  const startedAt = performance.now();
  let isUncertain = false;
  let withoutPage = 0;
  for (;;) {
    const outcome = await client.post(postOf(intent));
    const verdict = classify(intent, outcome);
    countOutcome(outcome, log);
    if (isCancelled(intent, outcome) && isUncertain) {
      log.unanswered.push(intent);
      return false;
    }
    if (verdict.end !== "again") return logVerdict(intent, verdict, isUncertain, log);
    if (verdict.after === "maybe") log.ambiguous += 1;
    isUncertain ||= verdict.after === "maybe";
    if (intent.kind === "deposit" && outcome.kind === "answered" && verdict.after !== "nothing") {
      withoutPage += 1;
      if (withoutPage >= PAGE_TRIES && isUncertain) {
        log.unanswered.push(intent);
        return false;
      }
    }
    if (performance.now() - startedAt > GIVE_UP_AFTER_MS) {
      const what = `a ${intent.kind} had no definite outcome within a minute; the last was ${shown(outcome)}`;
      log.violations.push(what);
      return false;
    }
    await wait(outcome.kind === "refused" ? REFUSED_PAUSE_MS : PAUSE_MS);
  }
}

function countOutcome(outcome: Outcome, log: ClientLog): void {
  if (outcome.kind === "refused") log.refused += 1;
  else if (outcome.kind === "answered") log.unavailable += outcome.status === 503 ? 1 : 0;
  else log.lost[outcome.hasResponseBegun ? "cut" : outcome.isReused ? "reused" : "fresh"] += 1;
}

/** True for a deposit that its payer cancelled before the client got the payment page. */
function isCancelled(intent: Intent, outcome: Outcome): intent is Extract<Intent, { kind: "deposit" }> {
  if (intent.kind !== "deposit" || payerAction(intent.amountMinor) !== "cancel") return false;
  return outcome.kind === "answered" && outcome.status === 422;
}

function logVerdict(
  intent: Intent,
  verdict: Exclude<Verdict, { end: "again" }>,
  isUncertain: boolean,
  log: ClientLog,
): boolean {
  if (verdict.end === "refused") log.refusals += 1;
  if (verdict.end === "wrong") log.violations.push(verdict.what);
  if (verdict.end !== "made") return false;
  log.acknowledged.push(...verdict.made);
  log.answered.push({ intent, references: verdict.made.map(({ reference }) => reference) });
  if (verdict.isReplayed && isUncertain) log.alreadyCommitted += 1;
  if (verdict.isReplayed && !isUncertain) {
    const what = `a ${intent.kind} was acknowledged as a replay, though every earlier response said that nothing was done`;
    log.violations.push(what);
  }
  return true;
}

function classify(intent: Intent, outcome: Outcome): Verdict {
  if (outcome.kind === "refused") return { end: "again", after: "nothing" };
  if (outcome.kind === "lost") return { end: "again", after: "maybe" };
  const { status, body, isReplayed } = outcome;
  if (status === 200) {
    const answered = acknowledgedBy(intent, body);
    if (typeof answered === "string") return { end: "wrong", what: answered };
    return { end: "made", made: answered, isReplayed };
  }
  switch (`${status} ${refusal.safeParse(body).data?.code}`) {
    case "503 unavailable":
      return { end: "again", after: "nothing" };
    case "504 outcome_unknown":
      return { end: "again", after: "maybe" };
    case "409 idempotency_in_progress":
      return { end: "again", after: "running" };
    case "400 insufficient_funds":
      return { end: "refused" };
    default:
      return { end: "wrong", what: `a ${intent.kind} was answered with ${shown(outcome)}` };
  }
}

/** The acknowledged operations of a response; a sentence when they aren't what was requested. */
function acknowledgedBy(intent: Intent, body: unknown): Acknowledged[] | string {
  const { from, key } = intent;
  if (intent.kind !== "list") {
    const answer = made.safeParse(body).data;
    if (answer?.amount_minor !== intent.amountMinor) {
      return `a ${intent.kind} of ${intent.amountMinor} was answered with ${JSON.stringify(body)}`;
    }
    const to = intent.kind === "transfer" ? intent.to : null;
    const amounts = { amountMinor: BigInt(intent.amountMinor), feeMinor: BigInt(answer.fee_minor) };
    return [{ kind: intent.kind, reference: answer.reference, key, from, to, ...amounts }];
  }
  const answers = list.safeParse(body).data?.transfers;
  const isWhole =
    answers?.length === intent.items.length &&
    answers.every(({ reference, code, amount_minor }, index) => {
      return amount_minor === intent.items[index]?.amountMinor && (reference === null) === (code !== null);
    });
  if (!isWhole) return `a list of ${intent.items.length} was answered with ${JSON.stringify(body)}`;
  return intent.items.flatMap(({ to, amountMinor }, index) => {
    const reference = answers[index]?.reference ?? null;
    if (reference === null) return [];
    const amounts = { amountMinor: BigInt(amountMinor), feeMinor: 0n };
    return [{ kind: "transfer" as const, reference, key: null, from, to, ...amounts }];
  });
}

function shown(outcome: Outcome): string {
  if (outcome.kind !== "answered") return outcome.kind;
  return `${outcome.status} ${refusal.safeParse(outcome.body).data?.code ?? "without a code"}`;
}

/** Sends some acknowledged requests again with their keys: each must have the same response. */
export async function replayKeys(client: ApiClient, log: ClientLog, random: Random): Promise<string[]> {
  const violations: string[] = [];
  for (const { intent, references } of random.shuffle(log.answered).slice(0, REPLAYS)) {
    const again = newClientLog();
    await sendUntilDefinite(client, intent, again);
    const replayed = again.acknowledged.map(({ reference }) => reference);
    if (replayed.join() === references.join()) continue;
    violations.push(
      `the key of the ${intent.kind} ${references.join(", ")} had the response ${replayed.join(", ") || "something else"} later on`,
    );
  }
  return violations;
}
