import fs from "node:fs";
import path from "node:path";
import type { ScenarioResult, Violation } from "../scenario";
import type { Copy } from "./copy-tree";
import { AnchorError, type Mutation } from "./mutation";
import { runTests, type Tests, type Verdict } from "./run-tests";

/** So many mutations share one run of their tests on unchanged source. */
const BATCH_SIZE = 15;

/** A mutation and the number of its case. */
export interface NumberedMutation {
  number: number;
  mutation: Mutation;
}

export interface MutationRun {
  copy: Copy;
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
    const wanted = mutations.slice(at, at + BATCH_SIZE);
    const batch = wanted.filter(({ mutation }) => missingTest(mutation, run) === undefined);
    for (const { number, mutation } of wanted) {
      const file = missingTest(mutation, run);
      if (file !== undefined)
        violations.push({
          case: number,
          what: `"${mutation.name}": there is no ${file}; name its tests anew`,
        });
    }
    run.progress("mutations: the tests on unchanged source");
    const broken = await brokenTests(batch, run);
    violations.push(...broken);
    if (broken.length > 0) break;
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

function missingTest({ tests }: Mutation, { copy }: MutationRun): string | undefined {
  return tests.find((file) => !fs.existsSync(path.join(copy.root, file)));
}

/** Null when the mutation was caught. */
async function tryMutation(mutation: Mutation, run: MutationRun): Promise<string | null> {
  let revert: () => void;
  try {
    revert = run.copy.apply(mutation);
  } catch (error) {
    if (!(error instanceof AnchorError)) throw error;
    return `${error.message}; name its place anew, or remove it with its rule`;
  }
  try {
    const verdict = await testMutated(mutation, run);
    return verdict === "red" ? null : `it wasn't caught: its tests are ${verdict}`;
  } finally {
    revert();
  }
}

/** The named test first; all tests of the files when it didn't catch it, or isn't called that any more. */
async function testMutated({ tests, only }: Mutation, run: MutationRun): Promise<Verdict> {
  const target = targetOf(run);
  if (only !== undefined && (await runTests({ files: tests, names: [only] }, target)) === "red") return "red";
  return await runTests({ files: tests }, target);
}

/** On unchanged source the tests must be green, or red says nothing. */
async function brokenTests(batch: readonly NumberedMutation[], run: MutationRun): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const tests of testsOf(batch)) {
    const verdict = await runTests(tests, targetOf(run));
    if (verdict === "green" || run.signal.aborted) continue;
    violations.push({
      case: batch[0]?.number ?? 0,
      what: `on unchanged source, ${tests.files.join(", ")}: ${verdict}`,
    });
  }
  return violations;
}

/** The tests of the mutations: whole files in one run, named tests in another. */
function testsOf(batch: readonly NumberedMutation[]): Tests[] {
  const all = batch.map(({ mutation }) => mutation);
  const whole = all.filter(({ only }) => only === undefined);
  const named = all.filter(({ only }) => only !== undefined);
  const filesOf = (some: readonly Mutation[]) => [...new Set(some.flatMap(({ tests }) => tests))];
  const names = [...new Set(named.flatMap(({ only }) => only ?? []))];
  return [
    ...(whole.length > 0 ? [{ files: filesOf(whole) }] : []),
    ...(named.length > 0 ? [{ files: filesOf(named), names }] : []),
  ];
}

function targetOf({ copy, databaseUrl, signal }: MutationRun) {
  return { root: copy.root, databaseUrl, signal };
}
