import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { type DepositsPlayed, playDeposits } from "./deposit-case";
import { type DepositScript, type Fate, LIFETIME_MS } from "./deposit-script";
import { WAYS } from "./forged-callbacks";
import { type MoneyDatabase, openMoneyDatabase } from "./money-database";

const CASE_SIZE = 120;
const SLICE_SIZE = 40;
/** A database is worn out after so many cases: what nobody can decide piles up in its lists. */
const CASES_PER_HOUSE = 25;

type Faults = Record<string, number>;

/** Goal 4: whatever is told of deposits, by whom and how often, what is credited is what the provider's book confirms. */
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
  let deployment: MoneyDatabase | undefined;
  try {
    for (const number of plan.cases(plan.isSmoke ? { most: 1 } : {})) {
      if (counts.cases % CASES_PER_HOUSE === 0) {
        await deployment?.close();
        deployment = await openMoneyDatabase();
      }
      if (!deployment) throw new Error("a case has its deployment");
      const size = plan.isSmoke ? SLICE_SIZE : CASE_SIZE;
      const played = await playDeposits(deployment, plan.random(number), `c${number}`, size);
      violations.push(...played.violations.map((what) => ({ case: number, what })));
      counts.cases += 1;
      counts.deposits += played.scripts.length;
      counts.deliveries += played.counts.deliveries;
      count(faults, played);
      plan.progress(`deposits: case ${number}, ${counts.deposits} deposits, ${violations.length} violations`);
      const { done, again } = deployment.pump.counts;
      counts.jobs += done + again;
      Object.assign(deployment.pump.counts, { done: 0, again: 0 });
    }
  } finally {
    await deployment?.close();
  }
  return { counts, faults, violations };
}

const FAULT_OF_FATE: Partial<Record<Fate, string>> = {
  neverTold: "never told",
  late: "paid after expiry",
  lateNeverTold: "paid after expiry, never told",
  successThenFailed: "success then failed",
  failedThenSuccess: "failed then success",
  wrongAmount: "wrong amounts",
  wrongCurrency: "wrong currencies",
  wrongMode: "wrong modes",
  paidTwice: "paid twice",
  strangersReference: "strangers' references",
  booksBehind: "books behind",
  lyingHint: "lying hints",
};

const forgery = (way: string) => `forged: ${way}`;
const FORGERIES = [...WAYS, "guessed address"].map(forgery);

function noFaults(): Faults {
  const names = Object.values(FAULT_OF_FATE);
  return Object.fromEntries(
    [...names, ...FORGERIES, "duplicates", "late callbacks", "lost answers", "browser returns"].map(
      (name) => [name, 0],
    ),
  );
}

function count(faults: Faults, { scripts, counts, forged }: DepositsPlayed): void {
  const add = (name: string | undefined, howMany: number) => {
    if (name !== undefined) faults[name] = (faults[name] ?? 0) + howMany;
  };
  for (const script of scripts) {
    add(FAULT_OF_FATE[script.fate], 1);
    const told = script.events.flatMap(({ deliveries }) => deliveries);
    add("duplicates", told.length - script.events.length);
    add("late callbacks", isLate(script) ? 1 : 0);
  }
  for (const [way, howMany] of forged) add(forgery(way), howMany);
  add("lost answers", scripts.filter(({ isAnswerLost }) => isAnswerLost).length);
  add("browser returns", counts.returns);
}

function isLate({ events }: DepositScript): boolean {
  return events.some(({ deliveries }) => Math.min(...deliveries) > LIFETIME_MS);
}
