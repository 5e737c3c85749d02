import { statesAwaiting } from "@/lib/services/operations/kinds";
import type { ExpectedOperations } from "./expected-operations";
import type { Acknowledged } from "./history-log";
import type { ObservedOperation, ObservedPosting, ObservedState } from "./observed-state";
import type { People } from "./people";

const OPEN: readonly string[] = statesAwaiting("provider", "withdrawal");

/** Checks that no acknowledged operation is lost, none exists that nobody requested, and each is in an allowed state. */
export function checkOperations(
  expected: ExpectedOperations,
  observed: Pick<ObservedState, "operations">,
  people: People,
): string[] {
  const violations = [...expected.missing];
  const byReference = new Map(observed.operations.map((operation) => [operation.reference, operation]));
  for (const acknowledged of expected.all) {
    const operation = byReference.get(acknowledged.reference);
    if (!operation)
      violations.push(`${acknowledged.type} ${acknowledged.reference} was acknowledged and is lost`);
    else violations.push(...differences(acknowledged, operation, people));
  }
  for (const { reference, type, state, amount } of observed.operations) {
    const match = expected.find(reference);
    if (match === null)
      violations.push(`${type} ${reference} of ${amount} exists and was never acknowledged`);
    else if (!match.allowedStates.includes(state)) {
      const scenario = match.scenario?.code ?? "nothing special";
      violations.push(
        `${type} ${reference} (${scenario}) ended ${state}, expected ${match.allowedStates.join(" or ")}`,
      );
    }
  }
  return violations;
}

function differences(acknowledged: Acknowledged, operation: ObservedOperation, people: People): string[] {
  const idOf = (who: number | null) => (who === null ? null : (people.all[who]?.walletId.toString() ?? null));
  const pairs: [string, unknown, unknown][] = [
    ["type", acknowledged.type, operation.type],
    ["amount", acknowledged.amount, operation.amount],
    ["fee", acknowledged.fee, operation.fee],
    ["currency", acknowledged.currency, operation.currency],
    ["wallet", idOf(acknowledged.who), operation.wallet],
    ["recipient", idOf(acknowledged.to), operation.counterparty],
  ];
  return pairs
    .filter(([, one, other]) => one !== other)
    .map(
      ([name, one, other]) =>
        `${acknowledged.reference}: its ${name} was acknowledged as ${one} and is stored as ${other}`,
    );
}

/** The balance of each account by address, computed from what was acknowledged and how it ended. */
export function modelBalances(
  all: readonly Acknowledged[],
  observed: Pick<ObservedState, "operations">,
  people: Pick<People, "all" | "saver">,
): Map<string, bigint> {
  const model = new Map<string, bigint>();
  const add = (who: number, currency: string, account: string, change: bigint): void => {
    const address = `wallet/${people.all[who]?.walletId}/${currency}/${account}`;
    model.set(address, (model.get(address) ?? 0n) + change);
  };
  const allowedStates = new Map(observed.operations.map((operation) => [operation.reference, operation]));
  for (const acknowledged of all) {
    const { who, to, currency, amount, type } = acknowledged;
    const end = allowedStates.get(acknowledged.reference);
    if (!end) continue;
    if (type === "deposit" && end.state === "succeeded") add(who, currency, "available", amount);
    if (type === "transfer" && to !== null) {
      add(who, currency, "available", -amount);
      add(to, currency, "available", amount);
    }
    if (type === "vault_deposit" || type === "vault_withdrawal") {
      const sign = type === "vault_deposit" ? 1n : -1n;
      add(who, currency, "available", -amount * sign);
      add(who, currency, `vault/${people.saver.vaultId}`, amount * sign);
    }
    if (type === "withdrawal") {
      const { isHeld, isGone } = effectOf(end);
      const sum = amount + acknowledged.fee;
      if (isHeld) add(who, currency, "held", sum);
      if (isHeld || isGone) add(who, currency, "available", -sum);
    }
  }
  return model;
}

function effectOf({ state, reason }: ObservedOperation): { isHeld: boolean; isGone: boolean } {
  const isFrozen = state === "conflict" && reason === "paid_after_refund";
  return { isHeld: OPEN.includes(state) || isFrozen, isGone: state === "paid" };
}

/** Checks the ledger's balances of these wallets against the model's. */
export function checkBalances(
  model: ReadonlyMap<string, bigint>,
  balances: ReadonlyMap<string, bigint>,
): string[] {
  const addresses = new Set([...model.keys(), ...balances.keys()]);
  return [...addresses].flatMap((address) => {
    const [expected, seen] = [model.get(address) ?? 0n, balances.get(address) ?? 0n];
    return expected === seen
      ? []
      : [`${address} holds ${seen}; by what was acknowledged it must hold ${expected}`];
  });
}

/** Checks that the versions of each account have no gap, and that each balance follows from the one before it. */
export function checkChains(
  postings: readonly ObservedPosting[],
  balances: ReadonlyMap<string, bigint>,
): string[] {
  const violations: string[] = [];
  const last = new Map<string, { version: bigint; balance: bigint; recordedAt: number }>();
  for (const posting of postings) {
    const { address, version, balance, change, recordedAt } = posting;
    const before = last.get(address) ?? { version: 0n, balance: 0n, recordedAt: 0 };
    if (version !== before.version + 1n)
      violations.push(`${address} has version ${version} after ${before.version}`);
    if (balance !== before.balance + change)
      violations.push(`${address} says ${balance} after a posting of ${change} on ${before.balance}`);
    if (balance < 0n) violations.push(`${address} was ${balance}, below zero, at version ${version}`);
    if (recordedAt < before.recordedAt)
      violations.push(`${address} has version ${version} recorded before the one before it`);
    last.set(address, { version, balance, recordedAt });
  }
  for (const [address, { balance }] of last) {
    if (balances.get(address) !== balance)
      violations.push(`${address} stores ${balances.get(address)} after a last posting to ${balance}`);
  }
  return violations;
}
