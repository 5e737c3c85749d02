import type postgres from "postgres";
import type { Database } from "@/db/client";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { verifySeals } from "@/lib/ledger/sealing/verify-seals";
import type { SealProblem } from "@/lib/ledger/sealing/view";

const SEALS = 13;
/** What was found, and by whom. */
export interface Found {
  /** Promises of the audit that have nothing to do with seals. */
  arithmetic: string[];
  /** Promises of invariant 13. */
  audit: string[];
  /** Seals that don't hold, with the database alone. */
  seals: SealProblem[];
  /** Seals that an earlier export has otherwise, or has and we haven't. */
  beside: SealProblem[];
}

/** Looks at the ledger as it is inside the transaction `tx`; knows nothing of what was done to it. */
export type Detector = (tx: postgres.TransactionSql, exported: readonly string[]) => Promise<Found>;

/** The product's own: the full audit, and the seals beside an export. */
export const detect: Detector = async (tx, exported) => {
  const context = {
    actor: { kind: "system" },
    requestId: newKey(),
    db: databaseOf(tx),
    now: new Date(),
  } as const;
  const lines = await auditLedger(context, () => {}, { isFull: true });
  const broken = lines.filter(({ breaches }) => breaches !== 0n);
  const { problems } = await verifySeals(context, { earlier: () => stream(exported) });
  const isBeside = ({ fault }: SealProblem) => fault === "rewritten" || fault === "gone";
  return {
    arithmetic: broken.filter(({ invariant }) => invariant !== SEALS).map(({ promise }) => promise),
    audit: broken.filter(({ invariant }) => invariant === SEALS).map(({ promise }) => promise),
    seals: problems.filter((problem) => !isBeside(problem)),
    beside: problems.filter(isBeside),
  };
};

/** True when anything was found. */
export function isFound({ arithmetic, audit, seals, beside }: Found): boolean {
  return arithmetic.length + audit.length + seals.length + beside.length > 0;
}

async function* stream(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** The verbs read through a pool; this one has the tamperer's own transaction, which is never committed, as its connection. */
function databaseOf(tx: postgres.TransactionSql): Database {
  const overrides: Record<PropertyKey, unknown> = {
    begin: async (_mode: string, work: (sql: postgres.TransactionSql) => Promise<unknown>) =>
      await work(client),
    // Settings of one check would stay for the next one; all they change is how fast a long ledger is read.
    unsafe: (text: string) => (text.startsWith("set local ") ? Promise.resolve([]) : tx.unsafe(text)),
  };
  const client = new Proxy(tx, {
    get: (target, name) => overrides[name] ?? Reflect.get(target, name),
  });
  return { $client: client } as unknown as Database;
}
