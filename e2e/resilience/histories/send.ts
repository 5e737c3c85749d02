import type { Accepted, ApiRequest, Client, Definite, FormPost } from "../crashes/client";
import type { HistoryLog } from "./history-log";
import type { Strategy } from "./plan";

export type Request = ApiRequest | FormPost;

interface Sending {
  request: Request;
  accepted: Accepted;
  strategy: Strategy;
  /** Another request with the same key, which must be refused once it is used; null when a form has none. */
  misuse: Request | null;
}

interface Sender {
  client: Pick<Client, "call">;
  historyLog: HistoryLog;
}

export const isSuccess = ({ code }: Definite) => code === null;

/** Sends a request by its strategy and checks the idempotency of its key. Returns every outcome of the request itself. */
export async function sendWith(
  { client, historyLog }: Sender,
  { request, accepted, strategy, misuse }: Sending,
): Promise<Definite[]> {
  const { path } = request;
  const disconnectAfterMs = strategy.kind === "disconnect" ? strategy.afterMs : undefined;
  const copies = strategy.kind === "concurrent" ? strategy.copies : 1;
  const outcomes = await Promise.all(
    Array.from({ length: copies }, () => client.call({ ...request, disconnectAfterMs }, accepted)),
  );
  const isDone = outcomes.some(isSuccess);
  if (strategy.kind === "replay") {
    const second = await client.call(request, accepted);
    if (isDone && !isSuccess(second)) historyLog.violation(`${path}: a replayed key was refused`);
    if (isDone && isSuccess(second) && !second.isReplayed)
      historyLog.violation(`${path}: a replayed key was carried out again`);
    outcomes.push(second);
  }
  if (strategy.kind === "misuse" && isDone && misuse !== null) {
    const { code } = await client.call(misuse, ["idempotency_mismatch"]);
    if (code === "idempotency_mismatch") historyLog.faults.misused += 1;
    else historyLog.violation(`${path} with another body and its used key: ${code}`);
  }
  checkSame(historyLog, path, outcomes.filter(isSuccess));
  return outcomes;
}

/** Checks that all successes of one key name the same operation, and that one at most isn't a replay. */
function checkSame(historyLog: HistoryLog, path: string, successes: readonly Definite[]): void {
  const named = new Set(successes.map(({ body }) => referencesIn(body)));
  if (named.size > 1) historyLog.violation(`${path}: one key was answered with ${named.size} operations`);
  const firsts = successes.filter(({ isReplayed }) => !isReplayed).length;
  if (firsts > 1) historyLog.violation(`${path}: ${firsts} responses to one key claim not to be replays`);
  historyLog.faults.replayed += successes.length - firsts;
}

/** The references of an API response; a page's has none. */
function referencesIn(body: { reference?: unknown; transfers?: unknown }): string {
  const transfers = (body.transfers ?? []) as { reference: string | null }[];
  return `${body.reference ?? transfers.map(({ reference }) => reference).join()}`;
}
