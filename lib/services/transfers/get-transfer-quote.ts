import type { Reader } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { subtract } from "@/lib/money/arithmetic";
import { type Money, money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { shownName } from "../identity/users/shown-name";
import { limitOf, type MoneyOutLimit } from "../money-out-limits/find-money-out-limit";
import { type QuoteProblem, quoteProblem } from "../operations/quote-problem";
import { walletOfUser } from "../wallets/get-wallet";
import type { Recipient } from "./look-up-recipient";
import { REPEAT_WINDOW_MS } from "./policy";
import { findEarlierTransfers, findTransferQuote, type TransferQuoteRow } from "./store";

/** A transfer's quote, as the review page shows it. */
export interface TransferQuote {
  id: string;
  recipient: Recipient;
  amount: Money;
  note: string | null;
  /** Negative when the money was spent since. */
  balanceAfter: Money;
  /** Why it can't be confirmed; null when it can. */
  problem: QuoteProblem | null;
  /** What limits the person's money out now; null when nothing does. */
  limit: MoneyOutLimit | null;
  /** This wallet never sent anything to this one. */
  firstTime: boolean;
  /** The reference of the same sum to the same person, minutes ago. */
  repeats: string | null;
  /** The reference of the transfer that it was confirmed as, if it was. */
  usedBy: string | null;
  /** The request for money that it pays: confirmed by `payMoneyRequest`. */
  moneyRequestId: string | null;
}

/** A quote of the signed-in person. Throws `not_found` for what doesn't exist and for what is somebody else's. */
export async function getTransferQuote(context: Context, quoteId: string): Promise<TransferQuote> {
  const row = await ownQuote(context, quoteId);
  const { currency, amountMinor } = row;
  const wallet = await walletOfUser(context.db, row.userId);
  const [available] = await getBalances(context.db, [chart.available(wallet.id, currency)]);
  const earlier = await findEarlierTransfers(context.db, {
    walletId: wallet.id,
    counterpartyWalletId: row.counterpartyWalletId,
    currency,
    amountMinor,
    since: new Date(context.now.getTime() - REPEAT_WINDOW_MS),
  });
  const amount = money(amountMinor, currency);
  const balanceAfter = subtract(available ?? money(0n, currency), amount);
  const limit = await limitOf(context.db, row.userId, currency);
  return {
    id: row.id,
    recipient: { walletNumber: row.walletNumber, name: shownName(row.firstName, row.lastName) },
    amount,
    note: row.note,
    balanceAfter,
    problem: quoteProblem({ expiresAt: row.expiresAt, amount, balanceAfter, limit }, context.now),
    limit,
    firstTime: !earlier.sentBefore,
    repeats: earlier.sameReference,
    usedBy: row.usedBy,
    moneyRequestId: row.moneyRequestId,
  };
}

/** The quote's row for this folder's verbs. Throws as {@link getTransferQuote}. */
export async function ownQuote(
  context: Context,
  quoteId: string,
  reader: Reader = context.db,
): Promise<TransferQuoteRow> {
  const userId = requirePerson(context);
  const row = isUuid(quoteId) ? await findTransferQuote(reader, userId, quoteId) : null;
  if (!row) throw new DomainError("not_found");
  return row;
}
