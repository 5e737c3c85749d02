import type { ExpectedOperations } from "./expected-operations";
import type { Acknowledged } from "./history-log";
import type { ObservedOperation, ObservedPosting } from "./observed-state";
import type { People, Person } from "./people";

const person = (id: bigint): Person => ({
  userId: id,
  walletId: id,
  walletNumber: `${id}`,
  apiKey: `key ${id}`,
});
export const people = {
  all: [person(1n), person(2n)],
  saver: { cookie: "", vaultId: 9n },
} as unknown as People;

export const sent: Acknowledged = {
  ...{ reference: "TXN-A", type: "transfer", who: 0, to: 1, currency: "XOF", amount: 30n, fee: 0n },
  ...{ ackAt: 1_000, allowedStates: ["succeeded"], scenario: null },
};
export const paidOut: Acknowledged = {
  ...sent,
  reference: "TXN-B",
  type: "withdrawal",
  to: null,
  fee: 1n,
  allowedStates: ["paid"],
};

export const operationOf = (
  { reference, type, amount, fee, to }: Acknowledged,
  state: string,
): ObservedOperation => ({
  ...{ id: "1", reference, type, state, reason: null, currency: "XOF", amount, fee, wallet: "1" },
  ...{
    counterparty: to === null ? null : "2",
    provider: type === "transfer" ? null : "getmipay",
    attempt: 1,
  },
});

export const expectedOperations = (...expected: Acknowledged[]): ExpectedOperations => ({
  find: (reference) => expected.find((each) => each.reference === reference) ?? null,
  all: expected,
  missing: [],
});

export const posting = (
  ...[address, version, change, balance, source, step, recordedAt]: [
    string,
    bigint,
    bigint,
    bigint,
    string,
    string,
    number,
  ]
): ObservedPosting => ({ address, version, change, balance, source, step, recordedAt });

export const AVAILABLE = "wallet/1/XOF/available";
export const HELD = "wallet/1/XOF/held";
