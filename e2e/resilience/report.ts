import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Outcome, Run } from "./run-scenario";
import type { ScheduledScenario } from "./scenarios";

const VIOLATIONS_SHOWN = 5;
const NAME_WIDTH = 14;

/** The line of a scenario; below a red one what was found, and the command that replays it. */
export function linesOf(outcome: Outcome): string[] {
  const { scenario, promise, seed, isSmoke, seconds, counts, faults, violations, missing, problem } = outcome;
  const numbers = Object.entries({ ...counts, ...faults }).map(([name, count]) => `${count} ${name}`);
  const replay = `npm run resilience -- ${isSmoke ? "--smoke " : ""}--only ${scenario} --seed ${seed} --case`;
  const more = violations.length - VIOLATIONS_SHOWN;
  return [
    `${signOf(outcome)} ${scenario.padEnd(NAME_WIDTH)} ${promise} · ${numbers.join(", ")} · seed ${seed}, ${seconds} s`,
    ...(problem === null ? [] : [`    stopped by an error: ${problem}`]),
    ...missing.map((name) => `    this fault never happened: ${name}`),
    ...violations
      .slice(0, VIOLATIONS_SHOWN)
      .flatMap(({ case: number, what }) => [
        `    case ${number}: ${what}`,
        `      replay: ${replay} ${number}`,
      ]),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

const signOf = ({ isGreen }: Outcome) => (isGreen ? "✓" : "✗");

type Listed = Pick<ScheduledScenario, "name" | "unit" | "unitName">;

/** One line a scenario: how it ended, its time and its main count. Those without time are named too. */
export function tableOf(scenarios: readonly Listed[], outcomes: readonly Outcome[]): string[] {
  return scenarios.map(({ name, unit, unitName = unit }) => {
    const outcome = outcomes.find(({ scenario }) => scenario === name);
    if (!outcome) return `- ${name.padEnd(NAME_WIDTH)} not run`;
    const count = { ...outcome.counts, ...outcome.faults }[unit] ?? 0;
    const time = `${outcome.seconds.toFixed(1)} s`.padStart(8);
    return `${signOf(outcome)} ${name.padEnd(NAME_WIDTH)} ${time} ${String(count).padStart(8)} ${unitName}`;
  });
}

/** What happened, for programs. */
export function writeReport(run: Run, outcomes: readonly Outcome[], file: string): void {
  const cores = os.cpus();
  const report = {
    at: new Date().toISOString(),
    commit: commit(),
    machine: `${cores.length} cores, ${cores[0]?.model.trim() ?? "unknown"}, Node.js ${process.version}`,
    ...{ seed: run.seed, minutes: run.minutes, smoke: run.isSmoke, scenarios: outcomes },
  };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** The commit of this checkout; null outside of git. */
function commit(): string | null {
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  const command = ["-c", "safe.directory=*", "rev-parse", "--short", "HEAD"];
  try {
    return execFileSync("git", command, { encoding: "utf8", stdio }).trim();
  } catch {
    return null;
  }
}
