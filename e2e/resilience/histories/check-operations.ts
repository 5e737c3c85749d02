import type { BookEntry } from "@/lib/sandbox/book";
import type { People } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import type { Acknowledged } from "./history-log";
import type { ObservedOperation, ObservedState } from "./observed-state";

/** Checks that no acknowledged operation is lost, none exists that nobody requested, and each is in an allowed state. */
export function checkOperations(
  { byReference, missing }: ExpectedOperations,
  operations: readonly ObservedOperation[],
  people: Pick<People, "all" | "funding">,
): string[] {
  const stored = new Set(operations.map(({ reference }) => reference));
  const lost = [...byReference.values()].filter(({ reference }) => !stored.has(reference));
  return [
    ...missing,
    ...lost.map(({ type, reference }) => `${type} ${reference} was acknowledged and is lost`),
    ...operations.flatMap((operation) => {
      const { type, reference, amount, state } = operation;
      const expected = byReference.get(reference);
      if (people.funding.has(reference)) return [];
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

/** Checks that the provider's book has moved the same money for each operation, or that an operator is told. */
export function checkProviderBook(
  { byReference }: Pick<ExpectedOperations, "byReference">,
  { operations, needsReview }: Pick<ObservedState, "operations" | "needsReview">,
  entryOf: (operation: ObservedOperation) => BookEntry | null,
): string[] {
  return operations.flatMap((operation) => {
    const { reference, type, state, currency, amount } = operation;
    const expected = byReference.get(reference);
    if (!expected?.provider) return [];
    const entry = entryOf(operation);
    const theirs = entry?.state === "completed" ? BigInt(entry.paidAmount ?? 0) : 0n;
    const ours = state === "succeeded" || state === "paid" ? amount : 0n;
    const times = entry?.timesPaid ?? 0;
    const twice = times > 1 ? [`the provider paid ${reference} ${times} times`] : [];
    const isSame = ours === theirs && (entry?.paidCurrency ?? currency) === currency;
    const isTold = state === "conflict" || state === "review" || needsReview.has(reference);
    if (isSame || isTold) return twice;
    const told = `${type} ${reference} (${state}) moved ${ours} here and ${theirs} in the provider's book`;
    return [...twice, `${told}, and no operator is told`];
  });
}
