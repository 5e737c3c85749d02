import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Deployment, startDeployment } from "@/e2e/resilience/deployment";
import { invariant } from "@/lib/invariant";
import type { Context } from "@/lib/services/context";
import { DeadError, Victim, type VictimPlan } from "./child-process";
import { copyTree } from "./copy-tree";
import type { VerbAnswer, VerbInput, VerbName } from "./verbs";

const TRIES_MAX = 12;
const ANSWER_WITHIN_MS = 60_000;
const BUSY_PAUSE_MS = 50;
// A fetch hears of a death before the exit does.
const DEATH_WITHIN_MS = 3_000;
/** Answers after which the same key is sent again. */
const NOT_YET = new Set(["unavailable", "idempotency_in_progress"]);

/** What the API said at the end. */
export interface Reply {
  status: number;
  /** A problem's code; null for what worked. */
  code: string | null;
  body: Record<string, unknown>;
}

interface Posted {
  token: string;
  key?: string;
  method?: "GET" | "POST";
  body?: unknown;
}

interface Armed {
  point: string;
  /** Deaths that are still to come. */
  deaths: number;
  hasFired: boolean;
}

/**
 * A database and a provider that live through everything, and one instrumented child after the other. Whatever is asked of it is
 * asked again, with the same key, until there is an answer: a death in the middle is what this is about.
 */
export class Stage {
  readonly deployment: Deployment;
  /** Every point that the copy has. */
  readonly points: readonly string[];
  /** How often a child died at the point that it was armed for. */
  crashes = 0;
  readonly #plan: VictimPlan;
  readonly #tellIn: string;
  #victim: Victim;
  #spare: Victim | null = null;
  #armed: Armed | null = null;
  #shiftMs = 0;
  #reviving: Promise<void> | null = null;

  private constructor(deployment: Deployment, points: readonly string[], plan: VictimPlan, tellIn: string) {
    this.deployment = deployment;
    this.points = points;
    this.#plan = plan;
    this.#tellIn = tellIn;
    this.#victim = new Victim(plan);
  }

  /** Copies the tree below `home`, starts the deployment there, and the first child. */
  static async start(home: string): Promise<Stage> {
    const tree = path.join(home, "tree");
    fs.mkdirSync(tree, { recursive: true });
    const { points, entry } = await copyTree(tree);
    const deployment = await startDeployment({
      home: path.join(home, "deployment"),
      pages: false,
      tree,
      without: "app and worker",
      // Long enough that a payout is seen under way.
      sandbox: { payoutDelayMs: 250, retryDelaysMs: Array.from({ length: 3_000 }, () => 100) },
    });
    const plan = { entry, logFile: path.join(home, "child.log"), env: deployment.environment() };
    const stage = new Stage(deployment, points, plan, path.join(home, "deaths.txt"));
    try {
      await stage.#begin();
      return stage;
    } catch (error) {
      await stage.stop();
      throw error;
    }
  }

  /** From now on the `pass`-th pass of `point` is a death; with two `deaths` whoever mends it dies there as well. */
  async arm(point: string, pass: number, deaths = 1): Promise<void> {
    invariant(this.points.includes(point), `there is a point ${point}`);
    this.#armed = { point, deaths, hasFired: false };
    // What has seconds only, as a refresh token's grace, isn't lost to a child that still loads.
    await this.#spare?.loaded;
    await this.#victim.ask({ ask: "arm", point, pass, tellIn: this.#tellIn });
  }

  /** Nothing is armed, and nothing has been hit: another case begins. */
  forget(): void {
    this.#armed = null;
  }

  /** True when the point that was armed has killed its child. */
  hasFired(): boolean {
    return this.#armed?.hasFired ?? false;
  }

