import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome, Run } from "./run-scenario";
import type { Scenario } from "./scenario";

const COMMAND = fileURLToPath(new URL("./main.ts", import.meta.url));
const PROCESSES = 2;

/**
 * A smoke run of `scenarios` in two processes at once, since a scenario mostly waits; in one process they would share the
 * override of providers. Returns their outcomes in the order of `scenarios`; those of a process that failed are missing.
 */
export async function runInParallel(scenarios: readonly Scenario[], run: Run): Promise<Outcome[]> {
  const shares = Array.from({ length: PROCESSES }, (_, number) =>
    runShare(
      scenarios.filter((_scenario, index) => index % PROCESSES === number),
      run,
    ),
  );
  const outcomes = (await Promise.all(shares)).flat();
  return scenarios.flatMap(({ name }) => outcomes.filter(({ scenario }) => scenario === name));
}

async function runShare(scenarios: readonly Scenario[], { seed, home, signal }: Run): Promise<Outcome[]> {
  const only = scenarios.map(({ name }) => name).join(",");
  const report = path.join(home, `${only}.json`);
  const flags = ["--smoke", "--seed", seed, "--only", only, "--report", report];
  const child = spawn(process.execPath, ["--import", "tsx", COMMAND, ...flags], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  await once(child, "close");
  if (!fs.existsSync(report)) return [];
  const outcomes = (JSON.parse(fs.readFileSync(report, "utf8")) as { scenarios: Outcome[] }).scenarios;
  // The child process keeps and names the directories of what failed; nothing else is left here.
  fs.rmSync(report);
  return outcomes;
}
