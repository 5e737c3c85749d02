import type postgres from "postgres";
import type { Database } from "@/db/client";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { verifySeals } from "@/lib/ledger/sealing/verify-seals";
import type { SealProblem } from "@/lib/ledger/sealing/view";

const SEALS_INVARIANT = 13;

/** What the checks detected. */
export interface Detection {
  /** Violated invariants of the audit other than the seals'. */
  arithmetic: string[];
  /** Violated promises of invariant 13, the seals. */
  audit: string[];
  /** Seals that don't verify, by the database alone. */
  seals: SealProblem[];
  /** Seals that differ from an earlier export, or are missing. */
  exportProblems: SealProblem[];
}

/** Checks the ledger as it is inside the transaction `tx`, without knowing what was changed. */
export type Detector = (tx: postgres.TransactionSql, exported: readonly string[]) => Promise<Detection>;

/** The product's own checks: the full audit, and the seals compared with an export. */
export const detect: Detector = async (tx, exported) => {
  const db = databaseOf(tx);
  const lines = await auditLedger(db, () => {}, { isFull: true });
  const broken = lines.filter(({ breaches }) => breaches !== 0n);
  const { problems } = await verifySeals(db, { earlier: () => stream(exported) });
  const isExportProblem = ({ fault }: SealProblem) => fault === "rewritten" || fault === "gone";
  return {
    arithmetic: broken.filter(({ invariant }) => invariant !== SEALS_INVARIANT).map(({ promise }) => promise),
    audit: broken.filter(({ invariant }) => invariant === SEALS_INVARIANT).map(({ promise }) => promise),
    seals: problems.filter((problem) => !isExportProblem(problem)),
    exportProblems: problems.filter(isExportProblem),
  };
};

/** True when any check detected something. */
export function isDetected({ arithmetic, audit, seals, exportProblems }: Detection): boolean {
  return arithmetic.length + audit.length + seals.length + exportProblems.length > 0;
}

async function* stream(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** A database for verbs whose only connection is the tampering transaction, which is never committed. */
function databaseOf(tx: postgres.TransactionSql): Database {
  const overrides: Record<PropertyKey, unknown> = {
    begin: async (_mode: string, work: (sql: postgres.TransactionSql) => Promise<unknown>) =>
      await work(client),
    // Settings of one check would stay for the next one; they only change the speed.
    unsafe: (text: string) => (text.startsWith("set local ") ? Promise.resolve([]) : tx.unsafe(text)),
  };
  const client = new Proxy(tx, {
    get: (target, name) => overrides[name] ?? Reflect.get(target, name),
  });
  return { $client: client } as unknown as Database;
}