  /** No point kills any more; what has been hit is known until the next one is armed. */
  async disarm(): Promise<void> {
    await this.retried(() => this.#victim.ask({ ask: "disarm" }));
    if (this.#armed !== null) this.#armed.deaths = 0;
  }

  /** Points that were passed since this child began, or since they were asked for. */
  async passes(): Promise<Record<string, number>> {
    return (await this.#victim.ask({ ask: "passes" })) as Record<string, number>;
  }

  /** Jobs and sweeps live `ms` in the future, until another shift. */
  async shift(ms: number): Promise<void> {
    this.#shiftMs = ms;
    await this.retried(() => this.#victim.ask({ ask: "shift", ms }));
  }

  async sweep(): Promise<void> {
    await this.retried(() => this.#victim.ask({ ask: "sweep" }));
  }

  async verb<N extends VerbName>(
    name: N,
    actor: Context["actor"],
    ...given: VerbInput<N>
  ): Promise<VerbAnswer<N>> {
    return await this.retried(() => this.#victim.verb(name, actor, given));
  }

  /** Sends a call with its key until it has an answer that stands. */
  async call(address: string, { token, key, method = "POST", body }: Posted): Promise<Reply> {
    return await this.retried(async () => {
      const response = await fetch(`${this.deployment.url}${address}`, {
        method,
        headers: {
          ...credentialOf(token),
          ...(key === undefined ? {} : { "idempotency-key": key }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          connection: "close",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await response.text();
      const told = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
      const code = typeof told.code === "string" ? told.code : null;
      if (code !== null && NOT_YET.has(code)) throw new NotYetError(code);
      return { status: response.status, code, body: told };
    });
  }

  /** Jobs that wait for their next try are due now. It costs them no try: their back-off would have lasted until things moved on. */
  async hurry(): Promise<void> {
    await this.mend();
    await this.deployment
      .owner`update graphile_worker._private_jobs set run_at = now(), attempts = least(attempts, 3)
      where locked_at is null and run_at > now() and attempts < max_attempts`;
  }

  /** Does `work` again after each death, and while the answer is "not yet". */
  async retried<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const victim = this.#victim;
      try {
        return await work();
      } catch (error) {
        if (tries >= TRIES_MAX) throw error;
        if (error instanceof NotYetError) {
          // A first call that died is taken for running until it can't be any more.
          await this.shift(this.#shiftMs + 5_000);
          await wait(BUSY_PAUSE_MS);
        } else if (error instanceof DeadError || isBroken(error)) {
          await Promise.race([victim.gone, wait(DEATH_WITHIN_MS)]);
          if (!victim.isDead && error instanceof DeadError) throw error;
          await this.mend();
        } else throw error;
      }
    }
  }

  /** Puts another child in the place of one that died; throws when it died of something else than its point. */
  async mend(): Promise<void> {
    if (!this.#victim.isDead) return;
    this.#reviving ??= this.#replace().finally(() => {
      this.#reviving = null;
    });
    await this.#reviving;
  }

  async stop(): Promise<void> {
    this.#victim.kill();
    this.#spare?.kill();
    await Promise.all([this.#victim.gone, this.#spare?.gone]);
    await this.deployment.stop();
  }

  async #replace(): Promise<void> {
    const signal = await this.#victim.gone;
    const last = fs.existsSync(this.#tellIn)
      ? fs.readFileSync(this.#tellIn, "utf8").trim().split("\n").at(-1)
      : undefined;
    if (
      signal !== "SIGKILL" ||
      this.#armed === null ||
      this.#armed.deaths === 0 ||
      last !== this.#armed.point
    ) {
      throw new Error(`the child died (${signal ?? "by itself"}) of nothing that it was armed for`);
    }
    this.#armed.hasFired = true;
    this.#armed.deaths -= 1;
    this.crashes += 1;
    this.#victim = this.#spare ?? new Victim(this.#plan);
    this.#spare = null;
    await this.#begin();
    const { point, deaths } = this.#armed;
    if (deaths > 0) await this.#victim.ask({ ask: "arm", point, pass: 1, tellIn: this.#tellIn });
  }

  async #begin(): Promise<void> {
    await this.#victim.loaded;
    await this.#victim.ask({ ask: "begin" });
    if (this.#shiftMs !== 0) await this.#victim.ask({ ask: "shift", ms: this.#shiftMs });
    // Loads while this one works: the next death costs no start.
    this.#spare = new Victim(this.#plan);
  }
}

class NotYetError extends Error {}

function credentialOf(token: string): Record<string, string> {
  if (token === "") return {};
  return token.startsWith("sk_") ? { "x-api-key": token } : { authorization: `Bearer ${token}` };
}

/** fetch's way to say that nobody answered, or not to the end. */
function isBroken(error: unknown): boolean {
  return (
    (error instanceof TypeError && /fetch failed|terminated/.test(error.message)) ||
    error instanceof SyntaxError ||
    (error instanceof Error && error.name === "TimeoutError")
  );
}
