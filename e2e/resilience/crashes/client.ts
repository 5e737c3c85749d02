import http from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { requireDocumented } from "@/e2e/support/require-documented";
import type { ApiCall } from "@/lib/api/define-call";

export interface ApiRequest {
  method?: "GET" | "POST";
  path: string;
  /** An API key or an access token. */
  credential?: string;
  key?: string;
  /** Sent as JSON, unless it is a Buffer. */
  body?: unknown;
  /** The documentation that its response must follow. */
  definition?: ApiCall;
  /** After so many milliseconds the first attempt's connection is closed, whatever its state. */
  disconnectAfterMs?: number | undefined;
}

/** The post of a page's form, with its own way to send it. */
export interface FormPost {
  path: string;
  key?: string;
  /** `withinMs` as {@link ApiRequest.disconnectAfterMs}. */
  post(withinMs?: number): Promise<Outcome>;
  disconnectAfterMs?: number | undefined;
}

/** The outcome of one attempt. */
export interface Outcome {
  /** 0 without a whole response. */
  status: number;
  /** Of an error; without a whole response it says whether the request was perhaps carried out. */
  code: string | null;
  /** A Buffer unless it is JSON. */
  body: Record<string, unknown>;
  isReplayed: boolean;
  /** Nothing was sent, or the connection was lost during the response, or before it: a new or a reused one. */
  lost: "refused" | "cut" | "fresh" | "reused" | null;
}

/** The definite outcome of a call, with the time from its first attempt on: milliseconds since 1970. */
export interface Definite extends Outcome {
  startedAt: number;
  endedAt: number;
  tries: number;
  /** An attempt before it had an unknown outcome, and may still be carried out. */
  isUncertain: boolean;
}

/** Status codes and error codes that a response may have. */
export type Accepted = readonly (number | string)[];

// Longer than any request takes: the app's statements time out after 15 s.
const TIMEOUT_MS = 30_000;
// A restart takes seconds; leaves time for a slow machine.
const GIVE_UP_AFTER_MS = 60_000;
const PAUSE_MS = 25;
// More frequent attempts would slow a restart down.
const REFUSED_PAUSE_MS = 60;
/** What is sent again with the same key: nothing was done, it is still running, or its outcome is unknown. */
const RETRYABLE = new Set(["unavailable", "idempotency_in_progress", "outcome_unknown"]);
// After so many attempts an outcome stays unknown, for example that of a deposit whose app died before it had a payment page.
const UNDECIDED_MAX = 4;

/** A client of the API over keep-alive connections, which sends a request again until its outcome is definite. */
export class Client {
  /** Number of requests that wait for their response. */
  inFlight = 0;
  readonly violations: string[] = [];
  readonly counts = {
    /** Attempts. */
    sent: 0,
    /** Attempts with an unknown outcome, and those of them that turned out to be carried out. */
    ...{ ambiguous: 0, alreadyCommitted: 0 },
    /** Attempts without a whole response, see {@link Outcome}. */
    ...{ refused: 0, cut: 0, fresh: 0, reused: 0 },
    /** Responses with 503. */
    unavailable: 0,
  };
  readonly #agent = new http.Agent({ keepAlive: true });
  /** How many calls of each key have begun. */
  readonly #begun = new Map<string, number>();

  /** `beforeRetry` is called with the error code of each attempt that is repeated. */
  constructor(
    private readonly url: string,
    private readonly beforeRetry: (code: string | null) => void = () => {},
  ) {}

  /** Sends a request until its outcome is definite. A violation when that isn't among `accepted`, or takes a minute. */
  async call(request: ApiRequest | FormPost, accepted: Accepted = [200]): Promise<Definite> {
    const { counts, violations } = this;
    const { path, key = "" } = request;
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    const startedAt = Date.now();
    let isUncertain = false;
    let undecided = 0;
    this.#begun.set(key, (this.#begun.get(key) ?? 0) + 1);
    for (let tries = 1; ; tries += 1) {
      counts.sent += 1;
      const sent = "post" in request ? await postForm(request, tries) : await this.send(request, tries);
      const { status, code, lost } = sent;
      isUncertain ||= code === "outcome_unknown";
      const outcome = { ...sent, startedAt, endedAt: Date.now(), tries, isUncertain };
      if (code === "outcome_unknown") counts.ambiguous += 1;
      if (status === 503) counts.unavailable += 1;
      if (lost !== null) counts[lost] += 1;
      else if (code === "outcome_unknown" || code === "idempotency_in_progress") undecided += 1;
      if (isUncertain && undecided >= UNDECIDED_MAX && accepted.includes("outcome_unknown"))
        return { ...outcome, code: "outcome_unknown" };
      if (!RETRYABLE.has(code ?? "")) {
        return await this.#check(request, outcome, accepted, isUncertain);
      }
      if (performance.now() > giveUpAt) {
        violations.push(`${path} had no definite response within a minute, at last ${code}`);
        return outcome;
      }
      this.beforeRetry(code);
      await wait(lost === "refused" ? REFUSED_PAUSE_MS : PAUSE_MS);
    }
  }

