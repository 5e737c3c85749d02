import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Account, Acknowledged } from "./account";
import type { Caller, Outcome } from "./caller";
import { type Intent, payerAction, postOf } from "./intent";

// A restart takes seconds; a machine that is four times slower has time left.
const GIVE_UP_AFTER_MS = 60_000;
const PAUSE_MS = 25;
// A restart takes a second: asking for it all the time would only make it longer.
const REFUSED_PAUSE_MS = 120;
// So many answers that the first call still runs, or that nobody knows, and nobody will: its app died.
const PAGE_TRIES = 4;

const made = z.object({ reference: z.string(), amount_minor: z.int(), fee_minor: z.int().default(0) });
const list = z.object({
  transfers: z.array(
    z.object({ reference: z.string().nullable(), code: z.string().nullable(), amount_minor: z.int() }),
  ),
});
const refusal = z.object({ code: z.string() });

/** How one attempt ended, in the words of what follows from it. */
type Verdict =
  | { end: "made"; made: Acknowledged[]; isReplayed: boolean }
  /** A no that changed nothing. */
  | { end: "refused" }
  /** To be sent again: `maybe` it was carried out, or `nothing` was, or a first attempt is `running`. */
  | { end: "again"; after: "maybe" | "nothing" | "running" }
  | { end: "wrong"; what: string };

/**
 * Sends an intent until it has a definitive answer, and enters what came of it. True when something was made.
 */
export async function carryOut(caller: Caller, intent: Intent, account: Account): Promise<boolean> {
  const startedAt = performance.now();
  let isUncertain = false;
  let withoutPage = 0;
  for (;;) {
    const outcome = await caller.post(postOf(intent));
    const verdict = judge(intent, outcome);
    note(outcome, account);
    if (isCancelled(intent, outcome) && isUncertain) {
      account.unanswered.push(intent);
      return false;
    }
    if (verdict.end !== "again") return enter(intent, verdict, isUncertain, account);
    if (verdict.after === "maybe") account.ambiguous += 1;
    isUncertain ||= verdict.after === "maybe";
    if (intent.kind === "deposit" && outcome.kind === "answered" && verdict.after !== "nothing") {
      withoutPage += 1;
      if (withoutPage >= PAGE_TRIES && isUncertain) {
        account.unanswered.push(intent);
        return false;
      }
    }
    if (performance.now() - startedAt > GIVE_UP_AFTER_MS) {
      const what = `a ${intent.kind} got no definitive answer in a minute; the last was ${shown(outcome)}`;
      account.violations.push(what);
      return false;
    }
    await wait(outcome.kind === "refused" ? REFUSED_PAUSE_MS : PAUSE_MS);
  }
}

function note(outcome: Outcome, account: Account): void {
  if (outcome.kind === "refused") account.refused += 1;
  else if (outcome.kind === "answered") account.unavailable += outcome.status === 503 ? 1 : 0;
  else account.lost[outcome.isAnswerBegun ? "cut" : outcome.isReused ? "reused" : "fresh"] += 1;
}

/** True for a deposit whose payer was on its page, and gave up, before anybody could be told where that page is. */
function isCancelled(intent: Intent, outcome: Outcome): intent is Extract<Intent, { kind: "deposit" }> {
  if (intent.kind !== "deposit" || payerAction(intent.amountMinor) !== "cancel") return false;
  return outcome.kind === "answered" && outcome.status === 422;
}

function enter(
  intent: Intent,
  verdict: Exclude<Verdict, { end: "again" }>,
  isUncertain: boolean,
  account: Account,
): boolean {
  if (verdict.end === "refused") account.refusals += 1;
  if (verdict.end === "wrong") account.violations.push(verdict.what);
  if (verdict.end !== "made") return false;
  account.acknowledged.push(...verdict.made);
  account.answered.push({ intent, references: verdict.made.map(({ reference }) => reference) });
  if (verdict.isReplayed && isUncertain) account.alreadyCommitted += 1;
  if (verdict.isReplayed && !isUncertain) {
    const what = `a ${intent.kind} was answered as done before, though every earlier answer was that nothing was done`;
    account.violations.push(what);
  }
  return true;
}

function judge(intent: Intent, outcome: Outcome): Verdict {
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

/** What an answer says was made; a sentence when that isn't what was asked for. */
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
