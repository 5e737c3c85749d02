import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { type MoneyDatabase, openMoneyDatabase } from "./money-database";
import type { PaymentKind } from "./payment-kind";
import { runCase } from "./run-case";
import type { Script } from "./script";

/** A new database after so many cases, since dead letters that nobody can resolve pile up. */
const CASES_PER_DATABASE = 25;

interface FaultScenario<S extends Script> extends Pick<Scenario, "promise" | "share"> {
  /** What its payments are called in the report. */
  payments: string;
  kind: PaymentKind<S>;
  /** Payments in a case. */
  sizes: { smoke: number; full: number };
}

/** Faults of providers to one kind of payment, in cases of their own. */
export function faultScenario<S extends Script>(
  name: string,
  { promise, share, ...settings }: FaultScenario<S>,
): Scenario {
  return { name, promise, share, run: (plan) => runCases(plan, settings) };
}

async function runCases<S extends Script>(
  plan: ScenarioPlan,
  { payments, kind, sizes }: Pick<FaultScenario<S>, "payments" | "kind" | "sizes">,
): Promise<ScenarioResult> {
  const counts: Record<string, number> = {
    cases: 0,
    [payments]: 0,
    calls: 0,
    callbacks: 0,
    jobs: 0,
    resolved: 0,
  };
  const faults = Object.fromEntries(kind.faults.map((fault) => [fault, 0]));
  const violations: ScenarioResult["violations"] = [];
  const add = (totals: Record<string, number>, name: string, howMany: number) => {
    totals[name] = (totals[name] ?? 0) + howMany;
  };
  let database: MoneyDatabase | undefined;
  try {
    for (const number of plan.cases(plan.isSmoke ? { most: 1 } : {})) {
      if (counts.cases && counts.cases % CASES_PER_DATABASE === 0) {
        await database?.close();
        database = undefined;
      }
      database ??= await openMoneyDatabase();
      const size = plan.isSmoke ? sizes.smoke : sizes.full;
      const given = { random: plan.random(number), caseName: `c${number}`, size };
      const run = await runCase(kind, database, given);
      violations.push(...[...new Set(run.violations)].map((what) => ({ case: number, what })));
      add(counts, "cases", 1);
      add(counts, payments, run.scripts.length);
      add(counts, "calls", run.book.counts.calls);
      add(counts, "callbacks", run.counts.deliveries);
      add(counts, "jobs", database.pump.counts.done + database.pump.counts.again);
      add(counts, "resolved", run.counts.resolved);
      for (const fault of kind.faults) add(faults, fault, run.faults[fault] ?? 0);
      plan.progress(`${payments}: case ${number}, ${counts[payments]}, ${violations.length} violations`);
    }
  } finally {
    await database?.close();
  }
  return { counts, faults, violations };
}
