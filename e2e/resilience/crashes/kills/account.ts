import type { Intent } from "./intent";
import type { Person } from "./people";

/** An operation that the API said was made: it has to be there for ever after, once. */
export interface Acknowledged {
  kind: "transfer" | "deposit" | "withdrawal";
  reference: string;
  /** Null for one of a list, whose key stands for all of it. */
  key: string | null;
  from: Person;
  to: Person | null;
  amountMinor: bigint;
  feeMinor: bigint;
}

/** What a case's requests came to, kept apart from the database that is to be checked against it. */
export interface Account {
  acknowledged: Acknowledged[];
  /** Keys of deposits that never got a payment page: what they stand for is looked up, and paid by nobody or confirmed. */
  unanswered: Extract<Intent, { kind: "deposit" }>[];
  /** Intents with their references, to be sent again later. */
  answered: { intent: Intent; references: string[] }[];
  refusals: number;
  violations: string[];
  /** Attempts after which nobody knew, by what was asked for. */
  ambiguous: number;
  /** Those of them that turned out to have been carried out. */
  alreadyCommitted: number;
  /** Attempts that nobody listened to. */
  refused: number;
  /** How connections were lost: in the middle of an answer, before one while new, before one after another request. */
  lost: { cut: number; fresh: number; reused: number };
  /** Answers that said to come back later: 503. */
  unavailable: number;
}

export function newAccount(): Account {
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
