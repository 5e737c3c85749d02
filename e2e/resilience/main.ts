// `npm run resilience`, started by main.mjs: injects faults and checks that no money is lost or doubled.
import { randomInt } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuilt } from "@/lib/cli/bootstrap/install.mjs";
import { createProgress } from "@/lib/cli/bootstrap/progress.mjs";
import { ToolError } from "@/lib/cli/bootstrap/run.mjs";
import { explainProblem } from "@/lib/cli/explain-problem";
import { log } from "@/lib/log";
import { StartError } from "@/lib/start-error";
import { randomFrom } from "./random";
import { linesOf, tableOf, writeReport } from "./report";
import { runInParallel } from "./run-in-parallel";
import { type Outcome, type Run, runScenario } from "./run-scenario";
import { SCENARIOS, type ScheduledScenario } from "./scenarios";
import { budgetOf, chooseScenarios, minutesForAll } from "./schedule";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REPORT = path.join(".data", "reports", "resilience.json");
const SMOKE_MINUTES = 0.5;
/** What a run may take longer or shorter than asked. */
const TOLERANCE = 0.1;

const HELP = `npm run resilience -- [options]

  --minutes N    about so long, ${minutesForAll(SCENARIOS)} unless given; a build of the pages comes on top and is timed apart
  --sample       succeed although there is no time for some scenarios, chosen by the seed
  --seed S       draw the same cases again; another seed each time unless given
  --only a,b     some scenarios: ${SCENARIOS.map(({ name }) => name).join(", ")}
  --case N       one case of one scenario
  --smoke        the short run of npm test, without the long scenarios
  --report FILE  ${REPORT} unless given

Exits 0 if every scenario held, 1 on a violation, 2 if it was stopped, couldn't run, or had no time for a scenario and wasn't
asked for a sample.`;

const OPTIONS = {
  minutes: { type: "string", default: String(minutesForAll(SCENARIOS)) },
  sample: { type: "boolean", default: false },
  seed: { type: "string" },
  only: { type: "string" },
  case: { type: "string" },
  smoke: { type: "boolean", default: false },
  report: { type: "string", default: REPORT },
  help: { type: "boolean", default: false },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  // Verbs that run in this process would log between the lines of the report.
  log.level = "silent";
  const wanted = wantedScenarios(values.only).filter(({ isLong }) => !(values.smoke && isLong === true));
  const run: Run = {
    // Without --seed each run draws other cases.
    seed: values.seed ?? String(randomInt(1_000_000)),
    minutes: values.smoke ? SMOKE_MINUTES : numberOf("minutes", values.minutes),
    isSmoke: values.smoke,
    case: values.case === undefined ? null : numberOf("case", values.case),
    home: fs.mkdtempSync(path.join(os.tmpdir(), "cauris-resilience-")),
    signal: stopSignal(),
    progress: (text) => process.stdout.isTTY && process.stdout.write(`\r\x1b[K  ${text}`),
  };
  // Run by root, PostgreSQL has an account of its own that must reach its data below; secrets and logs stay private.
  fs.chmodSync(run.home, 0o755);
  if (run.case !== null && wanted.length !== 1)
    throw new StartError("--case needs --only with one scenario.");
  const scenarios =
    run.isSmoke || run.case !== null
      ? wanted
      : chooseScenarios(wanted, run.minutes, randomFrom(`${run.seed}/scenarios`));
  if (scenarios.some(({ needsPages }) => needsPages)) await ensureBuilt(ROOT, createProgress());
  const startedAt = performance.now();
  const isWholeSmoke = run.isSmoke && values.only === undefined;
  const outcomes = isWholeSmoke
    ? await runInParallel(scenarios, run)
    : await runInTurn(scenarios, run, values.report);
  if (isWholeSmoke) writeReport(run, outcomes, values.report);
  return conclude(run, { wanted, outcomes, isSample: values.sample, ms: performance.now() - startedAt });
}

async function runInTurn(
  scenarios: readonly ScheduledScenario[],
  run: Run,
  report: string,
): Promise<Outcome[]> {
  const wholeMs = run.minutes * 60_000;
  const endsAt = performance.now() + wholeMs;
  // A smoke run and a replay run every scenario.
  const toleranceMs = run.isSmoke || run.case !== null ? Number.POSITIVE_INFINITY : wholeMs * TOLERANCE;
  let slowness = 1;
  const outcomes: Outcome[] = [];
  for (const [at, scenario] of scenarios.entries()) {
    if (run.signal.aborted) break;
    const leftMs = Math.max(0, endsAt - performance.now());
    const budgetMs = budgetOf(scenarios.slice(at), { leftMs, toleranceMs, slowness });
    if (budgetMs === null) continue;
    const outcome = await runScenario(scenario, run, budgetMs);
    slowness = Math.max(slowness, (outcome.seconds * 1_000) / budgetMs);
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    for (const line of linesOf(outcome)) console.log(line);
    outcomes.push(outcome);
    writeReport(run, outcomes, report);
  }
  return outcomes;
}

function wantedScenarios(only: string | undefined): readonly ScheduledScenario[] {
  if (only === undefined) return SCENARIOS;
  const names = only.split(",");
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown === undefined) return SCENARIOS.filter(({ name }) => names.includes(name));
  const known = SCENARIOS.map(({ name }) => name).join(", ");
  throw new StartError(`There is no scenario ${unknown}. There are: ${known}.`);
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new StartError(`--${name} must be a number, zero or more.`);
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(new StartError("Stopped.")));
  }
  return stop.signal;
}

interface Ending {
  wanted: readonly ScheduledScenario[];
  outcomes: readonly Outcome[];
  isSample: boolean;
  ms: number;
}

/** Prints the table and what it means; returns the exit code. */
function conclude(run: Run, { wanted, outcomes, isSample, ms }: Ending): number {
  const red = outcomes.filter(({ isGreen }) => !isGreen);
  const notRun = wanted.filter(({ name }) => !outcomes.some(({ scenario }) => scenario === name));
  for (const line of tableOf(wanted, outcomes)) console.log(line);
  if (red.length === 0 || fs.readdirSync(run.home).length === 0) fs.rmSync(run.home, { recursive: true });
  else console.log(`  Logs and data of the failed scenarios: ${run.home}`);
  const names = notRun.map(({ name }) => name).join(", ");
  const why = run.signal.aborted ? "stopped before" : `--minutes ${minutesForAll(wanted)} has time for`;
  if (notRun.length > 0) console.log(`  Not run: ${names} (${why} all).`);
  const verdict = red.length === 0 ? "All of them held" : `${red.length} of them failed`;
  const asked = run.isSmoke || run.case !== null ? "" : ` of ${run.minutes * 60}`;
  const ran = `${outcomes.length} scenarios ran in ${Math.round(ms / 1_000)}${asked} seconds, seed ${run.seed}.`;
  console.log(outcomes.length === 0 ? ran : `${ran} ${verdict}.`);
  if (red.length > 0) return 1;
  const isComplete = notRun.length === 0 || (isSample && outcomes.length > 0);
  return isComplete && !run.signal.aborted ? 0 : 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof ToolError) console.error(error.output);
  console.error(`✗ ${error instanceof ToolError ? error.message : explainProblem(error)}`);
  process.exitCode = 2;
}
