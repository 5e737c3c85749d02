import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs";
import type { Context } from "@/lib/services/context";
import type { ChildRequest, ChildRequestBody, ChildResponse } from "./messages";
import type { VerbAnswer, VerbInput, VerbName } from "./verbs";

const LOADED_WITHIN_MS = 120_000;

/** The child died before it responded: what it was asked for may have been done or not. */
export class ProcessDiedError extends Error {}

/** The child responded with an error. `code` is a DomainError's, null for an error of another kind. */
export class RefusedError extends Error {
  constructor(
    readonly code: string | null,
    readonly problem: unknown,
  ) {
    super(`refused: ${code ?? JSON.stringify(problem)}`);
  }
}

/**
 * For a verb without an idempotency key: when its first attempt was committed and its response lost, the second one is
 * refused with `code`. Returns `instead` in that case.
 */
export function ifRefused<T>(code: string, instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof RefusedError && error.code === code) return instead;
    throw error;
  };
}

export interface ProcessOptions {
  entry: string;
  logFile: string;
  env: NodeJS.ProcessEnv;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One instrumented child process, spoken to over its IPC channel. */
export class InstrumentedProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** Resolves when its code is loaded, rejects when it exits before. */
  readonly loaded: Promise<void>;
  /** Resolves with the signal that ended it, or null. */
  readonly exited: Promise<NodeJS.Signals | null>;
  hasExited = false;

  constructor({ entry, logFile, env }: ProcessOptions) {
    const log = fs.openSync(logFile, "a", 0o600);
    this.#child = fork(entry, [], {
      // A process group of its own, so that Ctrl-C reaches only the resilience suite, which then ends the child.
      detached: true,
      env,
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", log, log, "ipc"],
    });
    fs.closeSync(log);
    this.#child.on("error", () => {});
    this.#child.on("message", (message) => this.#receive(message as ChildResponse));
    this.exited = new Promise((resolve) => {
      this.#child.once("exit", (_code, signal) => {
        this.hasExited = true;
        for (const { reject } of this.#waiting.values()) reject(new ProcessDiedError("the child died"));
        this.#waiting.clear();
        resolve(signal);
      });
    });
    this.loaded = this.#untilLoaded(logFile);
    // A spare child that nobody waits for must not end the suite by an unhandled rejection.
    this.loaded.catch(() => {});
  }

  async request(body: ChildRequestBody): Promise<unknown> {
    if (this.hasExited) throw new ProcessDiedError("the child has exited");
    this.#last += 1;
    const id = this.#last;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ ...body, id } as ChildRequest, (error) => {
        if (error !== null)
          this.#waiting.get(id)?.reject(new ProcessDiedError("the request didn't reach the child"));
      });
    });
  }

  async verb<N extends VerbName>(
    verb: N,
    actor: Context["actor"],
    args: VerbInput<N>,
  ): Promise<VerbAnswer<N>> {
    return (await this.request({ type: "verb", verb, actor, args: [...args] })) as VerbAnswer<N>;
  }

  kill(): void {
    if (!this.hasExited) this.#child.kill("SIGKILL");
  }

  #receive(response: ChildResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("value" in response) waiting?.resolve(response.value);
    else waiting?.reject(new RefusedError(response.refused, response.problem));
  }

  async #untilLoaded(logFile: string): Promise<void> {
    const timer = setTimeout(() => this.kill(), LOADED_WITHIN_MS);
    try {
      await new Promise<unknown>((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    } catch {
      throw new Error(`the instrumented child ended while it loaded; see ${logFile}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
