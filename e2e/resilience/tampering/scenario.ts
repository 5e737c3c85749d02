// A superuser changes single fields of the ledger, or rewrites it consistently: the audit, the seals or an earlier export of the
// seals show it each time. Every change is rolled back.
import type postgres from "postgres";
import type { Random } from "../random";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { type Detection, type Detector, detect, isDetected } from "./detect";
import { changeField, removeRow, replaceFunction, swapSeals, type Tampering } from "./row-tampering";
import { createSealedLedger, type SealedLedger } from "./sealed-ledger";
import { changeAndReseal, changeConsistently, cutChain } from "./tamper-cases";

const BOUNDS = { smoke: { least: 60, most: 60 }, full: { least: 100, most: 1_000 } };
/** Rounds of operations before the tampering, of some fifty entries each. */
const ROUNDS = { smoke: 6, full: 24 };
const ATTEMPTS_MAX = 20;
/** Dead rows of rolled back tampering slow down the next case. */
const VACUUM_EVERY = 50;

const KINDS: Record<string, { weight: number; apply: Tampering }> = {
  field: { weight: 50, apply: changeField },
  removal: { weight: 8, apply: removeRow },
  swap: { weight: 3, apply: swapSeals },
  function: { weight: 1, apply: replaceFunction },
  consistent: { weight: 28, apply: changeConsistently },
  resealed: { weight: 6, apply: changeAndReseal },
  cut: { weight: 4, apply: cutChain },
};

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
  const counts = { tamperings: 0, "entries and postings": await countRows(ledger), seals: ledger.seals };
  const faults = {
    "consistent changes": 0,
    "undetected without seals": 0,
    "undetected without an export": 0,
  };
  const violations: ScenarioResult["violations"] = [];
  const untouched = await ledger.owner.begin((tx) => detector(tx, ledger.exported));
  if (isDetected(untouched)) {
    violations.push({
      case: 0,
      what: `detected on an untouched ledger: ${JSON.stringify(untouched, asText)}`,
    });
  }
  for (const number of plan.cases(plan.isSmoke ? BOUNDS.smoke : BOUNDS.full)) {
    if (number % VACUUM_EVERY === VACUUM_EVERY - 1) await ledger.owner`vacuum`;
    const { what, kind, detection } = await tamperOnce(ledger, plan.random(number), detector);
    plan.progress(`tampering ${number + 1}: ${what}`);
    counts.tamperings += 1;
    if (kind === "consistent") {
      faults["consistent changes"] += 1;
      if (detection.arithmetic.length === 0) faults["undetected without seals"] += 1;
    }
    const isDetectedByDatabase =
      detection.arithmetic.length + detection.audit.length + detection.seals.length > 0;
    if (!isDetectedByDatabase) faults["undetected without an export"] += 1;
    if (!isDetected(detection)) violations.push({ case: number, what: `not detected: ${what}` });
  }
  return { counts: { ...counts }, faults, violations };
}

async function tamperOnce(
  { owner, exported }: SealedLedger,
  random: Random,
  detector: Detector,
): Promise<{ what: string; kind: string; detection: Detection }> {
  const weights = Object.fromEntries(Object.entries(KINDS).map(([name, { weight }]) => [name, weight]));
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
    const kind = random.weighted(weights);
    const result = await rollBackAfter(owner, async (tx) => {
      await tx`set local session_replication_role = replica`;
      const what = await tx.savepoint((sql) => KINDS[kind]?.apply(sql, random) ?? null).catch(refused);
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

/** Runs `work` in a transaction that is rolled back. */
async function rollBackAfter<T>(
  owner: postgres.Sql,
  work: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T | null> {
  let result: T | null = null;
  const rollback = new Error("rolled back");
  await owner
    .begin(async (tx) => {
      result = await work(tx);
      throw rollback;
    })
    .catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
  return result;
}

async function countRows({ owner }: SealedLedger): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select ((select count(*) from ledger_entries) + (select count(*) from ledger_postings))::int as count`;
  return row?.count ?? 0;
}

const asText = (_name: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
