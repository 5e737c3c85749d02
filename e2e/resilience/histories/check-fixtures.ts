import type { Person } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import type { Acknowledged } from "./history-log";
import type { ObservedOperation, ObservedPosting } from "./observed-state";

const person = (id: bigint): Person => ({ userId: id, walletId: id, walletNumber: `${id}`, apiKey: "" });

export const PEOPLE = { all: [person(1n), person(2n)], saver: { cookie: "", vaultId: 9n } };

export const SENT: Acknowledged = {
  ...{ reference: "TXN-A", type: "transfer", who: 0, to: 1, currency: "XOF", amount: 30n, fee: 0n },
  ...{ ackAt: 1_000, allowedStates: ["succeeded"], provider: null },
};

export const PAID_OUT: Acknowledged = {
  ...SENT,
  ...{ reference: "TXN-B", type: "withdrawal", to: null, fee: 1n, allowedStates: ["paid"] },
};

export const expectedOf = (...expected: Acknowledged[]): ExpectedOperations => ({
  byReference: new Map(expected.map((each) => [each.reference, each])),
  missing: [],
});

export const operationOf = (
  { reference, type, amount, fee, to }: Acknowledged,
  state: string,
): ObservedOperation => ({
  ...{ id: 1n, reference, type, state, reason: null, currency: "XOF", amount, fee, wallet: 1n, attempt: 1 },
  ...{ counterparty: to === null ? null : 2n, provider: type === "transfer" ? null : "getmipay" },
});

export const AVAILABLE = "wallet/1/XOF/available";

/** Changes of one account, in their order: amount, source, step and time. */
export function postingsOf(
  address: string,
  ...changes: [change: bigint, source: string, step: string, recordedAt: number][]
): ObservedPosting[] {
  let balance = 0n;
  return changes.map(([change, source, step, recordedAt]) => {
    balance += change;
    return { address, balance, change, source, step, recordedAt };
  });
}
