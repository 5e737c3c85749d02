import { runCases } from "../run-cases";
import type { Scenario } from "../scenario";
import { type MoneyDatabase, openMoneyDatabase } from "./money-database";
import type { PaymentKind } from "./payment-kind";
import { runCase } from "./run-case";
import type { Script } from "./script";

/** A new database after so many cases, since dead letters that nobody can resolve pile up. */
const CASES_PER_DATABASE = 25;

interface Settings<S extends Script> extends Pick<Scenario, "name" | "promise" | "share"> {
  kind: PaymentKind<S>;
  /** Payments in a case. */
  sizes: { smoke: number; full: number };
  faults: readonly string[];
}

/** Faults of providers to one kind of payment, in cases of their own. */
export function faultScenario<S extends Script>(settings: Settings<S>): Scenario {
  const { name, promise, share, kind, sizes, faults } = settings;
  const run: Scenario["run"] = async (plan) => {
    const size = plan.isSmoke ? sizes.smoke : sizes.full;
    const bounds = plan.isSmoke ? { most: 1 } : {};
    const open: { database?: MoneyDatabase; cases: number } = { cases: 0 };
    try {
      return await runCases(plan, { faults, ...bounds }, async (one) => {
        if (open.cases % CASES_PER_DATABASE === 0) {
          await open.database?.close();
          open.database = await openMoneyDatabase();
        }
        open.cases += 1;
        return open.database ? await runCase(kind, open.database, { ...one, size }) : [];
      });
    } finally {
      await open.database?.close();
    }
  };
  return { name, promise, share, run };
}
