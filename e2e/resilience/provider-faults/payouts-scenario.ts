import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { type MoneyDatabase, openMoneyDatabase } from "./money-database";
import { type PayoutsPlayed, playPayouts } from "./payout-case";
import { ANSWER_NAMES, ENDING_NAMES } from "./payout-script";

const CASE_SIZE = 100;
const SLICE_SIZE = 40;
const CASES_PER_HOUSE = 25;

type Faults = Record<string, number>;

/** Goal 5: whatever a payout provider does, says, or doesn't say, a withdrawal is paid once or refunded, never both. */
export const payoutFaults: Scenario = {
  name: "payout-faults",
  promise: "every withdrawal is paid xor refunded, and only on a certain no",
  share: 3,
  run,
};

async function run(plan: ScenarioPlan): Promise<ScenarioResult> {
  const counts = { cases: 0, payouts: 0, calls: 0, callbacks: 0, jobs: 0, decided: 0 };
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
      const played = await playPayouts(deployment, plan.random(number), `c${number}`, size);
      violations.push(...played.violations.map((what) => ({ case: number, what })));
      counts.cases += 1;
      counts.payouts += played.scripts.length;
      counts.calls += played.book.counts.calls;
      counts.callbacks += played.counts.deliveries;
      counts.decided += played.counts.decided;
      const { done, again, died, twice } = deployment.pump.counts;
      counts.jobs += done + again + died;
      count(faults, played, { died, twice });
      Object.assign(deployment.pump.counts, { done: 0, again: 0, died: 0, twice: 0 });
      plan.progress(
        `payouts: case ${number}, ${counts.payouts} withdrawals, ${violations.length} violations`,
      );
    }
  } finally {
    await deployment?.close();
  }
  return { counts, faults, violations };
}

/** As people read it: accepted then timeout. */
const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const LIES = ANSWER_NAMES.filter((name) => name !== "accepted");
const TURNS = ENDING_NAMES.filter((name) => name !== "paid");
const OTHERS = [
  "never told",
  "lagging answers",
  "outages",
  "duplicate sends",
  "lying noes",
  "doubled jobs",
  "dead workers",
  "late answers",
  "stops",
  "conflicts",
  "refunds spent",
];

function noFaults(): Faults {
  return Object.fromEntries([...[...LIES, ...TURNS].map(words), ...OTHERS].map((name) => [name, 0]));
}

function count(faults: Faults, played: PayoutsPlayed, jobs: { died: number; twice: number }): void {
  const { scripts, book, counts } = played;
  const add = (name: string, howMany: number) => {
    faults[name] = (faults[name] ?? 0) + howMany;
  };
  const number = (isOne: (script: (typeof scripts)[number]) => boolean) => scripts.filter(isOne).length;
  for (const lie of LIES) add(words(lie), book.answered.get(lie) ?? 0);
  for (const turn of TURNS)
    add(
      words(turn),
      number(({ ending }) => ending === turn),
    );
  add(
    "never told",
    number(({ deliveries }) => deliveries[0].length === 0),
  );
  add(
    "lagging answers",
    number(({ lagMs }) => lagMs > 0),
  );
  add(
    "outages",
    number(({ outages }) => outages > 0),
  );
  add("duplicate sends", book.counts.duplicates);
  add("lying noes", book.counts.lyingNoes);
  add("doubled jobs", jobs.twice);
  add("dead workers", jobs.died);
  add("late answers", counts.zombies);
  add("stops", counts.stops);
  add("conflicts", counts.conflicts);
  add("refunds spent", counts.spent);
}
