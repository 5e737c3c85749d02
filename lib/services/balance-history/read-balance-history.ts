import type { Day } from "@/lib/day-range";
import { invariant } from "@/lib/invariant";
import { balancesAt } from "@/lib/ledger/balance-history";
import type { LedgerAccount } from "@/lib/ledger/chart";
import type { Money } from "@/lib/money/money";
import type { Context } from "../context";
import { type Period, pointsOf } from "./periods";

export interface BalancePoint {
  /** The day at whose end it was the balance; today for the balance now. */
  day: Day;
  /** The instant: the end of that day, or now. */
  at: Date;
  balance: Money;
}

export interface BalanceHistory {
  period: Period;
  /** Oldest first: what there was when the period began, then the end of each day or week, then now. */
  points: [BalancePoint, ...BalancePoint[]];
}

/** What an account held over a period, in the days of a zone. The caller has checked that its reader may know. */
export async function readBalanceHistory(
  { db, now }: Pick<Context, "db" | "now">,
  account: LedgerAccount,
  { period, zone }: { period: Period; zone: string },
): Promise<BalanceHistory> {
  const planned = pointsOf(period, zone, now);
  const balances = await balancesAt(
    db,
    account,
    planned.map(({ at }) => at),
  );
  const [first, ...others] = planned.map(({ day, at }, index): BalancePoint => {
    const balance = balances[index];
    invariant(balance, "a balance for each point");
    return { day, at: at ?? now, balance };
  });
  invariant(first, "a period has points");
  return { period, points: [first, ...others] };
}
