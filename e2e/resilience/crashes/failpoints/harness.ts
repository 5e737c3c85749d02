import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import { type Deployment, startDeployment } from "@/e2e/resilience/deployment";
import type { Actor, Context } from "@/lib/services/context";
import { Client } from "../client";
import { buildChild } from "./build-child";
import type { VerbAnswer, VerbCall } from "./child";
import { type Armed, CONTROL_FILE, type Control, countCrashes } from "./failpoint";
import { sweep } from "./process-calls";

/** A verb refused what it was asked for. `code` is a DomainError's, null for an error of another kind. */
export class RefusedError extends Error {
  constructor(
    readonly code: string | null,
    problem: unknown,
  ) {
    super(`refused: ${code ?? JSON.stringify(problem)}`);
  }
}

/**
 * A database and a sandbox that survive every crash, and instrumented children that replace each other: the next one is loaded
 * and takes over the port. Each request is retried with the same key until it has a definite response, whatever crashes in between.
 */
export class CrashHarness {
  /** How many children died at an armed failpoint. */
  crashes = 0;
  /** Sends requests to whichever child serves. */
  readonly client: Client;
  /** Holds the bundle, and what the harness and its children tell each other. */
  readonly #folder: string;
  readonly #children = new Set<ChildProcess>();
  #spareLoaded: Promise<unknown> = Promise.resolve();
  #armed: Armed = { failpoint: "", hit: 1, from: 0, to: 0 };
  #control: Control = { shiftMs: 0, armed: null };
  #problem: Error | null = null;
  #isStopping = false;

  private constructor(
    readonly deployment: Deployment,
    private readonly entry: string,
  ) {
    this.#folder = path.dirname(entry);
    this.client = new Client(deployment.url, (code) => {
      if (this.#problem !== null) throw this.#problem;
      // A first attempt that crashed counts as running until its time is over.
      if (code === "idempotency_in_progress") this.shift(this.#control.shiftMs + 5_000);
    });
  }

  /** Builds the child below `home`, and starts the deployment and the first children there. */
  static async start(home: string): Promise<CrashHarness> {
    const folder = path.join(home, "child");
    fs.mkdirSync(folder, { recursive: true });
    const entry = await buildChild(folder);
    const deployment = await startDeployment({
      home: path.join(home, "deployment"),
      pages: false,
      without: "app and worker",
      // Long enough that tests see a payout under way.
      sandbox: { payoutDelayMs: 250, retryDelaysMs: Array.from({ length: 3_000 }, () => 100) },
    });
    const harness = new CrashHarness(deployment, entry);
    harness.#writeControl({});
    // One that serves, and a spare that costs no start after a crash.
    harness.#fork();
    await harness.#spareLoaded;
    harness.#fork();
    return harness;
  }

  /** From now on the `hit`-th hit of `failpoint` kills the child; with two `crashes` the next child dies there as well. */
  async arm(failpoint: string, hit: number, crashes: number): Promise<void> {
    // Replacing a child must be quick: a refresh token's grace period lasts seconds.
    await this.#spareLoaded;
    this.#armed = { failpoint, hit, from: this.crashes, to: this.crashes + crashes };
    this.#writeControl({ armed: this.#armed });
  }

  /** True when the failpoint that was armed last has killed a child. */
  hasFired(): boolean {
    return countCrashes(this.#folder) > this.#armed.from;
  }

  /** No failpoint kills any more. Throws when a child died at another place than the armed failpoint. */
  disarm(): void {
    this.#writeControl({ armed: null });
    if (this.#problem !== null) throw this.#problem;
  }

  /** Puts the clock of jobs, sweeps, verbs and API calls `ms` ahead, until the next shift. */
  shift(ms: number): void {
    this.#writeControl({ shiftMs: ms });
  }

  async sweep(): Promise<void> {
    await this.run(sweep, { kind: "system" });
  }

  /** Calls an exported function by its name in the child. Throws {@link RefusedError}. */
  async run<Args extends unknown[], T>(
    verb: (context: Context, ...args: Args) => Promise<T>,
    actor: Actor,
    ...args: Args
  ): Promise<T> {
    const call: VerbCall = { verb: verb.name, actor, args };
    const { body } = await this.client.call({ path: "/verb", body: serialize(call) });
    const answer = deserialize(body as unknown as Buffer) as VerbAnswer;
    if ("value" in answer) return answer.value as T;
    throw new RefusedError(answer.code, answer.problem);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.client.close();
    const gone = [...this.#children].map((child) => once(child, "exit"));
    for (const child of this.#children) child.kill("SIGKILL");
    await Promise.all(gone);
    await this.deployment.stop();
  }

  #fork(): void {
    const log = fs.openSync(path.join(this.#folder, "child.log"), "a", 0o600);
    const child = fork(this.entry, [], {
      // Ctrl-C must reach only the resilience suite, which then ends the child.
      detached: true,
      env: this.deployment.environment(),
      // Failpoints are named after places in the sources.
      execArgv: ["--enable-source-maps"],
      stdio: ["ignore", log, log, "ipc"],
    });
    fs.closeSync(log);
    this.#children.add(child);
    this.#spareLoaded = Promise.race([once(child, "message"), once(child, "exit")]);
    child.once("exit", (_code, signal) => this.#replace(child, signal));
  }

  #replace(child: ChildProcess, signal: NodeJS.Signals | null): void {
    this.#children.delete(child);
    if (this.#isStopping) return;
    const isDue = signal === "SIGKILL" && countCrashes(this.#folder) > this.crashes;
    if (!isDue) this.#problem ??= new Error(`a child ended (${signal ?? "by itself"}) at no armed failpoint`);
    this.crashes += 1;
    this.#fork();
  }

  #writeControl(change: Partial<Control>): void {
    this.#control = { ...this.#control, ...change };
    const file = path.join(this.#folder, CONTROL_FILE);
    // A child must never read half of it.
    fs.writeFileSync(`${file}.new`, JSON.stringify(this.#control));
    fs.renameSync(`${file}.new`, file);
  }
}
