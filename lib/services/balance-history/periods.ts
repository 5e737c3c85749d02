import { addDays, type Day, dayOf, startOfDay } from "@/lib/day-range";

/** The periods that a balance is shown over: thirty days, three months (13 weeks) and a year (52 weeks). */
export const PERIODS = ["30d", "3m", "1y"] as const;

export type Period = (typeof PERIODS)[number];

export const DEFAULT_PERIOD: Period = "30d";

export function isPeriod(value: unknown): value is Period {
  return PERIODS.some((period) => period === value);
}

/** How many points follow the first one, and how many days apart. */
const STEPS: Record<Period, { count: number; days: number }> = {
  "30d": { count: 30, days: 1 },
  "3m": { count: 91, days: 1 },
  "1y": { count: 52, days: 7 },
};

/** A point of a balance history: the end of `day` in the zone, which is `at`; null for now, on the day that isn't over. */
export interface PeriodPoint {
  day: Day;
  at: Date | null;
}

/** The points of a period that ends now, oldest first. The first is what there was when the period began. */
export function pointsOf(period: Period, zone: string, now: Date): PeriodPoint[] {
  const { count, days } = STEPS[period];
  const today = dayOf(now, zone);
  return Array.from({ length: count + 1 }, (_, index) => {
    const day = addDays(today, (index - count) * days);
    return { day, at: index === count ? null : startOfDay(addDays(day, 1), zone) };
  });
}
