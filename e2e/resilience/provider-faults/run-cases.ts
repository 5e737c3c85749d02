import type { ScenarioPlan } from "../scenario";
import { type MoneyDatabase, openMoneyDatabase } from "./money-database";

/** A new database after so many cases, since unresolvable dead letters pile up. */
const CASES_PER_DATABASE = 25;

/** Runs each case of the plan on a money database that several cases share. */
export async function runCases(
  plan: ScenarioPlan,
  runCase: (database: MoneyDatabase, number: number) => Promise<void>,
): Promise<void> {
  let database: MoneyDatabase | undefined;
  let cases = 0;
  try {
    for (const number of plan.cases(plan.isSmoke ? { most: 1 } : {})) {
      if (database && cases % CASES_PER_DATABASE === 0) {
        await database.close();
        database = undefined;
      }
      database ??= await openMoneyDatabase();
      await runCase(database, number);
      cases += 1;
    }
  } finally {
    await database?.close();
  }
}
