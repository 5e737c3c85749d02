import { chart } from "@/lib/ledger/chart";
import type { BookEntry } from "@/lib/sandbox/book";
import { statesAwaiting } from "@/lib/services/operations/kinds";
import type { People } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import type { Acknowledged } from "./history-log";
import type { ObservedOperation, ObservedState } from "./observed-state";

const HELD: readonly string[] = statesAwaiting("provider", "withdrawal");

/** Checks that no acknowledged operation is lost, none exists that nobody requested, and each is in an allowed state. */
export function checkOperations(
  { byReference, missing }: ExpectedOperations,
  operations: readonly ObservedOperation[],
  people: Pick<People, "all">,
): string[] {
  const stored = new Set(operations.map(({ reference }) => reference));
  const lost = [...byReference.values()].filter(({ reference }) => !stored.has(reference));
  return [
    ...missing,
    ...lost.map(({ type, reference }) => `${type} ${reference} was acknowledged and is lost`),
    ...operations.flatMap((operation) => {
      const { type, reference, amount, state } = operation;
      const expected = byReference.get(reference);
      if (!expected) return [`${type} ${reference} of ${amount} exists and nobody requested it`];
      const { allowedStates, provider } = expected;
      const differences = differencesOf(expected, operation, people);
      if (allowedStates.includes(state)) return differences;
      const scenario = provider?.code ?? "no provider";
      return [
        ...differences,
        `${type} ${reference} (${scenario}) ended ${state}, expected ${allowedStates.join(" or ")}`,
      ];
    }),
  ];
}

function differencesOf(
  expected: Acknowledged,
  operation: ObservedOperation,
  { all }: Pick<People, "all">,
): string[] {
  const wanted = {
    ...{ type: expected.type, currency: expected.currency, amount: expected.amount, fee: expected.fee },
    wallet: all[expected.who]?.walletId,
    counterparty: expected.to === null ? null : all[expected.to]?.walletId,
  };
  return Object.entries(wanted)
    .map(([name, value]) => ({ name, value, stored: operation[name as keyof typeof wanted] }))
    .filter(({ value, stored }) => value !== stored)
    .map(
      ({ name, value, stored }) =>
        `${expected.reference}: its ${name} was acknowledged as ${value} and is stored as ${stored}`,
    );
}

/** Checks that the balance of each account follows from what was acknowledged and how it ended. */
export function checkBalances(
  { byReference }: Pick<ExpectedOperations, "byReference">,
  { operations, balances }: Pick<ObservedState, "operations" | "balances">,
  people: Pick<People, "all" | "saver">,
): string[] {
  const model = new Map([...balances.keys()].map((address) => [address, 0n]));
  for (const operation of operations) {
    const expected = byReference.get(operation.reference);
    const changes = expected ? changesOf(expected, operation, people) : [];
    for (const [{ address }, change] of changes) model.set(address, (model.get(address) ?? 0n) + change);
  }
  return [...model]
    .filter(([address, expected]) => (balances.get(address) ?? 0n) !== expected)
    .map(
      ([address, expected]) =>
        `${address} holds ${balances.get(address)}; by what was acknowledged it must hold ${expected}`,
    );
}

type Change = [account: { address: string }, change: bigint];

/** What an operation that ended like this has changed on people's accounts. */
function changesOf(
  { who, to, currency, amount, fee, type }: Acknowledged,
  { state, reason }: ObservedOperation,
  { all, saver }: Pick<People, "all" | "saver">,
): Change[] {
  const walletOf = (position: number) => all[position]?.walletId ?? 0n;
  const available = chart.available(walletOf(who), currency);
  switch (type) {
    case "deposit":
      return state === "succeeded" ? [[available, amount]] : [];
    case "transfer":
      return [
        [available, -amount],
        ...(to === null ? [] : [[chart.available(walletOf(to), currency), amount] satisfies Change]),
      ];
    case "withdrawal": {
      // Paid after the refund: taken back from the wallet, and held until an operator has resolved it.
      const isHeld = HELD.includes(state) || (state === "conflict" && reason === "paid_after_refund");
      const held: Change[] = isHeld ? [[chart.held(walletOf(who), currency), amount + fee]] : [];
      return isHeld || state === "paid" ? [[available, -amount - fee], ...held] : [];
    }
    default: {
      const change = type === "vault_deposit" ? amount : -amount;
      return [
        [available, -change],
        [chart.vault(walletOf(who), currency, saver.vaultId), change],
      ];
    }
  }
}

/** Checks that clearing and the provider's book agree about each reference, or that an operator is told. */
export function checkProviderBook(
  observed: Pick<ObservedState, "operations" | "clearing" | "book" | "needsReview">,
): string[] {
  const moved = new Map<string, bigint>();
  for (const { reference, change } of observed.clearing)
    moved.set(reference, (moved.get(reference) ?? 0n) + change);
  return observed.operations.flatMap(({ provider, reference, type, state, currency }) => {
    if (provider === null) return [];
    const entry = observed.book.get(reference);
    const ours = moved.get(reference) ?? 0n;
    const theirs = entry ? netOf(entry) : 0n;
    const twice =
      entry && entry.timesPaid > 1 ? [`the provider paid ${reference} ${entry.timesPaid} times`] : [];
    const isSame = ours === theirs && (entry?.paidCurrency ?? currency) === currency;
    const isTold = state === "conflict" || state === "review" || observed.needsReview.has(reference);
    if (isSame || isTold) return twice;
    return [
      ...twice,
      `${type} ${reference} (${state}): clearing moved ${ours}, the provider's book ${theirs}, and no operator is told`,
    ];
  });
}

/** The change of our clearing account by this entry: negative for money that came in. */
function netOf({ kind, state, paidAmount }: BookEntry): bigint {
  if (paidAmount === null || state !== "completed") return 0n;
  return kind === "collection" ? -BigInt(paidAmount) : BigInt(paidAmount);
}