  /** Sends a request once. */
  async send(request: ApiRequest, attempt = 1): Promise<Outcome> {
    const { method = "POST", path, credential = "", key, body, disconnectAfterMs = TIMEOUT_MS } = request;
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const headers = {
      ...(bytes && { "content-type": "application/json", "content-length": bytes.length }),
      ...(key && { "idempotency-key": key }),
      ...(credential.startsWith("sk_") && { "x-api-key": credential }),
      ...(/^(?!sk_)./.test(credential) && { authorization: `Bearer ${credential}` }),
    };
    const { port } = new URL(this.url);
    this.inFlight += 1;
    try {
      return await new Promise<Outcome>((resolve) => {
        let hasBegun = false;
        const lose = (error: Error): void => {
          const isRefused = "code" in error && error.code === "ECONNREFUSED";
          const lost = isRefused ? "refused" : hasBegun ? "cut" : sent.reusedSocket ? "reused" : "fresh";
          const code = isRefused ? "unavailable" : "outcome_unknown";
          resolve({ status: 0, code, body: {}, isReplayed: false, lost });
        };
        const options = { host: "127.0.0.1", port, agent: this.#agent, method, path, headers };
        const sent = http.request(options, (response) => {
          hasBegun = true;
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", lose);
          response.once("end", () => resolve(outcomeOf(response, Buffer.concat(chunks))));
        });
        const withinMs = attempt === 1 ? disconnectAfterMs : TIMEOUT_MS;
        const timer = setTimeout(() => sent.destroy(new Error("no answer in time")), withinMs);
        sent.once("close", () => clearTimeout(timer));
        sent.once("error", lose);
        sent.end(bytes);
      });
    } finally {
      this.inFlight -= 1;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #check(
    { path, key = "", ...request }: ApiRequest | FormPost,
    outcome: Definite,
    accepted: Accepted,
    isUncertain: boolean,
  ): Promise<Definite> {
    const { status, code, isReplayed } = outcome;
    if (isReplayed && isUncertain) this.counts.alreadyCommitted += 1;
    if (isReplayed && !isUncertain && this.#begun.get(key) === 1)
      this.violations.push(`${path} was answered with a replay, though no attempt had been carried out`);
    if (!accepted.includes(status) && !accepted.includes(code ?? "")) {
      this.violations.push(`${path} was answered with ${status} ${code}, expected ${accepted.join(" or ")}`);
      return { ...outcome, code: "unexplained" };
    }
    const difference = "definition" in request ? await differenceFrom(request.definition, outcome) : null;
    if (difference === null) return outcome;
    this.violations.push(difference);
    return { ...outcome, code: "unexplained" };
  }
}

async function postForm({ post, disconnectAfterMs }: FormPost, attempt: number): Promise<Outcome> {
  return await post(attempt === 1 ? disconnectAfterMs : undefined);
}

/** How a response differs from its documentation, as a sentence. */
async function differenceFrom(
  definition: ApiCall | undefined,
  { status, body }: Outcome,
): Promise<string | null> {
  if (definition === undefined) return null;
  const response = new Response(Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body), { status });
  return await requireDocumented(definition, response).then(
    () => null,
    (error: unknown) => String(error),
  );
}

function outcomeOf({ statusCode: status = 0, headers }: http.IncomingMessage, bytes: Buffer): Outcome {
  const isJson = /\bjson\b/.test(headers["content-type"] ?? "");
  const body = (isJson ? JSON.parse(bytes.toString("utf8")) : bytes) as Outcome["body"];
  const code = typeof body.code === "string" ? body.code : null;
  return { status, code, body, isReplayed: headers["idempotency-replayed"] === "true", lost: null };
}
