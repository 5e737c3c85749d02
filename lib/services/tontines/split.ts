/** Somebody's part of a sum. */
export interface Part<T> {
  to: T;
  amountMinor: bigint;
}

/**
 * Splits an amount by whole weights, exactly: what division leaves goes one unit each to the largest remainders, to the earlier one of
 * two that are equal. Parts are in the order of `weighted`; nobody gets anything when there are no weights.
 */
export function splitByWeight<T>(
  amountMinor: bigint,
  weighted: readonly { to: T; weight: bigint }[],
): Part<T>[] {
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0n);
  if (total === 0n) return [];
  const parts = weighted.map(({ to, weight }, index) => ({
    to,
    index,
    amountMinor: (amountMinor * weight) / total,
    rest: (amountMinor * weight) % total,
  }));
  let left = amountMinor - parts.reduce((sum, part) => sum + part.amountMinor, 0n);
  for (const part of [...parts].sort((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  )) {
    if (left === 0n) break;
    part.amountMinor += 1n;
    left -= 1n;
  }
  return parts.map(({ to, amountMinor: part }) => ({ to, amountMinor: part }));
}

/**
 * Splits an instalment so that all instalments together are split as one sum would be: each gets what is missing to their part of all
 * that was paid so far and now. Nobody's part is negative; the parts sum to the instalment.
 */
export function splitInstalment<T>(
  amountMinor: bigint,
  weighted: readonly { to: T; weight: bigint; paidMinor: bigint }[],
): Part<T>[] {
  const all = weighted.reduce((sum, { paidMinor }) => sum + paidMinor, amountMinor);
  const targets = splitByWeight(all, weighted);
  let over = 0n;
  const parts = targets.map(({ to, amountMinor: target }, index) => {
    const missing = target - (weighted[index]?.paidMinor ?? 0n);
    if (missing >= 0n) return { to, amountMinor: missing };
    over -= missing;
    return { to, amountMinor: 0n };
  });
  for (const part of parts) {
    const less = part.amountMinor < over ? part.amountMinor : over;
    part.amountMinor -= less;
    over -= less;
  }
  return parts;
}

/** What a holder of one or two halves of a share has to pay of a whole share's amount; of two halves the first pays an odd unit. */
export function partOfShare(amountMinor: bigint, halves: number, isFirst: boolean): bigint {
  if (halves === 2) return amountMinor;
  return isFirst ? amountMinor - amountMinor / 2n : amountMinor / 2n;
}
