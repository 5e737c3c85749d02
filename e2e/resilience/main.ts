// `npm run resilience`, started by main.mjs: injects faults and checks that no money is lost or doubled.
// `--minutes 10 --seed 7`; `--only a,b` runs some scenarios, `--case 12` one case of one scenario, `--smoke` is the short run
// of `npm test`. Exits 1 on a violation, 2 when it couldn't run. The report is .data/reports/resilience.json, or --report.
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { explainProblem } from "@/lib/cli/explain-problem";
import { log } from "@/lib/log";
import { StartError } from "@/lib/start-error";
import { runInParallel } from "./run-in-parallel";
import { budgetsOf, linesOf, type Outcome, type Run, runScenario } from "./run-scenario";
import type { Scenario } from "./scenario";
import { SCENARIOS } from "./scenarios";

const OPTIONS = {
  minutes: { type: "string", default: "10" },
  seed: { type: "string" },
  only: { type: "string" },
  case: { type: "string" },
  smoke: { type: "boolean", default: false },
  report: { type: "string", default: path.join(".data", "reports", "resilience.json") },
} as const;

const SMOKE_MINUTES = 0.5;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  // Verbs that run in this process would log between the lines of the report.
  log.level = "silent";
  const scenarios = chosenScenarios(values.only).filter(({ isLong }) => !(values.smoke && isLong === true));
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-resilience-"));
  // Run by root, PostgreSQL has an account of its own that must reach its data below; secrets and logs stay private.
  fs.chmodSync(home, 0o755);
  const run: Run = {
    // Without --seed each run draws other cases.
    seed: values.seed ?? String(randomInt(1_000_000)),
    minutes: values.smoke ? SMOKE_MINUTES : numberOf("minutes", values.minutes),
    isSmoke: values.smoke,
    case: values.case === undefined ? null : numberOf("case", values.case),
    home,
    signal: stopSignal(),
    progress: (text) => process.stdout.isTTY && process.stdout.write(`\r\x1b[K  ${text}`),
  };
  if (run.case !== null && scenarios.length !== 1)
    throw new StartError("--case needs --only with one scenario.");
  const isWholeSmoke = run.isSmoke && values.only === undefined;
  const outcomes = isWholeSmoke
    ? await runInParallel(scenarios, run)
    : await runInTurn(scenarios, run, values.report);
  if (isWholeSmoke) {
    // The child processes keep and name the directories of what failed.
    fs.rmSync(run.home, { recursive: true, force: true });
    writeReport(run, outcomes, values.report);
  }
  return conclude(run, scenarios.length, outcomes);
}

async function runInTurn(scenarios: readonly Scenario[], run: Run, report: string): Promise<Outcome[]> {
  const budgets = budgetsOf(scenarios, run.minutes);
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    if (run.signal.aborted) break;
    const outcome = await runScenario(scenario, run, budgets.get(scenario.name) ?? 0);
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    for (const line of linesOf(outcome)) console.log(line);
    outcomes.push(outcome);
    writeReport(run, outcomes, report);
  }
  return outcomes;
}

function chosenScenarios(only: string | undefined) {
  if (only === undefined) return SCENARIOS;
  const names = only.split(",");
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    const known = SCENARIOS.map(({ name }) => name).join(", ");
    throw new StartError(`There is no scenario ${unknown}. There are: ${known}.`);
  }
  return SCENARIOS.filter(({ name }) => names.includes(name));
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0)
    throw new StartError(`--${name} must be a number, zero or more.`);
  return number;
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(new StartError("Stopped.")));
  }
  return stop.signal;
}

function writeReport(run: Run, outcomes: readonly Outcome[], file: string): void {
  const cores = os.cpus();
  const report = {
    at: new Date().toISOString(),
    commit: commit(),
    machine: `${cores.length} cores, ${cores[0]?.model.trim() ?? "unknown"}, Node.js ${process.version}`,
    seed: run.seed,
    minutes: run.minutes,
    smoke: run.isSmoke,
    scenarios: outcomes,
  };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** The commit of this checkout; null outside of git. */
function commit(): string | null {
  try {
    return execFileSync("git", ["-c", "safe.directory=*", "rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null;
  }
}

function conclude(run: Run, planned: number, outcomes: readonly Outcome[]): number {
  const red = outcomes.filter(({ isGreen }) => !isGreen);
  const isWhole = outcomes.length === planned && !run.signal.aborted;
  if (red.length === 0) fs.rmSync(run.home, { recursive: true, force: true });
  else if (fs.existsSync(run.home)) console.log(`  Logs and data of the failed scenarios: ${run.home}`);
  const stopped = isWhole ? "" : " before it was stopped";
  console.log(
    red.length === 0
      ? `All ${outcomes.length} scenarios held${stopped}, seed ${run.seed}.`
      : `${red.length} of ${outcomes.length} scenarios failed, seed ${run.seed}.`,
  );
  if (red.length > 0) return 1;
  return isWhole ? 0 : 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`✗ ${explainProblem(error)}`);
  process.exitCode = 2;
}
