import type postgres from "postgres";
import type { Intent } from "./intent";
import type { Person } from "./people";

/** An operation that the API acknowledged: it must exist from then on, once. */
export interface Acknowledged {
  kind: "transfer" | "deposit" | "withdrawal";
  reference: string;
  /** Null for a transfer of a list, which has one key for all. */
  key: string | null;
  from: Person;
  to: Person | null;
  amountMinor: bigint;
  feeMinor: bigint;
}

/** The outcomes of a case's requests, as the clients saw them. */
export interface ClientLog {
  acknowledged: Acknowledged[];
  /** Deposits that never got a payment page: their operations are found by their keys. */
  unanswered: Extract<Intent, { kind: "deposit" }>[];
  /** Intents with their references, to be replayed later. */
  answered: { intent: Intent; references: string[] }[];
  refusals: number;
  violations: string[];
  /** Attempts with an unknown outcome. */
  ambiguous: number;
  /** Those of them that turned out to be carried out. */
  alreadyCommitted: number;
  /** Attempts whose connection was refused. */
  refused: number;
  /** Lost connections: during a response, before one on a new connection, before one on a reused connection. */
  lost: { cut: number; fresh: number; reused: number };
  /** Responses with 503. */
  unavailable: number;
}

export function newClientLog(): ClientLog {
  return {
    acknowledged: [],
    unanswered: [],
    answered: [],
    refusals: 0,
    violations: [],
    ambiguous: 0,
    alreadyCommitted: 0,
    refused: 0,
    lost: { cut: 0, fresh: 0, reused: 0 },
    unavailable: 0,
  };
}

/**
 * Deposits whose app died before it could respond with the payment page. They are found by their keys and count as
 * acknowledged, since the payer may pay them.
 */
export async function findUnansweredDeposits(
  owner: postgres.Sql,
  { unanswered }: ClientLog,
): Promise<Acknowledged[]> {
  const found: Acknowledged[] = [];
  for (const { key, from, amountMinor } of unanswered) {
    const [row] = await owner<{ reference: string }[]>`select reference from idempotency_keys
      where user_id = ${from.userId.toString()} and key = ${key}`;
    if (row === undefined) continue;
    const amounts = { amountMinor: BigInt(amountMinor), feeMinor: 0n };
    found.push({ kind: "deposit", reference: row.reference, key, from, to: null, ...amounts });
  }
  return found;
}
