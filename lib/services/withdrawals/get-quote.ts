import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { add, subtract } from "@/lib/money/arithmetic";
import { type Money, money } from "@/lib/money/money";
import { methodName } from "@/lib/providers/methods";
import { type Context, requirePerson } from "../context";
import { findEarlierWithdrawals } from "../operations/find-earlier-withdrawals";
import { referenceOf } from "../operations/reference-of";
import { walletOfUser } from "../wallets/get-wallet";
import { bankOf } from "./bank-of";
import { REPEAT_WINDOW_MS } from "./policy";
import { findQuote } from "./store";

/** What the review page shows. */
export interface Quote {
  id: string;
  amount: Money;
  fee: Money;
  total: Money;
  /** May be negative when the money was spent since. */
  balanceAfter: Money;
  method: string;
  /** As people know it. */
  methodName: string;
  /** E.164; null when it goes to a bank account. */
  phone: string | null;
  /** As the bank named it; null when it goes to a phone. */
  bank: { name: string; accountNumber: string; accountName: string } | null;
  expired: boolean;
  /** This wallet never paid out to this number or account. */
  firstTime: boolean;
  /** The reference of the same sum to the same number or account, minutes ago. */
  repeats: string | null;
  /** The reference of the withdrawal that it was confirmed as, if it was. */
  usedBy: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A quote of the signed-in user. Throws `not_found` for what doesn't exist and for what is somebody else's. */
export async function getQuote(context: Context, quoteId: string): Promise<Quote> {
  const userId = requirePerson(context);
  const row = UUID.test(quoteId) ? await findQuote(context.db, userId, quoteId) : null;
  // A quote of a transfer is another page's.
  if (row?.type !== "withdrawal") throw new DomainError("not_found");
  const wallet = await walletOfUser(context.db, userId);
  const { currency, amountMinor, feeMinor, phone, method } = row;
  invariant(method !== null, "a withdrawal's quote has its method");
  const bank = bankOf(row);
  const [available] = await getBalances(context.db, [chart.available(wallet.id, currency)]);
  const since = new Date(context.now.getTime() - REPEAT_WINDOW_MS);
  const same = { destination: row, currency, amountMinor, since };
  const earlier = await findEarlierWithdrawals(context.db, wallet.id, same);
  const amount = money(amountMinor, currency);
  const fee = money(feeMinor, currency);
  const total = add(amount, fee);
  return {
    id: row.id,
    amount,
    fee,
    total,
    balanceAfter: subtract(available ?? money(0n, currency), total),
    method,
    methodName: methodName(method),
    phone,
    bank: bank && { name: bank.bankName, accountNumber: bank.accountNumber, accountName: bank.accountName },
    expired: row.expiresAt <= context.now,
    firstTime: !earlier.paidBefore,
    repeats: earlier.same?.reference ?? null,
    usedBy: row.operationId === null ? null : await referenceOf(context.db, row.operationId),
  };
}
