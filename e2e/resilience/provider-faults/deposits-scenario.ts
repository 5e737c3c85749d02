import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { type DepositCaseResult, runDepositCase } from "./deposit-case";
import { type DepositScript, type Fate, LIFETIME_MS } from "./deposit-script";
import { FORGED_KINDS } from "./forged-callbacks";
import { runCases } from "./run-cases";

const CASE_SIZE = 120;
const SMOKE_SIZE = 40;

type Faults = Record<string, number>;

/** Duplicate, late, lost, contradictory and forged callbacks: only what the provider's book confirms is credited. */
export const depositFaults: Scenario = {
  name: "deposit-faults",
  promise: "every confirmed deposit is credited once, nothing else ever is",
  share: 2,
  run,
};

async function run(plan: ScenarioPlan): Promise<ScenarioResult> {
  const counts = { cases: 0, deposits: 0, deliveries: 0, jobs: 0 };
  const faults = noFaults();
  const violations: Violation[] = [];
  await runCases(plan, async (database, number) => {
    const size = plan.isSmoke ? SMOKE_SIZE : CASE_SIZE;
    const result = await runDepositCase(database, plan.random(number), `c${number}`, size);
    violations.push(...result.violations.map((what) => ({ case: number, what })));
    counts.cases += 1;
    counts.deposits += result.scripts.length;
    counts.deliveries += result.counts.deliveries;
    count(faults, result);
    plan.progress(`deposits: case ${number}, ${counts.deposits} deposits, ${violations.length} violations`);
    const { done, again } = database.pump.counts;
    counts.jobs += done + again;
    Object.assign(database.pump.counts, { done: 0, again: 0 });
  });
  return { counts, faults, violations };
}

const FAULT_OF_FATE: Partial<Record<Fate, string>> = {
  noCallback: "no callback",
  late: "paid after expiry",
  lateNoCallback: "paid after expiry, no callback",
  successThenFailed: "success then failed",
  failedThenSuccess: "failed then success",
  wrongAmount: "wrong amounts",
  wrongCurrency: "wrong currencies",
  wrongMode: "wrong modes",
  paidTwice: "paid twice",
  unknownReference: "unknown references",
  booksBehind: "books behind",
  falseHint: "false hints",
};

const forgedFault = (kind: string) => `forged: ${kind}`;
const FORGED_FAULTS = [...FORGED_KINDS, "guessed address"].map(forgedFault);

function noFaults(): Faults {
  const names = Object.values(FAULT_OF_FATE);
  return Object.fromEntries(
    [...names, ...FORGED_FAULTS, "duplicates", "late callbacks", "lost responses", "browser returns"].map(
      (name) => [name, 0],
    ),
  );
}

function count(faults: Faults, { scripts, counts, forged }: DepositCaseResult): void {
  const add = (name: string | undefined, howMany: number) => {
    if (name !== undefined) faults[name] = (faults[name] ?? 0) + howMany;
  };
  for (const script of scripts) {
    add(FAULT_OF_FATE[script.fate], 1);
    const content = script.events.flatMap(({ deliveries }) => deliveries);
    add("duplicates", content.length - script.events.length);
    add("late callbacks", isLate(script) ? 1 : 0);
  }
  for (const [kind, howMany] of forged) add(forgedFault(kind), howMany);
  add("lost responses", scripts.filter(({ isResponseLost }) => isResponseLost).length);
  add("browser returns", counts.returns);
}

function isLate({ events }: DepositScript): boolean {
  return events.some(({ deliveries }) => Math.min(...deliveries) > LIFETIME_MS);
}
