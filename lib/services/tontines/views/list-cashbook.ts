import { z } from "zod";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { type Group, readOwnGroup } from "../groups/group";
import { type CashbookRow, selectCashbook } from "./cashbook-store";
import { addressesOf, findGroupSeal, type GroupSeal } from "./group-accounts";

export const CASHBOOK_PAGE_MAX = 100;

export const cashbookSchema = z.object({
  code: z.string().max(40),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .optional(),
  limit: z.number().int().min(1).max(CASHBOOK_PAGE_MAX).default(50),
});
export type ListCashbook = z.input<typeof cashbookSchema>;

/** A line of a group's cash book. */
export interface CashbookLine extends Omit<CashbookRow, "amountMinor" | "balanceMinor"> {
  amount: Money;
  /** What the group held after it, in all its accounts together. */
  balance: Money;
  /** `in` from a wallet, `out` to one, `inside` between accounts of the group. */
  direction: "in" | "out" | "inside";
}

export interface Cashbook {
  code: string;
  name: string;
  zone: string;
  currency: Currency;
  /** Newest first. */
  lines: CashbookLine[];
  /** Hand it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/** Every posting of a group, for its members. Throws `unauthenticated`, and `not_found` for what isn't theirs. */
export async function listCashbook(context: Context, input: ListCashbook): Promise<Cashbook> {
  const { code, cursor, limit } = cashbookSchema.parse(input);
  const before = cursor === undefined ? null : Number(cursor);
  const { group } = await readOwnGroup(context, code);
  return await readBook(context, group, { before, limit });
}

/** More than a cycle of 300 shares has; older lines are in the book's pages. */
const CASHBOOK_LINES_MAX = 200_000;

/** A cash book with the seal that covers it. */
export interface WholeCashbook extends Cashbook {
  seal: GroupSeal;
}

/** All lines, oldest first, for a file. Throws as {@link listCashbook}. */
export async function readWholeCashbook(context: Context, code: string): Promise<WholeCashbook> {
  const { group } = await readOwnGroup(context, code);
  const book = await readBook(context, group, { before: null, limit: CASHBOOK_LINES_MAX });
  // Found afterwards: it covers every line that was read.
  const seal = await findGroupSeal(context.db, await addressesOf(context.db, group));
  return { ...book, lines: book.lines.reverse(), seal };
}

async function readBook(
  context: Context,
  group: Group,
  page: { before: number | null; limit: number },
): Promise<Cashbook> {
  const { tontine } = group;
  const rows = await selectCashbook(context.db, await addressesOf(context.db, group), page);
  const last = rows.at(-1)?.number ?? 1;
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    currency: tontine.currency,
    lines: rows.map((row) => toLine(row, tontine.currency)),
    nextCursor: last > 1 ? last.toString() : null,
  };
}

export const isWallet = (kind: string): boolean => kind === "available";

function toLine({ amountMinor, balanceMinor, ...row }: CashbookRow, currency: Currency): CashbookLine {
  const direction = isWallet(row.from) ? "in" : isWallet(row.to) ? "out" : "inside";
  return { ...row, amount: money(amountMinor, currency), balance: money(balanceMinor, currency), direction };
}
