import fs from "node:fs";
import path from "node:path";
import type { ScenarioResult, Violation } from "../scenario";
import { AnchorError, type Mutation, mutate } from "./mutation";
import { runTests } from "./run-tests";

/** A mutation and the number of its case. */
export interface NumberedMutation {
  number: number;
  mutation: Mutation;
}

export interface MutationRun {
  /** A copy of the tree, which may be changed. */
  root: string;
  databaseUrl: string;
  signal: AbortSignal;
  /** Asked before each mutation but the first: false ends the run. */
  hasTime(): boolean;
  progress(text: string): void;
}

/** Applies one mutation after the other to the copy and runs its test, which must turn red. */
export async function runMutations(
  mutations: readonly NumberedMutation[],
  run: MutationRun,
): Promise<ScenarioResult> {
  const counts = { mutations: 0, caught: 0 };
  const violations: Violation[] = [];
  const unchanged = new Map<string, string | null>();
  for (const { number, mutation } of mutations) {
    const { name, file, test } = mutation;
    if (run.signal.aborted || (counts.mutations > 0 && !run.hasTime())) break;
    run.progress(`mutations: ${counts.mutations + 1} of ${mutations.length}, ${name}`);
    const broken = unchanged.has(test) ? unchanged.get(test) : await whyBroken(test, run);
    unchanged.set(test, broken ?? null);
    const problem = broken ?? (await tryMutation(mutation, run));
    counts.mutations += 1;
    if (problem === null) counts.caught += 1;
    else violations.push({ case: number, what: `"${name}" in ${file}: ${problem}` });
  }
  return { counts, faults: { "tests that went red": counts.caught }, violations };
}

/** On unchanged source the test must exist and be green, or red says nothing. Null when it is. */
async function whyBroken(test: string, run: MutationRun): Promise<string | null> {
  if (!fs.existsSync(path.join(run.root, test))) return `there is no ${test}: name the test anew`;
  const verdict = await runTests([test], run);
  return verdict === "green" ? null : `${test} is ${verdict} on unchanged source`;
}

/** Null when the mutation was caught. */
async function tryMutation(mutation: Mutation, run: MutationRun): Promise<string | null> {
  const file = path.join(run.root, mutation.file);
  const original = fs.readFileSync(file, "utf8");
  try {
    fs.writeFileSync(file, mutate(original, mutation));
    const verdict = await runTests([mutation.test], run);
    return verdict === "red" ? null : `it wasn't caught: its test is ${verdict}`;
  } catch (error) {
    if (!(error instanceof AnchorError)) throw error;
    return `${error.message}; name its place anew, or remove it with its rule`;
  } finally {
    fs.writeFileSync(file, original);
  }
}
