import type postgres from "postgres";
import type { Random } from "../random";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { type Books, openBooks } from "./books";
import { type Detector, detect, type Found, isFound } from "./detect";
import { changeField, removeRow, replaceFunction, swapSeals, type Tampering } from "./rows";
import { cutChain, forge, forgeAndSeal } from "./tamper-cases";

const TAMPERINGS = 1_000;
/** Rounds of life on the ledger before it is tampered with; of some fifty entries each. */
const ROUNDS = { smoke: 6, full: 24 };
const TRIES_MAX = 20;
/** What a tampering leaves behind in the tables, rolled back as it is, slows the next one down. */
const VACUUM_EVERY = 50;

const KINDS: Record<string, { weight: number; act: Tampering }> = {
  field: { weight: 50, act: changeField },
  removal: { weight: 8, act: removeRow },
  swap: { weight: 3, act: swapSeals },
  function: { weight: 1, act: replaceFunction },
  forgery: { weight: 28, act: forge },
  resealed: { weight: 6, act: forgeAndSeal },
  cut: { weight: 4, act: cutChain },
};

class Rollback extends Error {}

/** A superuser changes one thing, or forges so well that every sum comes out; each time it is found. */
export const tampering: Scenario = {
  name: "tampering",
  promise: "whatever a superuser changes in the ledger is found by the audit, the seals or an export of them",
  share: 1,
  run: async (plan) => {
    const books = await openBooks(plan.random(-1), plan.isSmoke ? ROUNDS.smoke : ROUNDS.full);
    try {
      return await tamperWith(books, plan, detect);
    } finally {
      await books.close();
    }
  },
};

/** Case after case: one tampering each, looked for by `detector` in the transaction that did it and never commits. */
export async function tamperWith(
  books: Books,
  plan: ScenarioPlan,
  detector: Detector,
): Promise<ScenarioResult> {
  const counts = { tamperings: 0, "entries and postings": await countRows(books), seals: books.seals };
  const faults = { "consistent forgeries": 0, "missed without seals": 0, "missed without an export": 0 };
  const violations: ScenarioResult["violations"] = [];
  const sound = await books.owner.begin((tx) => detector(tx, books.exported));
  if (isFound(sound)) {
    violations.push({
      case: 0,
      what: `expected nothing on sound books, seen ${JSON.stringify(sound, asText)}`,
    });
  }
  for (const number of plan.cases(
    plan.isSmoke ? { least: 60, most: 60 } : { least: 100, most: TAMPERINGS },
  )) {
    if (number % VACUUM_EVERY === VACUUM_EVERY - 1) await books.owner`vacuum`;
    const { what, kind, found } = await tamperOnce(books, plan.random(number), detector);
    plan.progress(`tampering ${number + 1}: ${what}`);
    counts.tamperings += 1;
    if (kind === "forgery") {
      faults["consistent forgeries"] += 1;
      if (found.arithmetic.length === 0) faults["missed without seals"] += 1;
    }
    const isFoundAlone = found.arithmetic.length + found.audit.length + found.seals.length > 0;
    if (!isFoundAlone) faults["missed without an export"] += 1;
    if (!isFound(found))
      violations.push({ case: number, what: `expected to find it, seen nothing: ${what}` });
  }
  return { counts: { ...counts }, faults, violations };
}

async function tamperOnce(
  books: Books,
  random: Random,
  detector: Detector,
): Promise<{ what: string; kind: string; found: Found }> {
  const weights = Object.fromEntries(Object.entries(KINDS).map(([name, { weight }]) => [name, weight]));
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const kind = random.weighted(weights);
    const act = KINDS[kind]?.act;
    const result =
      act &&
      (await inVain(books.owner, (tx) => tamper(tx, random, act, (sql) => detector(sql, books.exported))));
    if (result) return { ...result, kind };
  }
  throw new Error("nothing could be tampered with");
}

async function tamper(
  tx: postgres.TransactionSql,
  random: Random,
  act: Tampering,
  look: (tx: postgres.TransactionSql) => Promise<Found>,
): Promise<{ what: string; found: Found } | null> {
  await tx`set local session_replication_role = replica`;
  const what = await tx.savepoint((sql) => act(sql, random)).catch(refused);
  return what === null ? null : { what, found: await look(tx) };
}

/** A row that the table itself doesn't take (a unique key, a check) can't be tampered with in this way. */
function refused(error: unknown): null {
  if (error instanceof Error && "code" in error && String(error.code).startsWith("23")) return null;
  throw error;
}

/** Does `work` in a transaction that is rolled back. */
async function inVain<T>(
  owner: postgres.Sql,
  work: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T | null> {
  let result: T | null = null;
  await owner
    .begin(async (tx) => {
      result = await work(tx);
      throw new Rollback();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Rollback)) throw error;
    });
  return result;
}

async function countRows({ owner }: Books): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select ((select count(*) from ledger_entries) + (select count(*) from ledger_postings))::int as count`;
  return row?.count ?? 0;
}

const asText = (_name: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
