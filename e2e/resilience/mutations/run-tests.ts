import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { inheritedEnvironment } from "@/lib/server/environment";

const TIMEOUT_MS = 180_000;

/** How tests ended: all passed, a test failed, or they couldn't run. */
export type Verdict = "green" | "red" | "unable";

const report = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), success: z.boolean() });

/** Runs test files of the tree at `root` against the server of `databaseUrl`, and stops at the first test that fails. */
export async function runTests(
  files: readonly string[],
  { root, databaseUrl, signal }: { root: string; databaseUrl: string; signal: AbortSignal },
): Promise<Verdict> {
  const output = path.join(root, "vitest.json");
  fs.rmSync(output, { force: true });
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const flags = ["run", "--reporter=json", `--outputFile=${output}`, "--bail=1", "--maxWorkers=1"];
  await promisify(execFile)(process.execPath, [vitest, ...flags, ...files], {
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
  if (!text.endsWith("}")) return "unable";
  const { numPassedTests, numFailedTests, success } = report.parse(JSON.parse(text));
  if (numFailedTests > 0) return "red";
  return success && numPassedTests > 0 ? "green" : "unable";
}
