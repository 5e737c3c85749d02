import { setTimeout as wait } from "node:timers/promises";
import { API_CALLS } from "@/lib/api/route-table";
import type { HistoryLog } from "./history-log";
import type { HttpClient, HttpResult } from "./http-client";
import type { Strategy } from "./plan";

/** One API call, however many attempts it takes. */
export interface Call {
  method: "GET" | "POST";
  /** As in the route table; `path` has its parameters filled in. */
  route: string;
  path?: string;
  /** The headers of one attempt: a retry may need another key than the first one. */
  credential(attempt: number): Record<string, string>;
  body?: unknown;
  key?: string | undefined;
  /** Error codes that this call may fail with. */
  refusals: readonly string[];
  /** Accepts an ambiguous response as its outcome, without a retry. */
  mayStayUnknown?: boolean;
}

/** The definite outcome of a call. `unknown` is only for calls that may stay unknown. */
export type Outcome = { startedAt: number; endedAt: number; tries: number } & (
  | { kind: "ok"; body: unknown; replayed: boolean }
  | { kind: "fail"; code: string }
  | { kind: "unknown" }
);

type Verdict =
  | { kind: "ok"; body: unknown; replayed: boolean }
  | { kind: "fail"; code: string }
  | { kind: "ambiguous"; why: string }
  | { kind: "unclassified"; why: string };

/** Error codes that any call may fail with. */
const COMMON_ERRORS: readonly string[] = [
  "unauthenticated",
  "permission_missing",
  "validation_failed",
  "rate_limited",
];
/** Error codes, with their status, after which the same call is sent again. */
const AMBIGUOUS: Readonly<Record<string, number>> = {
  idempotency_in_progress: 409,
  outcome_unknown: 504,
  unavailable: 503,
};
const TRIES_MAX = 400;
const PAUSE_MS_MAX = 100;

/** Sends a call until its outcome is definite. A response that nothing explains is a violation and counts as failed. */
export async function callUntilDefinite(
  client: HttpClient,
  historyLog: HistoryLog,
  call: Call,
  strategy: Strategy = { kind: "once" },
): Promise<Outcome> {
  let startedAt: number | null = null;
  for (let tries = 1; ; tries += 1) {
    const result = await send(client, historyLog, call, {
      attempt: tries,
      disconnectAfterMs: tries === 1 && strategy.kind === "disconnect" ? strategy.afterMs : null,
    });
    startedAt ??= result.startedAt;
    const times = { startedAt, endedAt: result.endedAt, tries };
    const verdict = classify(call, result);
    if (verdict.kind === "ok" || verdict.kind === "fail") return { ...verdict, ...times };
    if (verdict.kind === "unclassified") {
      historyLog.violation(`${call.method} ${call.route}: ${verdict.why}`);
      return { kind: "fail", code: "unclassified", ...times };
    }
    historyLog.countFault("ambiguous requests");
    if (call.mayStayUnknown && result.kind === "response") return { kind: "unknown", ...times };
    if (tries >= TRIES_MAX) {
      historyLog.violation(`${call.method} ${call.route} never had a definite outcome: ${verdict.why}`);
      return { kind: "unknown", ...times };
    }
    historyLog.countFault("requests retried");
    await wait(Math.min(PAUSE_MS_MAX, 5 * tries));
  }
}

async function send(
  client: HttpClient,
  historyLog: HistoryLog,
  call: Call,
  { attempt, disconnectAfterMs }: { attempt: number; disconnectAfterMs: number | null },
): Promise<HttpResult> {
  historyLog.requests += 1;
  const keyed: Record<string, string> = call.key === undefined ? {} : { "idempotency-key": call.key };
  const typed: Record<string, string> = call.body === undefined ? {} : { "content-type": "application/json" };
  return await client.send({
    method: call.method,
    path: call.path ?? call.route,
    headers: { ...call.credential(attempt), ...keyed, ...typed },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    disconnectAfterMs,
  });
}

/** Classifies a response. Only error codes that the call documents and that `refusals` names count as failed. */
export function classify(call: Pick<Call, "method" | "route" | "refusals">, result: HttpResult): Verdict {
  if (result.kind === "lost") return { kind: "ambiguous", why: result.why };
  const { status, headers, text } = result;
  const definition = API_CALLS.find(({ method, path }) => method === call.method && path === call.route);
  if (!definition) throw new Error(`${call.method} ${call.route} isn't in the route table`);
  const body = parse(text);
  if (status === definition.answer.status) {
    const shape = definition.answer.schema?.safeParse(body);
    if (shape && !shape.success)
      return {
        kind: "unclassified",
        why: `a response that isn't as documented: ${shape.error.issues[0]?.path.join(".")}`,
      };
    return { kind: "ok", body, replayed: headers["idempotency-replayed"] === "true" };
  }
  const code = codeOf(body);
  if (code === null) return { kind: "unclassified", why: `status ${status} without a code` };
  const isDocumented = COMMON_ERRORS.includes(code) || definition.errors.some((error) => error === code);
  if (!isDocumented)
    return { kind: "unclassified", why: `the undocumented code ${code} with status ${status}` };
  if (call.refusals.includes(code)) return { kind: "fail", code };
  if (AMBIGUOUS[code] === status) return { kind: "ambiguous", why: code };
  return { kind: "unclassified", why: `${code} with status ${status}, which nothing explains` };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function codeOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("code" in body)) return null;
  return typeof body.code === "string" ? body.code : null;
}
