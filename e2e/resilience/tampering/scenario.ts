// A superuser changes single fields of the ledger, or rewrites it consistently: the audit, the seals or an earlier export of the
// seals show it each time. Every change is rolled back.
import type postgres from "postgres";
import { afterTampering } from "@/e2e/support/audit-breaches";
import type { Random } from "../random";
import { runCases } from "../run-cases";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { type Detection, type Detector, detect, isDetected } from "./detect";
import { createSealedLedger, type SealedLedger } from "./sealed-ledger";
import { TAMPER_CASES } from "./tamper-cases";

const BOUNDS = { smoke: { least: 60, most: 60 }, full: { least: 100, most: 1_000 } };
/** Rounds of operations before the tampering, of some fifty entries each. */
const ROUNDS = { smoke: 6, full: 24 };
const ATTEMPTS_MAX = 20;
/** Dead rows of rolled back tampering slow down the next case. */
const VACUUM_EVERY = 50;

const WEIGHTS = Object.fromEntries(Object.entries(TAMPER_CASES).map(([name, { weight }]) => [name, weight]));
const FAULTS = ["consistent changes", "undetected without seals", "undetected without an export"];

/** A superuser changes one thing, or many consistently; the checks must detect it each time. */
export const tampering: Scenario = {
  name: "tampering",
  promise: "whatever a superuser changes in the ledger is found by the audit, the seals or an export of them",
  share: 1,
  run: async (plan) => {
    const ledger = await createSealedLedger(plan.random(-1), plan.isSmoke ? ROUNDS.smoke : ROUNDS.full);
    try {
      return await tamperWith(ledger, plan, detect);
    } finally {
      await ledger.close();
    }
  },
};

/** One tampering per case, which `detector` checks for in the same transaction, rolled back afterwards. */
export async function tamperWith(
  ledger: SealedLedger,
  plan: ScenarioPlan,
  detector: Detector,
): Promise<ScenarioResult> {
  const { owner, exported, seals } = ledger;
  const untouched = await owner.begin((tx) => detector(tx, exported));
  const bounds = plan.isSmoke ? BOUNDS.smoke : BOUNDS.full;
  const tally = await runCases(plan, { faults: FAULTS, ...bounds }, async ({ number, random, tally }) => {
    if (number % VACUUM_EVERY === VACUUM_EVERY - 1) await owner`vacuum`;
    const { what, kind, detection } = await tamperOnce(ledger, random, detector);
    tally.count({ tamperings: 1 });
    if (kind === "consistent") {
      tally.fault("consistent changes");
      if (detection.arithmetic.length === 0) tally.fault("undetected without seals");
    }
    if (!isDetected({ ...detection, exportProblems: [] })) tally.fault("undetected without an export");
    return isDetected(detection) ? [] : [`not detected: ${what}`];
  });
  if (isDetected(untouched))
    tally.violate(0, [`detected on an untouched ledger: ${JSON.stringify(untouched, asText)}`]);
  tally.count({ "entries and postings": await countRows(owner), seals });
  return tally;
}

async function tamperOnce(
  { owner, exported }: SealedLedger,
  random: Random,
  detector: Detector,
): Promise<{ what: string; kind: string; detection: Detection }> {
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
    const kind = random.weighted(WEIGHTS) as keyof typeof TAMPER_CASES;
    const result = await afterTampering(owner, async (tx) => {
      const what = await tx.savepoint((sql) => TAMPER_CASES[kind].apply(sql, random)).catch(refused);
      return what === null ? null : { what, kind, detection: await detector(tx, exported) };
    });
    if (result) return result;
  }
  throw new Error("no tampering was possible");
}

/** A change that a constraint of the table refuses isn't possible. */
function refused(error: unknown): null {
  if (error instanceof Error && "code" in error && /^2[23]/.test(String(error.code))) return null;
  throw error;
}

async function countRows(owner: postgres.Sql): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select ((select count(*) from ledger_entries) + (select count(*) from ledger_postings))::int as count`;
  return row?.count ?? 0;
}

const asText = (_name: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
