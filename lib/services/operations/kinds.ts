import { invariant } from "../../invariant";

/** How an operation stands, in the words that people are shown. */
export const OPERATION_STATUSES = [
  "in_progress",
  "succeeded",
  "failed",
  "expired",
  "refunded",
  "review",
] as const;

export type OperationStatus = (typeof OPERATION_STATUSES)[number];

interface StateOfKind {
  status: OperationStatus;
  /** Operations begin in this state; each type has one. */
  isInitial?: true;
  /** Who has to act next; absent in final states, which only a late or contradicting update leaves. */
  awaits?: "provider" | "operator";
  /** Its amount was added to the wallet's balance, whatever came of it later. */
  isCredited?: true;
  /** The states that it may be followed by. */
  next?: readonly string[];
}

interface Kind {
  /** Moves money between our accounts only, in the transaction that records it: no provider, no fee. */
  isInternal: boolean;
  /** Seen from the available balance of the wallet that the operation belongs to. */
  direction: "in" | "out";
  states: Readonly<Record<string, StateOfKind>>;
}

/** A type that is recorded in the transaction that moves its money, and is over then. */
const internal = <D extends "in" | "out">(direction: D) =>
  ({
    isInternal: true,
    direction,
    states: { succeeded: { status: "succeeded", isInitial: true } },
  }) as const;

/**
 * Every type of operation with its states and the edges between them: the one table in TypeScript, pure data. The database's
 * tables operation_types, operation_states and operation_edges hold the same (db/migrations/0001_operation_kinds.sql); triggers
 * and the audit read those, and a test compares.
 */
export const OPERATION_KINDS = {
  deposit: {
    isInternal: false,
    direction: "in",
    states: {
      pending: {
        status: "in_progress",
        isInitial: true,
        awaits: "provider",
        next: ["succeeded", "failed", "expired", "review"],
      },
      succeeded: { status: "succeeded", isCredited: true, next: ["disputed"] },
      // The payer got the money back from the provider, or asks for it: an operator takes it back or leaves it.
      disputed: {
        status: "review",
        isCredited: true,
        awaits: "operator",
        next: ["taken_back", "kept"],
      },
      // Another part may be disputed later, and a kept one may turn out to be lost.
      taken_back: { status: "refunded", isCredited: true, next: ["disputed"] },
      kept: { status: "succeeded", isCredited: true, next: ["disputed"] },
      // A late payment is still credited.
      failed: { status: "failed", next: ["succeeded", "review"] },
      expired: { status: "expired", next: ["succeeded", "review"] },
      // It fails when an operator gave what had come to its owner, as a deposit of its own.
      review: { status: "review", awaits: "operator", next: ["succeeded", "failed"] },
    },
  },
  withdrawal: {
    isInternal: false,
    direction: "out",
    states: {
      // A provider that confirms the payment is believed in every state.
      created: {
        status: "in_progress",
        isInitial: true,
        awaits: "provider",
        next: ["submitting", "paid"],
      },
      // Back to created when nothing reached the provider for certain: it may be sent as if for the first time.
      submitting: {
        status: "in_progress",
        awaits: "provider",
        next: ["submitted", "unknown", "paid", "refunded", "created"],
      },
      submitted: { status: "in_progress", awaits: "provider", next: ["paid", "refunded", "unknown"] },
      unknown: {
        status: "in_progress",
        awaits: "provider",
        next: ["submitting", "submitted", "paid", "refunded"],
      },
      paid: { status: "succeeded", next: ["reversed"] },
      // Entered and left in one transaction.
      reversed: { status: "in_progress", next: ["refunded"] },
      refunded: { status: "refunded", next: ["conflict"] },
      // An operator found out which of its two answers the provider stands by.
      conflict: { status: "review", awaits: "operator", next: ["paid", "refunded"] },
    },
  },
  transfer: {
    isInternal: true,
    direction: "out",
    states: { succeeded: { status: "succeeded", isInitial: true } },
  },
  vault_deposit: {
    isInternal: true,
    direction: "out",
    states: { succeeded: { status: "succeeded", isInitial: true } },
  },
  vault_withdrawal: {
    isInternal: true,
    direction: "in",
    states: { succeeded: { status: "succeeded", isInitial: true } },
  },
  // A member's wallet and an account of their tontine.
  tontine_contribution: internal("out"),
  tontine_fee: internal("out"),
  tontine_solidarity: internal("out"),
  tontine_deposit: internal("out"),
  tontine_cover: internal("out"),
  tontine_repayment: internal("out"),
  tontine_payout: internal("in"),
  tontine_refund: internal("in"),
  tontine_share_out: internal("in"),
} as const satisfies Record<string, Kind>;

type Kinds = typeof OPERATION_KINDS;

export type OperationType = keyof Kinds;
export type StateOf<T extends OperationType> = Extract<keyof Kinds[T]["states"], string>;
export type OperationState = { [T in OperationType]: StateOf<T> }[OperationType];

export const OPERATION_TYPES = Object.keys(OPERATION_KINDS) as [OperationType, ...OperationType[]];

interface StateRow extends StateOfKind {
  type: OperationType;
  state: OperationState;
}

/** Each state of each type: a row of the database's operation_states, with its status and edges. */
export const STATES: readonly StateRow[] = OPERATION_TYPES.flatMap((type) =>
  Object.entries<StateOfKind>(OPERATION_KINDS[type].states).map(([state, details]) => ({
    type,
    state: state as OperationState,
    ...details,
  })),
);

/** The states of `types` that match, each once. */
function statesThat(
  matches: (row: StateRow) => boolean,
  types: readonly OperationType[] = OPERATION_TYPES,
): OperationState[] {
  const rows = STATES.filter((row) => types.includes(row.type) && matches(row));
  return [...new Set(rows.map(({ state }) => state))];
}

/** The states in which this side has to act next. */
export const statesAwaiting = (whom: "provider" | "operator", ...types: OperationType[]): OperationState[] =>
  statesThat(({ awaits }) => awaits === whom, types.length === 0 ? OPERATION_TYPES : types);

/** The states that people see as `status`. */
export const statesOf = (status: OperationStatus): OperationState[] =>
  statesThat((row) => row.status === status);

const CREDITED = new Set<OperationState>(statesThat(({ isCredited }) => isCredited === true, ["deposit"]));

/** Whether a deposit in this state has added its amount to the balance, disputed and taken back ones included. */
export const isCredited = (state: OperationState): boolean => CREDITED.has(state);

const STATUS_OF = new Map(STATES.map(({ state, status }) => [state, status]));

/** How people see a state: the same in every type that has it. */
export function statusOf(state: OperationState): OperationStatus {
  const status = STATUS_OF.get(state);
  invariant(status, "each state has a status");
  return status;
}
