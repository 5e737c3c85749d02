import { daysOfMonth } from "@/lib/day-range";
import { CURRENCY_CODES, type Currency, DEFAULT_CURRENCY } from "@/lib/money/currency";
import type { StatementInput } from "./schema";

/** The query of an address. */
type Query = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Which statement an address means: `?currency=` or `?vault=`, or both in one as the form sends it (`?account=XOF`, `?account=17` for a
 * vault); `?from=&to=`, or `?month=2026-11`. What isn't understood counts as absent; days are judged by the verb.
 */
export function readStatementQuery(query: Query): StatementInput {
  const { account, currency, vault, month, from, to } = singles(query);
  const days = (month && daysOfMonth(month)) || { from, to };
  const vaultId = [account, vault].find((value) => value !== undefined && /^[1-9][0-9]{0,17}$/.test(value));
  return {
    currency: currencyIn(account) ?? currencyIn(currency) ?? DEFAULT_CURRENCY,
    vault: vaultId,
    from: days.from?.slice(0, 40),
    to: days.to?.slice(0, 40),
  };
}

/** The query that means this statement. */
export function statementQuery({ currency, vault, from, to }: StatementInput): string {
  const query = new URLSearchParams(vault === undefined ? { currency } : { vault });
  if (from) query.set("from", from);
  if (to) query.set("to", to);
  return `?${query}`;
}

const currencyIn = (value: string | undefined): Currency | undefined =>
  CURRENCY_CODES.find((code) => code === value);

function singles(query: Query): Partial<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const first = [value].flat()[0];
      return first === undefined ? [] : [[name, first]];
    }),
  );
}
