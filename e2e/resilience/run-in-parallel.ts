import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./run-scenario";
import type { Scenario } from "./scenario";

const COMMAND = fileURLToPath(new URL("./main.ts", import.meta.url));
const LANES = 2;

/**
 * Runs the slices of `parts` in two processes at once, since most of a part is waiting: in one process they would share their
 * providers. Answers their outcomes in the order of `parts`; those of a process that couldn't go on are missing.
 */
export async function runInParallel(
  parts: readonly Scenario[],
  { seed, home, signal }: { seed: string; home: string; signal: AbortSignal },
): Promise<Outcome[]> {
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    parts.filter((_part, index) => index % LANES === lane),
  );
  const outcomes = await Promise.all(
    lanes.map(async (lane, number) => {
      const report = path.join(home, `lane-${number}.json`);
      const only = lane.map(({ name }) => name).join(",");
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
  return parts.flatMap(({ name }) => all.filter(({ part }) => part === name));
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
}

function readOutcomes(report: string): Outcome[] {
  if (!fs.existsSync(report)) return [];
  const { goals } = JSON.parse(fs.readFileSync(report, "utf8")) as { goals: Outcome[] };
  return goals;
}
