import fs from "node:fs";
import path from "node:path";
import type { ScenarioResult, Violation } from "../scenario";
import { AnchorError, type Mutation, mutate } from "./mutation";
import { runTests } from "./run-tests";

/** So many mutations share one run of their tests on unchanged source. */
const BATCH_SIZE = 15;

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
  /** Asked before each batch: false ends the run. */
  hasTime(): boolean;
  progress(text: string): void;
}

/** Applies one mutation after the other to the copy and runs its tests, which must turn red. */
export async function runMutations(
  mutations: readonly NumberedMutation[],
  run: MutationRun,
): Promise<ScenarioResult> {
  const counts = { mutations: 0, caught: 0 };
  const violations: Violation[] = [];
  for (let at = 0; at < mutations.length; at += BATCH_SIZE) {
    if (run.signal.aborted || (at > 0 && !run.hasTime())) break;
    const batch = mutations.slice(at, at + BATCH_SIZE);
    run.progress("mutations: the tests on unchanged source");
    const broken = await whyBroken(batch, run);
    if (broken !== null) {
      violations.push({ case: batch[0]?.number ?? 0, what: broken });
      break;
    }
    for (const { number, mutation } of batch) {
      if (run.signal.aborted) break;
      run.progress(`mutations: ${counts.mutations + 1} of ${mutations.length}, ${mutation.name}`);
      const problem = await tryMutation(mutation, run);
      counts.mutations += 1;
      if (problem === null) counts.caught += 1;
      else violations.push({ case: number, what: `"${mutation.name}" in ${mutation.file}: ${problem}` });
    }
  }
  return { counts, faults: { "tests that went red": counts.caught }, violations };
}

/** On unchanged source the tests must exist and be green, or red says nothing. Null when they are. */
async function whyBroken(batch: readonly NumberedMutation[], run: MutationRun): Promise<string | null> {
  const files = [...new Set(batch.map(({ mutation }) => mutation.test))];
  const missing = files.filter((file) => !fs.existsSync(path.join(run.root, file)));
  if (missing.length > 0) return `there is no ${missing.join(", ")}: name the tests anew`;
  const verdict = await runTests(files, run);
  return verdict === "green" || run.signal.aborted
    ? null
    : `on unchanged source, ${files.join(", ")}: ${verdict}`;
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
