/** Days since 1970. */
export type DayNumber = number;

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** An instant of a day, in a zone that is so many hours ahead of UTC all year. */
export function instant(day: DayNumber, hour: number, hoursAhead: number): number {
  return day * DAY_MS + (hour - hoursAhead) * HOUR_MS;
}

/** The day that a clock of the zone shows. */
export function dayAt(at: number, hoursAhead: number): DayNumber {
  return Math.floor((at + hoursAhead * HOUR_MS) / DAY_MS);
}

export function dayText(day: DayNumber): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of the month, so many months later, or the last one of a shorter month. */
export function monthsLater(first: DayNumber, months: number, dayOfMonth: number): DayNumber {
  const date = new Date(first * DAY_MS);
  const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 1);
  const last = nextMonth / DAY_MS - 1;
  const begin = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / DAY_MS;
  return Math.min(begin + dayOfMonth - 1, last);
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, each) => sum + each, 0n);

/** An amount by weights: all get the whole units of their part, and those with the largest remainder one more until it is used up. */
export function largestRemainder(amount: bigint, weights: readonly bigint[]): bigint[] {
  const all = sumOf(weights);
  if (all === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (amount * weight) / all);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: amount * weight - (shares[index] ?? 0n) * all }))
    .sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index);
  const missing = Number(amount - sumOf(shares));
  for (const { index } of byRemainder.slice(0, missing)) shares[index] = (shares[index] ?? 0n) + 1n;
  return shares;
}

/** What each gets of an amount after they got something of it before, so that together it is as one amount split once. */
export function nextInstalment(
  amount: bigint,
  weights: readonly bigint[],
  before: readonly bigint[],
): bigint[] {
  const wanted = largestRemainder(amount + sumOf(before), weights).map((all, i) => all - (before[i] ?? 0n));
  let tooMuch = sumOf(wanted.map((each) => (each > 0n ? each : 0n))) - amount;
  return wanted.map((each) => {
    if (each <= 0n) return 0n;
    const less = tooMuch < each ? tooMuch : each;
    tooMuch -= less;
    return each - less;
  });
}
