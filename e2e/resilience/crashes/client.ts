import http from "node:http";

export interface ApiRequest {
  method?: "GET" | "POST";
  path: string;
  /** An API key or an access token. */
  credential?: string;
  key?: string;
  /** Sent as JSON, unless it is a Buffer. */
  body?: unknown;
}

/** A response; `code` is that of an error, `body` a Buffer unless it is JSON. */
interface Response {
  status: number;
  code: string | null;
  body: Record<string, unknown>;
  isReplayed: boolean;
}

/** The outcome of one attempt: nothing was sent, it was perhaps carried out without a whole response, or a response. */
export type Outcome = "refused" | { lost: "cut" | "fresh" | "reused" } | Response;

/** A definite response. */
export interface Answer extends Response {
  /** An earlier attempt may have been carried out. */
  isUncertain: boolean;
}

/** Status codes and error codes that a response may have. */
export type Accepted = readonly (number | string)[];

// Longer than any request takes: the app's statements time out after 15 s.
const TIMEOUT_MS = 30_000;
// A restart takes seconds; leaves time for a slow machine.
const GIVE_UP_AFTER_MS = 60_000;
const PAUSE_MS = 25;
// A restart takes a second; more frequent attempts would slow it down.
const REFUSED_PAUSE_MS = 120;
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
    /** Attempts with an unknown outcome, and those of them that turned out to be carried out. */
    ...{ ambiguous: 0, alreadyCommitted: 0 },
    /** Lost connections: during a response, before one on a new connection, before one on a reused connection. */
    ...{ cut: 0, fresh: 0, reused: 0 },
    /** Responses with 503. */
    unavailable: 0,
  };
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #answeredKeys = new Set<string>();

  /** `beforeRetry` is called with the error code of the response, null without one. */
  constructor(
    private readonly url: string,
    private readonly beforeRetry: (code: string | null) => void = () => {},
  ) {}

  /** Sends a request until its outcome is definite. A violation when that isn't among `accepted`, or takes a minute. */
  async call(request: ApiRequest, accepted: Accepted = [200]): Promise<Answer> {
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    let isUncertain = false;
    let undecided = 0;
    for (;;) {
      const outcome = await this.send(request);
      const code = this.#count(outcome);
      isUncertain ||= code === "outcome_unknown";
      if (typeof outcome === "object" && "status" in outcome) {
        if (code === "outcome_unknown" || code === "idempotency_in_progress") undecided += 1;
        const staysUnknown =
          undecided >= UNDECIDED_MAX && isUncertain && accepted.includes("outcome_unknown");
        if (staysUnknown) return { ...outcome, code: "outcome_unknown", isUncertain };
        if (!RETRYABLE.has(code ?? "")) return this.#conclude(request, { ...outcome, isUncertain }, accepted);
      }
      if (performance.now() > giveUpAt) {
        this.violations.push(`${request.path} had no definite response within a minute, at last ${code}`);
        return { status: 0, code, body: {}, isReplayed: false, isUncertain: true };
      }
      this.beforeRetry(code);
      await new Promise((resolve) =>
        setTimeout(resolve, outcome === "refused" ? REFUSED_PAUSE_MS : PAUSE_MS),
      );
    }
  }

  /** Sends a request once. */
  async send({ method = "POST", path, credential = "", key, body }: ApiRequest): Promise<Outcome> {
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
          if ("code" in error && error.code === "ECONNREFUSED") resolve("refused");
          else resolve({ lost: hasBegun ? "cut" : sent.reusedSocket ? "reused" : "fresh" });
        };
        const options = { host: "127.0.0.1", port, agent: this.#agent, method, path, headers };
        const sent = http.request(options, (response) => {
          hasBegun = true;
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", lose);
          response.once("end", () => resolve(responseOf(response, Buffer.concat(chunks))));
        });
        sent.setTimeout(TIMEOUT_MS, () => sent.destroy(new Error("no answer in time")));
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

  /** Counts an outcome. Returns its error code. */
  #count(outcome: Outcome): string | null {
    if (outcome === "refused") return null;
    if ("status" in outcome) {
      if (outcome.status === 503) this.counts.unavailable += 1;
      if (outcome.code === "outcome_unknown") this.counts.ambiguous += 1;
      return outcome.code;
    }
    this.counts[outcome.lost] += 1;
    this.counts.ambiguous += 1;
    return "outcome_unknown";
  }

  #conclude({ path, key = "" }: ApiRequest, answer: Answer, accepted: Accepted): Answer {
    const { status, code, isReplayed, isUncertain } = answer;
    if (!accepted.includes(status) && !accepted.includes(code ?? ""))
      this.violations.push(
        `${path} was answered with ${status} ${code ?? ""}, expected ${accepted.join(" or ")}`,
      );
    if (isReplayed && isUncertain) this.counts.alreadyCommitted += 1;
    if (isReplayed && !isUncertain && !this.#answeredKeys.has(key))
      this.violations.push(
        `${path} was answered with a replay, though no attempt had been carried out before`,
      );
    if (status === 200) this.#answeredKeys.add(key);
    return answer;
  }
}

function responseOf({ statusCode: status = 0, headers }: http.IncomingMessage, bytes: Buffer): Response {
  const isJson = /\bjson\b/.test(headers["content-type"] ?? "");
  const body = isJson
    ? (JSON.parse(bytes.toString("utf8")) as Response["body"])
    : (bytes as unknown as Response["body"]);
  const code = typeof body.code === "string" ? body.code : null;
  return { status, code, body, isReplayed: headers["idempotency-replayed"] === "true" };
}
