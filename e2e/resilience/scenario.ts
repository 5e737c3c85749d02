import type { Random } from "./random";

/** Something that must never have happened. */
export interface Breach {
  /** Which case found it; its part, the seed and this number play it again. */
  case: number;
  /** One sentence a reader can act on: what was expected and what was seen. No secrets. */
  what: string;
}

/** What a part did. Numbers by name, in the order in which they are shown. */
export interface ScenarioResult {
  /** Work done: histories, operations, kills, requests… */
  counts: Record<string, number>;
  /** Faults that had to happen for the part to mean anything, and how often each did: a zero fails the run. */
  faults: Record<string, number>;
  breaches: Breach[];
}

/** What a part is told. */
export interface ScenarioPlan {
  /** Everything random follows from it: draw from {@link ScenarioPlan.random}, never from Math.random. */
  seed: string;
  /** Random numbers of case `number`: the same seed, part and case give the same ones, on every machine. */
  random(number: number): Random;
  /**
   * The cases to run: 0, 1, 2, … until the time for this part is over (at least `least` of them, at most `most`), or only the
   * one to be played again.
   */
  cases(bounds?: { least?: number; most?: number }): Iterable<number>;
  /** True in `npm test`: the short, honest slice. */
  isSmoke: boolean;
  /** Milliseconds that are left for this part; zero when nothing new should be begun. */
  leftMs(): number;
  signal: AbortSignal;
  /** An empty directory for logs and data; kept when the part fails. */
  home: string;
  /** Shows progress to a person. */
  say(text: string): void;
}

/** One goal of the proof. */
export interface Scenario {
  /** As in `--only`. */
  name: string;
  /** What a green line says. */
  promise: string;
  /** Its share of the minutes beside the others'; zero for work of a fixed size. */
  share: number;
  /** True: too long for the slice in `npm test`, which leaves it out. */
  isLong?: boolean;
  run(plan: ScenarioPlan): Promise<ScenarioResult>;
}
