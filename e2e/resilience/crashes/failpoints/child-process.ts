import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs";
import type { Context } from "@/lib/services/context";
import type { Answer, Question, Unnumbered } from "./messages";
import type { VerbAnswer, VerbInput, VerbName } from "./verbs";

const LOADED_WITHIN_MS = 120_000;

/** The child died: what it was doing may have been done or not. */
export class DeadError extends Error {}

/** It said no, with a DomainError's code; null for an error of another kind. */
export class RefusedError extends Error {
  constructor(
    readonly code: string | null,
    readonly problem: unknown,
  ) {
    super(`refused: ${code ?? JSON.stringify(problem)}`);
  }
}

/** Where the child comes from, and what it is told. */
export interface VictimPlan {
  entry: string;
  logFile: string;
  env: NodeJS.ProcessEnv;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One instrumented child: it is asked over its channel, and dies once. */
export class Victim {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** Resolves when its code is loaded; rejects when it dies before. */
  readonly loaded: Promise<void>;
  /** Resolves with the signal that ended it, or null. */
  readonly gone: Promise<NodeJS.Signals | null>;
  isDead = false;

  constructor(plan: VictimPlan) {
    const log = fs.openSync(plan.logFile, "a", 0o600);
    this.#child = fork(plan.entry, [], {
      // A group of its own: Ctrl-C is for the proof, which ends it.
      detached: true,
      env: plan.env,
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", log, log, "ipc"],
    });
    fs.closeSync(log);
    this.#child.on("error", () => {});
    this.#child.on("message", (told) => this.#hear(told as Answer));
    this.gone = new Promise((resolve) => {
      this.#child.once("exit", (_code, signal) => {
        this.isDead = true;
        for (const { reject } of this.#waiting.values()) reject(new DeadError("the child died"));
        this.#waiting.clear();
        resolve(signal);
      });
    });
    this.loaded = this.#untilLoaded(plan.logFile);
    // Whoever waits for it hears of it; a spare that nobody waits for ends nothing.
    this.loaded.catch(() => {});
  }

  async ask(question: Unnumbered): Promise<unknown> {
    if (this.isDead) throw new DeadError("the child is dead");
    this.#last += 1;
    const id = this.#last;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ ...question, id } as Question, (error) => {
        if (error !== null) this.#waiting.get(id)?.reject(new DeadError("the child didn't hear"));
      });
    });
  }

  async verb<N extends VerbName>(
    verb: N,
    actor: Context["actor"],
    given: VerbInput<N>,
  ): Promise<VerbAnswer<N>> {
    return (await this.ask({ ask: "verb", verb, actor, given: [...given] })) as VerbAnswer<N>;
  }

  kill(): void {
    if (!this.isDead) this.#child.kill("SIGKILL");
  }

  #hear(told: Answer): void {
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if ("value" in told) waiting?.resolve(told.value);
    else waiting?.reject(new RefusedError(told.refused, told.problem));
  }

  async #untilLoaded(logFile: string): Promise<void> {
    const timer = setTimeout(() => this.kill(), LOADED_WITHIN_MS);
    try {
      await new Promise<unknown>((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    } catch {
      throw new Error(`the instrumented child ended while it loaded; its words are in ${logFile}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
