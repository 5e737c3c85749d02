import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { inheritedEnvironment } from "@/lib/server/environment";
import { AnchorError, type Mutation, mutate } from "./mutation";

interface MutationRun {
  /** A copy of the tree, which may be changed. */
  root: string;
  databaseUrl: string;
  signal: AbortSignal;
  /** Verdicts of tests on unchanged source, by test. */
  unchanged: Map<string, Verdict>;
}

const TIMEOUT_MS = 180_000;

/** Applies a mutation to the copy and runs its test, which must turn red. Returns what is wrong, or null. */
export async function problemOf(mutation: Mutation, run: MutationRun): Promise<string | null> {
  const { name, file, test } = mutation;
  // On unchanged source the test must exist and be green, or red says nothing.
  const verdict = run.unchanged.get(test) ?? (await runTest(test, run));
  run.unchanged.set(test, verdict);
  const problem =
    verdict === "green" ? await tryMutation(mutation, run) : `${test} is ${verdict} on unchanged source`;
  return problem && `"${name}" in ${file}: ${problem}`;
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
export type Verdict = "green" | "red" | "missing or unable to run";

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
