import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { inheritedEnvironment } from "@/lib/server/environment";
import type { ScenarioResult, Violation } from "../scenario";
import { AnchorError, type Mutation, mutate } from "./mutation";

interface MutationRun {
  /** A copy of the tree, which may be changed. */
  root: string;
  databaseUrl: string;
  signal: AbortSignal;
  /** Asked before each mutation but the first: false ends the run. */
  hasTime(): boolean;
  progress(text: string): void;
}

const TIMEOUT_MS = 180_000;

/** Applies one mutation after the other to the copy and runs its test, which must turn red. */
export async function runMutations(
  mutations: readonly { number: number; mutation: Mutation }[],
  run: MutationRun,
): Promise<ScenarioResult> {
  const counts = { mutations: 0, caught: 0 };
  const violations: Violation[] = [];
  const unchanged = new Map<string, Verdict>();
  for (const { number, mutation } of mutations) {
    const { name, file, test } = mutation;
    if (run.signal.aborted || (counts.mutations > 0 && !run.hasTime())) break;
    run.progress(`mutations: ${counts.mutations + 1} of ${mutations.length}, ${name}`);
    // On unchanged source the test must exist and be green, or red says nothing.
    const verdict = unchanged.get(test) ?? (await runTest(test, run));
    unchanged.set(test, verdict);
    const problem =
      verdict === "green" ? await tryMutation(mutation, run) : `${test} is ${verdict} on unchanged source`;
    counts.mutations += 1;
    if (problem === null) counts.caught += 1;
    else violations.push({ case: number, what: `"${name}" in ${file}: ${problem}` });
  }
  return { counts, faults: { "tests that went red": counts.caught }, violations };
}

/** Null when the mutation was caught. */
async function tryMutation(mutation: Mutation, run: MutationRun): Promise<string | null> {
  const file = path.join(run.root, mutation.file);
  const original = fs.readFileSync(file, "utf8");
  try {
    fs.writeFileSync(file, mutate(original, mutation));
    const verdict = await runTest(mutation.test, run);
    return verdict === "red" ? null : `it wasn't caught: its test is ${verdict}`;
  } catch (error) {
    if (!(error instanceof AnchorError)) throw error;
    return `${error.message}; name its place anew, or remove it with its rule`;
  } finally {
    fs.writeFileSync(file, original);
  }
}

/** How tests ended: all passed, a test failed, or they couldn't run. */
type Verdict = "green" | "red" | "missing or unable to run";

const report = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), success: z.boolean() });

/** Runs a test file of the tree at `root` against the server of `databaseUrl`, and stops at the first test that fails. */
async function runTest(file: string, { root, databaseUrl, signal }: MutationRun): Promise<Verdict> {
  const output = path.join(root, "vitest.json");
  fs.rmSync(output, { force: true });
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const flags = ["run", "--reporter=json", `--outputFile=${output}`, "--bail=1", "--maxWorkers=1"];
  await promisify(execFile)(process.execPath, [vitest, ...flags, file], {
    cwd: root,
    env: { ...inheritedEnvironment(), DATABASE_URL: databaseUrl, NODE_ENV: "test" },
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    maxBuffer: 50_000_000,
    signal,
  }).catch(() => {});
  signal.throwIfAborted();
  return verdictOf(fs.existsSync(output) ? fs.readFileSync(output, "utf8") : "");
}

/** The verdict of vitest's JSON report. A file that can't be loaded fails without a failed test: unable, not red. */
export function verdictOf(text: string): Verdict {
  // Vitest killed by its time limit leaves no report, or half of one.
  if (!text.endsWith("}")) return "missing or unable to run";
  const { numPassedTests, numFailedTests, success } = report.parse(JSON.parse(text));
  if (numFailedTests > 0) return "red";
  return success && numPassedTests > 0 ? "green" : "missing or unable to run";
}
