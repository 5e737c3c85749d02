import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./run-scenario";
import type { Scenario } from "./scenario";

const COMMAND = fileURLToPath(new URL("./main.ts", import.meta.url));
const PROCESSES = 2;

/**
 * A smoke run of `scenarios` in two processes at once, since a scenario mostly waits; in one process they would share the
 * override of providers. Returns their outcomes in the order of `scenarios`; those of a process that failed are missing.
 */
export async function runInParallel(
  scenarios: readonly Scenario[],
  { seed, home, signal }: { seed: string; home: string; signal: AbortSignal },
): Promise<Outcome[]> {
  const outcomes = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, number) => {
      const report = path.join(home, `process-${number}.json`);
      const share = scenarios.filter((_scenario, index) => index % PROCESSES === number);
      const only = share.map(({ name }) => name).join(",");
      const flags = ["--smoke", "--seed", seed, "--only", only, "--report", report];
      const child = spawn(process.execPath, ["--import", "tsx", COMMAND, ...flags], {
        stdio: ["ignore", "inherit", "inherit"],
      });
      signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
      await ended(child);
      return readOutcomes(report);
    }),
  );
  const all = outcomes.flat();
  return scenarios.flatMap(({ name }) => all.filter(({ scenario }) => scenario === name));
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
}

function readOutcomes(report: string): Outcome[] {
  if (!fs.existsSync(report)) return [];
  return (JSON.parse(fs.readFileSync(report, "utf8")) as { scenarios: Outcome[] }).scenarios;
}
