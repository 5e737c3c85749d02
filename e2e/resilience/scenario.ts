import type { Random } from "./random";

/** Something that must never happen and did. */
export interface Violation {
  /** The case that found it: scenario, seed and this number replay it. */
  case: number;
  /** One sentence: what was expected and what was seen. Holds no secrets. */
  what: string;
}

/** What a scenario did. Numbers by name, in the order in which they are printed. */
export interface ScenarioResult {
  /** Work done: histories, operations, kills, requests… */
  counts: Record<string, number>;
  /** How often each fault was injected. One that never happened fails the scenario: nothing was tested. */
  faults: Record<string, number>;
  violations: Violation[];
}

/** What a run gives to a scenario. */
export interface ScenarioPlan {
  seed: string;
  /** Random numbers of one case: the same seed, scenario and case give the same ones on every machine. Never use Math.random. */
  random(number: number): Random;
  /**
   * Numbers of the cases to run: 0, 1, 2, … until this scenario's time is over (at least `least`, at most `most` of them), or
   * only the one given by `--case`.
   */
  cases(bounds?: { least?: number; most?: number }): Iterable<number>;
  /** True for `--smoke`, the short run of `npm test -- resilience`. */
  isSmoke: boolean;
  /** Milliseconds left for this scenario; at zero nothing new is begun. */
  leftMs(): number;
  signal: AbortSignal;
  /** An empty directory for logs and data; kept when the scenario fails. */
  home: string;
  /** Replaces the progress line on a terminal. */
  progress(text: string): void;
}

/** One kind of fault that is injected, and the promise that has to hold all the same. */
export interface Scenario {
  /** As in `--only`. */
  name: string;
  /** Printed on its line of the report. */
  promise: string;
  /** Its share of the time that is left beyond everybody's least, relative to the others'; zero for work of a fixed size. */
  share: number;
  /** True: too long for a smoke run, which leaves it out. */
  isLong?: boolean;
  run(plan: ScenarioPlan): Promise<ScenarioResult>;
}
