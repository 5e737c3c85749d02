import { and, between, type Column, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { operations } from "@/db/schema";
import type { Currency } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import type { OperationState, OperationType } from "./kinds";
import type { OperationSearch } from "./search";
import { ofAmount, searchCondition } from "./search-store";
import { OWN_SIGNS, type Sign } from "./sign";
import type { OperationRow } from "./store";

export interface OperationFilter {
  type?: OperationType;
  states?: readonly OperationState[];
  currency?: Currency;
  from?: Date;
  to?: Date;
  amounts?: readonly Money[];
  search?: OperationSearch;
}

/** A wallet's operations below `beforeId`, newest first: two keysets on (wallet, id desc), begun and received. */
export async function selectPage(
  reader: Reader,
  walletId: bigint,
  page: { beforeId: bigint | null; limit: number; filter: OperationFilter },
): Promise<OperationRow[]> {
  const conditions = await conditionsOf(reader, walletId, page.filter);
  if (page.beforeId !== null) conditions.push(lt(operations.id, page.beforeId));
  const side = async (mine: Column): Promise<OperationRow[]> =>
    await reader
      .select()
      .from(operations)
      .where(and(between(mine, walletId, walletId), ...conditions))
      // The same order as by id alone, written so that only the index on (wallet, id) gives it: otherwise the planner
      // may walk the primary key past all other wallets' rows.
      .orderBy(desc(mine), desc(operations.id))
      .limit(page.limit);
  const [begun, received] = await Promise.all([
    side(operations.walletId),
    side(operations.counterpartyWalletId),
  ]);
  const newestFirst = (one: OperationRow, other: OperationRow) => (one.id > other.id ? -1 : 1);
  return [...begun, ...received].sort(newestFirst).slice(0, page.limit);
}

async function conditionsOf(
  reader: Reader,
  walletId: bigint,
  filter: OperationFilter,
): Promise<(SQL | undefined)[]> {
  const { type, states, currency, from, to, amounts, search } = filter;
  const conditions: (SQL | undefined)[] = [];
  if (type) conditions.push(eq(operations.type, type));
  if (states) conditions.push(inArray(operations.state, [...states]));
  if (currency) conditions.push(eq(operations.currency, currency));
  if (from) conditions.push(sql`${operations.createdAt} >= ${from.toISOString()}::timestamptz`);
  if (to) conditions.push(sql`${operations.createdAt} < ${to.toISOString()}::timestamptz`);
  if (amounts) conditions.push(or(...amounts.map(ofAmount)) ?? sql`false`);
  if (search) conditions.push(await searchCondition(reader, walletId, search));
  return conditions;
}

/** What operations of one currency brought in and took out, and how many they are. */
export interface TotalRow {
  currency: Currency;
  inMinor: bigint;
  outMinor: bigint;
  count: number;
}

/**
 * Sums a wallet's newest `max` operations that match, by currency: what lists show with a plus, and what with a minus, fees
 * included. `isLimited` if there are more of them.
 */
export async function selectTotals(
  reader: Reader,
  walletId: bigint,
  { filter, max }: { filter: OperationFilter; max: number },
): Promise<{ totals: TotalRow[]; isLimited: boolean }> {
  const conditions = await conditionsOf(reader, walletId, filter);
  const side = (mine: Column, came: SQL, went: SQL): SQL => sql`(
    select ${operations.id}, ${operations.currency}, ${came} as came, ${went} as went from ${operations}
    where ${and(between(mine, walletId, walletId), ...conditions)}
    order by ${mine} desc, ${operations.id} desc limit ${max + 1})`;
  const { amountMinor, feeMinor } = operations;
  const begun = side(
    operations.walletId,
    signed(1n, sql`${amountMinor}`),
    signed(-1n, sql`${amountMinor} + ${feeMinor}`),
  );
  const received = side(operations.counterpartyWalletId, sql`${amountMinor}`, sql`0::bigint`);
  const rows = await reader.execute<Record<"currency" | "came" | "went" | "count" | "all", string>>(sql`
    select currency, count(*) filter (where place <= ${max}) as count, count(*) as all,
      coalesce(sum(came) filter (where place <= ${max}), 0) as came,
      coalesce(sum(went) filter (where place <= ${max}), 0) as went
    from (select *, row_number() over (order by id desc) as place from (${begun} union all ${received}) matching) newest
    group by currency`);
  return {
    totals: rows
      .map((row) => ({
        currency: row.currency as Currency,
        inMinor: BigInt(row.came),
        outMinor: BigInt(row.went),
        count: Number(row.count),
      }))
      .filter(({ count }) => count > 0),
    isLimited: rows.reduce((sum, row) => sum + Number(row.all), 0) > max,
  };
}

/** `amount` of the operations that have this sign for the wallet that began them, else zero. */
function signed(sign: Sign, amount: SQL): SQL {
  const pairs = OWN_SIGNS.filter((row) => row.sign === sign).map(
    ({ type, state }) => sql`(${type}, ${state})`,
  );
  return sql`case when (${operations.type}, ${operations.state}) in (${sql.join(pairs, sql`, `)}) then ${amount} else 0 end`;
}
