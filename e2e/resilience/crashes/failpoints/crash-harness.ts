import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Deployment, startDeployment } from "@/e2e/resilience/deployment";
import type { Context } from "@/lib/services/context";
import {
  type ApiRequest,
  type ApiResponse,
  isConnectionError,
  RetryableError,
  sendApiRequest,
} from "./api-request";
import { buildChild } from "./build-child";
import { InstrumentedProcess, ProcessDiedError, type ProcessOptions } from "./child-process";
import type { VerbAnswer, VerbInput, VerbName } from "./verbs";

const TRIES_MAX = 12;
const BUSY_PAUSE_MS = 50;
// A fetch may fail before the exit event arrives.
const EXIT_WITHIN_MS = 3_000;
interface Armed {
  failpoint: string;
  /** How many more children are to die at it. */
  crashesLeft: number;
  hasFired: boolean;
}

/**
 * A database and a sandbox that survive every crash, and instrumented children that replace each other. Each request is
 * retried with the same key until it has a definitive response, whatever crashes in between.
 */
export class CrashHarness {
  readonly deployment: Deployment;
  /** How many children died at an armed failpoint. */
  crashes = 0;
  readonly #options: ProcessOptions;
  readonly #markerFile: string;
  #child: InstrumentedProcess;
  #spare: InstrumentedProcess | null = null;
  #armed: Armed | null = null;
  #shiftMs = 0;
  #replacing: Promise<void> | null = null;

  private constructor(deployment: Deployment, options: ProcessOptions, markerFile: string) {
    this.deployment = deployment;
    this.#options = options;
    this.#markerFile = markerFile;
    this.#child = new InstrumentedProcess(options);
  }

  /** Builds the child below `home`, starts the deployment there, and the first child. */
  static async start(home: string): Promise<CrashHarness> {
    const build = path.join(home, "child");
    fs.mkdirSync(build, { recursive: true });
    const entry = await buildChild(build);
    const deployment = await startDeployment({
      home: path.join(home, "deployment"),
      pages: false,
      without: "app and worker",
      // Long enough that tests see a payout under way.
      sandbox: { payoutDelayMs: 250, retryDelaysMs: Array.from({ length: 3_000 }, () => 100) },
    });
    const options = { entry, logFile: path.join(home, "child.log"), env: deployment.environment() };
    const harness = new CrashHarness(deployment, options, path.join(home, "crashes.txt"));
    try {
      await harness.#begin();
      return harness;
    } catch (error) {
      await harness.stop();
      throw error;
    }
  }

  /**
   * From now on the `hit`-th hit of `failpoint` kills the child; with two `crashes` the child that replaces it dies there
   * as well, at its first hit.
   */
  async arm(failpoint: string, hit: number, crashes = 1): Promise<void> {
    this.#armed = { failpoint, crashesLeft: crashes, hasFired: false };
    // Replacing a child must be quick: a refresh token's grace period lasts seconds.
    await this.#spare?.loaded;
    await this.#child.request({ type: "arm", failpoint, hit, markerFile: this.#markerFile });
  }

  /** Forgets what was armed and whether it fired, before the next case. */
  reset(): void {
    this.#armed = null;
  }

  /** True when the armed failpoint has killed a child. */
  hasFired(): boolean {
    return this.#armed?.hasFired ?? false;
  }

  /** No failpoint kills any more; {@link hasFired} stays as it is. */
  async disarm(): Promise<void> {
    await this.retryAcrossCrashes(() => this.#child.request({ type: "disarm" }));
    if (this.#armed !== null) this.#armed.crashesLeft = 0;
  }

  /** Puts the clock of jobs, sweeps and API calls `ms` ahead, until the next shift. */
  async shift(ms: number): Promise<void> {
    this.#shiftMs = ms;
    await this.retryAcrossCrashes(() => this.#child.request({ type: "shift", ms }));
  }

  async sweep(): Promise<void> {
    await this.retryAcrossCrashes(() => this.#child.request({ type: "sweep" }));
  }

  async verb<N extends VerbName>(
    name: N,
    actor: Context["actor"],
    ...args: VerbInput<N>
  ): Promise<VerbAnswer<N>> {
    return await this.retryAcrossCrashes(() => this.#child.verb(name, actor, args));
  }

  /** Sends an API request until it has a definite response. */
  async call(address: string, request: ApiRequest): Promise<ApiResponse> {
    return await this.retryAcrossCrashes(() => sendApiRequest(`${this.deployment.url}${address}`, request));
  }

  /** Makes jobs that wait for their next attempt due now, and takes back attempts that a real back-off would not have used. */
  async hurry(): Promise<void> {
    await this.restartChild();
    await this.deployment.hurry();
  }

  /** Repeats `work` after each crash, and while the response is retryable. */
  async retryAcrossCrashes<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const child = this.#child;
      try {
        return await work();
      } catch (error) {
        if (tries >= TRIES_MAX) throw error;
        if (error instanceof RetryableError) {
          // A first attempt that crashed counts as running until its time is over.
          await this.shift(this.#shiftMs + 5_000);
          await wait(BUSY_PAUSE_MS);
        } else if (error instanceof ProcessDiedError || isConnectionError(error)) {
          await Promise.race([child.exited, wait(EXIT_WITHIN_MS)]);
          if (!child.hasExited && error instanceof ProcessDiedError) throw error;
          await this.restartChild();
        } else throw error;
      }
    }
  }

  /** Replaces a child that died. Throws when it didn't die at the armed failpoint. */
  async restartChild(): Promise<void> {
    if (!this.#child.hasExited) return;
    this.#replacing ??= this.#replace().finally(() => {
      this.#replacing = null;
    });
    await this.#replacing;
  }

  async stop(): Promise<void> {
    this.#child.kill();
    this.#spare?.kill();
    await Promise.all([this.#child.exited, this.#spare?.exited]);
    await this.deployment.stop();
  }

  async #replace(): Promise<void> {
    const signal = await this.#child.exited;
    const last = fs.existsSync(this.#markerFile)
      ? fs.readFileSync(this.#markerFile, "utf8").trim().split("\n").at(-1)
      : undefined;
    if (
      signal !== "SIGKILL" ||
      this.#armed === null ||
      this.#armed.crashesLeft === 0 ||
      last !== this.#armed.failpoint
    ) {
      throw new Error(`the child ended (${signal ?? "by itself"}) at no armed failpoint`);
    }
    this.#armed.hasFired = true;
    this.#armed.crashesLeft -= 1;
    this.crashes += 1;
    this.#child = this.#spare ?? new InstrumentedProcess(this.#options);
    this.#spare = null;
    await this.#begin();
    const { failpoint, crashesLeft } = this.#armed;
    if (crashesLeft > 0)
      await this.#child.request({ type: "arm", failpoint, hit: 1, markerFile: this.#markerFile });
  }

  async #begin(): Promise<void> {
    await this.#child.loaded;
    await this.#child.request({ type: "begin" });
    if (this.#shiftMs !== 0) await this.#child.request({ type: "shift", ms: this.#shiftMs });
    // Loads in the background, so that the next crash costs no start.
    this.#spare = new InstrumentedProcess(this.#options);
  }
}
