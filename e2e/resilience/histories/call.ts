import { setTimeout as wait } from "node:timers/promises";
import { requireDocumented } from "@/e2e/support/require-documented";
import type { ApiCall } from "@/lib/api/define-call";
import type { Conclusion, HistoryLog, Outcome, Times } from "./history-log";

/** A response with its whole body; without one the request may have been carried out or not. */
export type HttpResult = Times & ({ answer: Response } | { answer: null; why: string });

/** What a response means. */
export type Verdict = Conclusion | { kind: "ambiguous"; why: string } | { kind: "unexplained"; why: string };

/** A request of a page or of the API, however many attempts it takes. */
export interface Call {
  /** For sentences: `POST /api/wallet/transfer`. */
  name: string;
  send(attempt: number, withinMs?: number): Promise<HttpResult>;
  classify(answer: Response): Promise<Verdict>;
  /** Accepts an ambiguous response as its outcome, without a retry. */
  mayStayUnknown?: boolean;
}

export interface ApiRequest {
  definition: ApiCall;
  /** With its parameters and query; the definition's unless given. */
  path?: string;
  /** The credential of one attempt: a retry may need another key than the first one. */
  as(attempt: number): Record<string, string>;
  body?: unknown;
  /** The Idempotency-Key. */
  key?: string | undefined;
  /** Error codes that it may be refused with. */
  refusals?: readonly string[];
  mayStayUnknown?: boolean;
}

const TIMEOUT_MS = 60_000;
const TRIES_MAX = 400;
const PAUSE_MS_MAX = 100;
/** Error codes, with their status, after which the same call is sent again. */
const AMBIGUOUS: Readonly<Record<string, number>> = {
  idempotency_in_progress: 409,
  outcome_unknown: 504,
  unavailable: 503,
};

/** Sends a request; closes the connection after `withinMs`, whatever its state. */
export async function send(url: string, init: RequestInit, withinMs = TIMEOUT_MS): Promise<HttpResult> {
  const startedAt = Date.now();
  try {
    const signal = AbortSignal.timeout(withinMs);
    const response = await fetch(url, { ...init, redirect: "manual", signal });
    const { status, headers } = response;
    const answer = new Response(await response.arrayBuffer(), { status, headers });
    return { answer, startedAt, endedAt: Date.now() };
  } catch (error) {
    return { answer: null, why: String(error), startedAt, endedAt: Date.now() };
  }
}

/** A call of the API of the app at `url`. */
export function apiCall(url: string, request: ApiRequest): Call {
  const { definition, as, body, key, refusals = [], mayStayUnknown = false } = request;
  const { method, path } = definition;
  return {
    name: `${method} ${path}`,
    mayStayUnknown,
    classify: (answer) => classify(definition, refusals, answer),
    send: (attempt, withinMs) => {
      const headers = {
        ...as(attempt),
        ...(key === undefined ? {} : { "idempotency-key": key }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return send(url + (request.path ?? path), { method, headers, ...sent }, withinMs);
    },
  };
}

/** Only documented responses are explained, and of the error codes only those that may come in this situation. */
export async function classify(
  definition: ApiCall,
  refusals: readonly string[],
  answer: Response,
): Promise<Verdict> {
  try {
    await requireDocumented(definition, answer.clone());
  } catch (error) {
    return { kind: "unexplained", why: error instanceof Error ? error.message : String(error) };
  }
  const body = await answer.json();
  if (answer.ok) return { kind: "ok", body, replayed: answer.headers.get("idempotency-replayed") === "true" };
  const { code } = body as { code: string };
  if (refusals.includes(code)) return { kind: "fail", code };
  if (AMBIGUOUS[code] === answer.status) return { kind: "ambiguous", why: code };
  return { kind: "unexplained", why: `${code} with status ${answer.status}, which nothing explains` };
}

/**
 * Sends a call until its outcome is definite; the first attempt is disconnected after `disconnectAfterMs`. A response that
 * nothing explains is a violation and counts as failed.
 */
export async function callUntilDefinite(
  historyLog: HistoryLog,
  call: Call,
  disconnectAfterMs?: number,
): Promise<Outcome> {
  let startedAt: number | null = null;
  for (let tries = 1; ; tries += 1) {
    historyLog.requests += 1;
    const result = await call.send(tries, tries === 1 ? disconnectAfterMs : undefined);
    startedAt ??= result.startedAt;
    const times = { startedAt, endedAt: result.endedAt, tries };
    const verdict: Verdict =
      result.answer === null ? { kind: "ambiguous", why: result.why } : await call.classify(result.answer);
    if (verdict.kind === "ok" || verdict.kind === "fail") return { ...verdict, ...times };
    if (verdict.kind === "unexplained") {
      historyLog.violation(`${call.name}: ${verdict.why}`);
      return { kind: "fail", code: "unexplained", ...times };
    }
    historyLog.countFault("ambiguous requests");
    if (call.mayStayUnknown && result.answer !== null) return { kind: "unknown", ...times };
    if (tries >= TRIES_MAX) {
      historyLog.violation(`${call.name} never had a definite outcome: ${verdict.why}`);
      return { kind: "unknown", ...times };
    }
    historyLog.countFault("requests retried");
    await wait(Math.min(PAUSE_MS_MAX, 5 * tries));
  }
}
