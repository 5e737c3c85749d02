// Promise: whatever a tontine's members do, each has the sums that the rules give them, which a model computes apart from the product,
// and the audit's promises T1 to T14 hold.
import { runCases } from "../run-cases";
import type { Scenario } from "../scenario";
import { runHistory } from "./history";
import { openTontineDatabase } from "./world";

// The audit reads the groups of all cases before.
const CASES_PER_DATABASE = 40;

export const tontines: Scenario = {
  name: "tontines",
  promise: "whatever its members do, a tontine gives each what its rules say",
  share: 2,
  // Until the histories that the README names are explained: a smoke run draws a new seed each time.
  isLong: true,
  run: async (plan) => {
    let database = await openTontineDatabase();
    let cases = 0;
    try {
      return await runCases(plan, {}, async (one) => {
        if (cases === CASES_PER_DATABASE) {
          await database.close();
          database = await openTontineDatabase();
          cases = 0;
        }
        const found = await runHistory(database, one);
        // A violation would be found again in the same database.
        cases = found.length > 0 ? CASES_PER_DATABASE : cases + 1;
        return found;
      });
    } finally {
      await database.close();
    }
  },
};
