import { setTimeout as wait } from "node:timers/promises";
import { API_CALLS } from "@/lib/api/route-table";
import type { Client, Heard } from "./client";
import type { HistoryLog } from "./history-log";
import type { Tactic } from "./plan";

/** One call of the API as somebody means it, however often it takes. */
export interface Call {
  method: "GET" | "POST";
  /** As the route table writes it, and with its parameters filled in. */
  route: string;
  path?: string;
  /** Asked for each try: a key may have been revoked meanwhile. */
  credential(attempt: number): Record<string, string>;
  body?: unknown;
  key?: string | undefined;
  /** Codes that this call, as it was drawn, may be refused with. */
  refusals: readonly string[];
  /** Takes "nobody knows yet" for an answer. */
  mayStayUnknown?: boolean;
}

/** The definitive end of a call; `unknown` only where it may stay so. */
export type Sure = { startedAt: number; endedAt: number; tries: number } & (
  | { kind: "yes"; said: unknown; replayed: boolean }
  | { kind: "no"; code: string }
  | { kind: "unknown" }
);

type Verdict =
  | { kind: "yes"; said: unknown; replayed: boolean }
  | { kind: "no"; code: string }
  | { kind: "ambiguous"; why: string }
  | { kind: "unclassified"; why: string };

/** What the frame itself may refuse with, whatever the call. */
const FRAME: readonly string[] = [
  "unauthenticated",
  "permission_missing",
  "validation_failed",
  "rate_limited",
];
/** Answers that leave open what was done, or say that the same may be asked again. */
const AMBIGUOUS: Readonly<Record<string, number>> = {
  idempotency_in_progress: 409,
  outcome_unknown: 504,
  unavailable: 503,
};
const TRIES_MAX = 400;
const PAUSE_MS_MAX = 100;

/** Asks until the answer is definitive. What can't be classified is a violation, and ends it as a refusal. */
export async function askUntilSure(
  client: Client,
  historyLog: HistoryLog,
  call: Call,
  tactic: Tactic = { kind: "once" },
): Promise<Sure> {
  let startedAt: number | null = null;
  for (let tries = 1; ; tries += 1) {
    const heard = await send(client, historyLog, call, {
      attempt: tries,
      hangUpAfterMs: tries === 1 && tactic.kind === "hang_up" ? tactic.afterMs : null,
    });
    startedAt ??= heard.startedAt;
    const times = { startedAt, endedAt: heard.endedAt, tries };
    const verdict = classify(call, heard);
    if (verdict.kind === "yes" || verdict.kind === "no") return { ...verdict, ...times };
    if (verdict.kind === "unclassified") {
      historyLog.violation(`${call.method} ${call.route}: ${verdict.why}`);
      return { kind: "no", code: "unclassified", ...times };
    }
    historyLog.met("ambiguous requests");
    if (call.mayStayUnknown && heard.kind === "answer") return { kind: "unknown", ...times };
    if (tries >= TRIES_MAX) {
      historyLog.violation(`${call.method} ${call.route} never came to a definitive end: ${verdict.why}`);
      return { kind: "unknown", ...times };
    }
    historyLog.met("requests retried");
    await wait(Math.min(PAUSE_MS_MAX, 5 * tries));
  }
}

async function send(
  client: Client,
  historyLog: HistoryLog,
  call: Call,
  { attempt, hangUpAfterMs }: { attempt: number; hangUpAfterMs: number | null },
): Promise<Heard> {
  historyLog.requests += 1;
  const keyed: Record<string, string> = call.key === undefined ? {} : { "idempotency-key": call.key };
  const typed: Record<string, string> = call.body === undefined ? {} : { "content-type": "application/json" };
  return await client.ask({
    method: call.method,
    path: call.path ?? call.route,
    headers: { ...call.credential(attempt), ...keyed, ...typed },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    hangUpAfterMs,
  });
}

/** What an answer means. Only what the call documents, and what it may be refused with here, is a no. */
export function classify(call: Pick<Call, "method" | "route" | "refusals">, heard: Heard): Verdict {
  if (heard.kind === "lost") return { kind: "ambiguous", why: heard.why };
  const { status, headers, text } = heard;
  const definition = API_CALLS.find(({ method, path }) => method === call.method && path === call.route);
  if (!definition) throw new Error(`${call.method} ${call.route} isn't in the route table`);
  const body = parse(text);
  if (status === definition.answer.status) {
    const shape = definition.answer.schema?.safeParse(body);
    if (shape && !shape.success)
      return {
        kind: "unclassified",
        why: `an answer that isn't as documented: ${shape.error.issues[0]?.path.join(".")}`,
      };
    return { kind: "yes", said: body, replayed: headers["idempotency-replayed"] === "true" };
  }
  const code = codeOf(body);
  if (code === null) return { kind: "unclassified", why: `status ${status} without a code` };
  const isDocumented = FRAME.includes(code) || definition.errors.some((error) => error === code);
  if (!isDocumented)
    return { kind: "unclassified", why: `the undocumented code ${code} with status ${status}` };
  if (call.refusals.includes(code)) return { kind: "no", code };
  if (AMBIGUOUS[code] === status) return { kind: "ambiguous", why: code };
  return { kind: "unclassified", why: `${code} with status ${status}, which nothing here explains` };
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
