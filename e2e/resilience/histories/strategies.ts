import { type Call, callUntilDefinite } from "./call";
import type { HistoryLog, Outcome } from "./history-log";
import type { Strategy } from "./plan";

interface Sending {
  call: Call;
  strategy: Strategy;
  /** Other calls with the same key, which must be refused once it is used. */
  misuses: readonly Call[];
}

/** Sends a call by its strategy and checks the idempotency of its key. Returns every outcome of the call itself. */
export async function sendWith(
  historyLog: HistoryLog,
  { call, strategy, misuses }: Sending,
): Promise<Outcome[]> {
  const disconnectAfterMs = strategy.kind === "disconnect" ? strategy.afterMs : undefined;
  const sendOnce = () => callUntilDefinite(historyLog, call, disconnectAfterMs);
  const copies = strategy.kind === "concurrent" ? strategy.copies : 1;
  const outcomes = await Promise.all(Array.from({ length: copies }, sendOnce));
  const isDone = outcomes[0]?.kind === "ok";
  if (strategy.kind === "replay") {
    // As a retry: the API key of the first attempt may be revoked by now.
    const again: Call = { ...call, send: (attempt) => call.send(attempt + 1) };
    const second = await callUntilDefinite(historyLog, again);
    if (isDone && second.kind !== "ok") historyLog.violation(`${call.name}: a replayed key was refused`);
    if (isDone && second.kind === "ok" && !second.replayed)
      historyLog.violation(`${call.name}: a replayed key was carried out again`);
    outcomes.push({ ...second, tries: second.tries + 1 });
  }
  if (strategy.kind === "misuse" && isDone) {
    for (const misuse of misuses) await checkRefused(historyLog, call, misuse);
  }
  checkSame(historyLog, call, outcomes);
  return outcomes;
}

async function checkRefused(historyLog: HistoryLog, call: Call, misuse: Call): Promise<void> {
  const outcome = await callUntilDefinite(historyLog, misuse);
  if (outcome.kind === "fail" && outcome.code === "idempotency_mismatch") {
    historyLog.countFault("keys refused for another body");
    return;
  }
  const seen = outcome.kind === "fail" ? outcome.code : outcome.kind;
  historyLog.violation(`${misuse.name} with other content and the used key of ${call.name}: ${seen}`);
}

/** Checks that all responses to one key name the same operation, and that one at most isn't a replay. */
function checkSame(historyLog: HistoryLog, call: Call, outcomes: readonly Outcome[]): void {
  const successes = outcomes.filter((outcome) => outcome.kind === "ok");
  const named = new Set(successes.map(({ body }) => referencesIn(body)));
  if (named.size > 1)
    historyLog.violation(`${call.name}: one key was answered with ${named.size} operations`);
  const firsts = successes.filter(({ replayed }) => !replayed).length;
  if (firsts > 1)
    historyLog.violation(`${call.name}: ${firsts} responses to one key claim not to be replays`);
  historyLog.countFault("keys replayed", successes.length - firsts);
}

/** The references of an API response; a page's has none. */
function referencesIn(body: unknown): string {
  const { reference, transfers = [] } = (body ?? {}) as {
    reference?: string;
    transfers?: { reference: string | null }[];
  };
  return reference ?? transfers.map((each) => each.reference).join();
}
