// Run by prove.mjs. `npm run resilience`: that nothing is lost and nothing doubled, whatever happens. `-- --minutes 10 --seed 7`; `--only a,b` runs
// some goals, `--case 12` plays one case of one goal again, `--smoke` is what `npm test` runs. Exits 1 on a breach, 2 when
// it couldn't run. The report is .data/reports/resilience.json, or --report.
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { explainProblem } from "@/e2e/bench/problem";
import { log } from "@/lib/log";
import { StartError } from "@/lib/server/start-error";
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
  // What verbs log in this process would stand between the goals' lines.
  log.level = "silent";
  const parts = chosenParts(values.only).filter((part) => !(values.smoke && part.isLong === true));
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-prove-"));
  // PostgreSQL's own account has to reach what is below when root asks; secrets and logs are for their owner only.
  fs.chmodSync(home, 0o755);
  const run: Run = {
    // Another one each time: what is proven once isn't worth proving again.
    seed: values.seed ?? String(randomInt(1_000_000)),
    minutes: values.smoke ? SMOKE_MINUTES : numberOf("minutes", values.minutes),
    isSmoke: values.smoke,
    case: values.case === undefined ? null : numberOf("case", values.case),
    home,
    signal: stopSignal(),
    say: (text) => process.stdout.isTTY && process.stdout.write(`\r\x1b[K  ${text}`),
  };
  if (run.case !== null && parts.length !== 1) throw new StartError("--case needs --only with one goal.");
  const isWholeSlice = run.isSmoke && values.only === undefined;
  const outcomes = isWholeSlice
    ? await runInParallel(parts, run)
    : await runInTurn(parts, run, values.report);
  if (isWholeSlice) {
    // What failed is in its lane's own place, which says so.
    fs.rmSync(run.home, { recursive: true, force: true });
    writeReport(run, outcomes, values.report);
  }
  return conclude(run, parts.length, outcomes);
}

async function runInTurn(parts: readonly Scenario[], run: Run, report: string): Promise<Outcome[]> {
  const budgets = budgetsOf(parts, run.minutes);
  const outcomes: Outcome[] = [];
  for (const part of parts) {
    if (run.signal.aborted) break;
    const outcome = await runScenario(part, run, budgets.get(part.name) ?? 0);
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    for (const line of linesOf(outcome)) console.log(line);
    outcomes.push(outcome);
    writeReport(run, outcomes, report);
  }
  return outcomes;
}

function chosenParts(only: string | undefined) {
  if (only === undefined) return SCENARIOS;
  const names = only.split(",");
  const unknown = names.find((name) => !SCENARIOS.some((part) => part.name === name));
  if (unknown !== undefined) {
    throw new StartError(`${unknown} is no goal; there are ${SCENARIOS.map(({ name }) => name).join(", ")}.`);
  }
  return SCENARIOS.filter(({ name }) => names.includes(name));
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) throw new StartError(`--${name} is a number from zero on.`);
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
    goals: outcomes,
  };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Null outside of a checkout. */
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

function conclude(run: Run, wanted: number, outcomes: readonly Outcome[]): number {
  const red = outcomes.filter(({ isGreen }) => !isGreen);
  const isWhole = outcomes.length === wanted && !run.signal.aborted;
  if (red.length === 0) fs.rmSync(run.home, { recursive: true, force: true });
  else if (fs.existsSync(run.home)) console.log(`  Logs and data of what failed: ${run.home}`);
  const stopped = isWhole ? "" : " before it was stopped";
  console.log(
    red.length === 0
      ? `All ${outcomes.length} goals hold${stopped}, seed ${run.seed}.`
      : `${red.length} of ${outcomes.length} goals don't hold, seed ${run.seed}.`,
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
