import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { type PayoutCaseResult, runPayoutCase } from "./payout-case";
import { CALL_OUTCOME_NAMES, ENDING_NAMES } from "./payout-script";
import { runCases } from "./run-cases";

const CASE_SIZE = 100;
const SMOKE_SIZE = 40;

type Faults = Record<string, number>;

/** Timeouts, errors, false refusals, reversals and dead workers: every withdrawal is paid once or refunded, never both. */
export const payoutFaults: Scenario = {
  name: "payout-faults",
  promise: "every withdrawal is paid xor refunded, and only on a certain no",
  share: 3,
  run,
};

async function run(plan: ScenarioPlan): Promise<ScenarioResult> {
  const counts = { cases: 0, payouts: 0, calls: 0, callbacks: 0, jobs: 0, resolved: 0 };
  const faults = noFaults();
  const violations: Violation[] = [];
  await runCases(plan, async (database, number) => {
    const size = plan.isSmoke ? SMOKE_SIZE : CASE_SIZE;
    const result = await runPayoutCase(database, plan.random(number), `c${number}`, size);
    violations.push(...result.violations.map((what) => ({ case: number, what })));
    counts.cases += 1;
    counts.payouts += result.scripts.length;
    counts.calls += result.book.counts.calls;
    counts.callbacks += result.counts.deliveries;
    counts.resolved += result.counts.resolved;
    const { done, again, died, twice } = database.pump.counts;
    counts.jobs += done + again + died;
    count(faults, result, { died, twice });
    Object.assign(database.pump.counts, { done: 0, again: 0, died: 0, twice: 0 });
    plan.progress(`payouts: case ${number}, ${counts.payouts} withdrawals, ${violations.length} violations`);
  });
  return { counts, faults, violations };
}

/** `acceptedThenTimeout` becomes `accepted then timeout`. */
const words = (name: string) => name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);

const CALL_FAULTS = CALL_OUTCOME_NAMES.filter((name) => name !== "accepted");
const ENDING_FAULTS = ENDING_NAMES.filter((name) => name !== "paid");
const OTHER_FAULTS = [
  "no callback",
  "lagging queries",
  "outages",
  "duplicate sends",
  "false refusals",
  "doubled jobs",
  "dead workers",
  "late responses",
  "stops",
  "conflicts",
  "refunds spent",
];

function noFaults(): Faults {
  return Object.fromEntries(
    [...[...CALL_FAULTS, ...ENDING_FAULTS].map(words), ...OTHER_FAULTS].map((name) => [name, 0]),
  );
}

function count(faults: Faults, result: PayoutCaseResult, jobs: { died: number; twice: number }): void {
  const { scripts, book, counts } = result;
  const add = (name: string, howMany: number) => {
    faults[name] = (faults[name] ?? 0) + howMany;
  };
  const number = (isOne: (script: (typeof scripts)[number]) => boolean) => scripts.filter(isOne).length;
  for (const outcome of CALL_FAULTS) add(words(outcome), book.outcomeCounts.get(outcome) ?? 0);
  for (const wanted of ENDING_FAULTS)
    add(
      words(wanted),
      number(({ ending }) => ending === wanted),
    );
  add(
    "no callback",
    number(({ deliveries }) => deliveries[0].length === 0),
  );
  add(
    "lagging queries",
    number(({ lagMs }) => lagMs > 0),
  );
  add(
    "outages",
    number(({ outages }) => outages > 0),
  );
  add("duplicate sends", book.counts.duplicates);
  add("false refusals", book.counts.falseRefusals);
  add("doubled jobs", jobs.twice);
  add("dead workers", jobs.died);
  add("late responses", counts.zombies);
  add("stops", counts.stops);
  add("conflicts", counts.conflicts);
  add("refunds spent", counts.spent);
}
