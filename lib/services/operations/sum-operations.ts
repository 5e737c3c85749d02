import { DomainError } from "@/lib/errors";
import { CURRENCY_CODES, type Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { selectTotals } from "./history-store";
import { filterOf } from "./list-operations";
import { SUMMED_MAX, SUMMED_WITHIN_MS } from "./policy";
import type { FilterOperations } from "./schema";
import { limitSearch } from "./search-limits";

export interface CurrencyTotals {
  currency: Currency;
  /** The sum of what lists show with a plus. */
  in: Money;
  /** The sum of what lists show with a minus, fees included: above zero. */
  out: Money;
  /** How many operations, with those that moved nothing in the end. */
  count: number;
}

export interface OperationTotals {
  /** The currencies that there are matching operations in. */
  totals: CurrencyTotals[];
  /** How many of the newest matching operations these are; null when they are all of them. */
  newest: number | null;
}

/**
 * What the signed-in user's operations that match brought in and took out. Bounded in time: at most the newest {@link SUMMED_MAX}
 * of them, and null where even that takes too long, or while this person's other searches run. Throws `unauthenticated`.
 */
export async function sumOperations(
  context: Context,
  filter: FilterOperations,
  max: number = SUMMED_MAX,
): Promise<OperationTotals | null> {
  const userId = requireUser(context);
  const wallet = await walletOfUser(context.db, userId);
  try {
    const found = await limitSearch(
      context.db,
      userId,
      (reader) => selectTotals(reader, wallet.id, { filter: filterOf(filter), max }),
      SUMMED_WITHIN_MS,
    );
    return { totals: inOrder(found.totals), newest: found.isLimited ? max : null };
  } catch (error) {
    if (error instanceof DomainError && ["rate_limited", "validation_failed"].includes(error.code))
      return null;
    throw error;
  }
}

function inOrder(rows: Awaited<ReturnType<typeof selectTotals>>["totals"]): CurrencyTotals[] {
  return CURRENCY_CODES.flatMap((currency) =>
    rows
      .filter((row) => row.currency === currency)
      .map(({ inMinor, outMinor, count }) => ({
        currency,
        in: money(inMinor, currency),
        out: money(outMinor, currency),
        count,
      })),
  );
}
