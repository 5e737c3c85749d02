import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { add, subtract } from "@/lib/money/arithmetic";
import { money } from "@/lib/money/money";
import { methodName } from "@/lib/providers/methods";
import { type Context, requirePerson } from "../context";
import { limitOf } from "../money-out-limits/find-money-out-limit";
import { referenceOf } from "../operations/operation";
import { quoteProblem } from "../operations/quote-problem";
import { walletOfUser } from "../wallets/get-wallet";
import { REPEAT_WINDOW_MS } from "./policy";
import { findQuote, findSameWithdrawal, hasPaidOutTo } from "./store";
import { bankOf, type Quote } from "./view";

/** A quote of the signed-in user. Throws `not_found` for what doesn't exist and for what is somebody else's. */
export async function getQuote(context: Context, quoteId: string): Promise<Quote> {
  const userId = requirePerson(context);
  const row = isUuid(quoteId) ? await findQuote(context.db, userId, quoteId) : null;
  // The same table holds quotes of transfers.
  if (row?.type !== "withdrawal") throw new DomainError("not_found");
  const wallet = await walletOfUser(context.db, userId);
  const { currency, amountMinor, feeMinor, phone, method } = row;
  invariant(method !== null, "a withdrawal's quote has its method");
  const bank = bankOf(row);
  const [available] = await getBalances(context.db, [chart.available(wallet.id, currency)]);
  const since = new Date(context.now.getTime() - REPEAT_WINDOW_MS);
  const same = { destination: row, currency, amountMinor, since };
  const repeated = await findSameWithdrawal(context.db, wallet.id, same);
  const amount = money(amountMinor, currency);
  const fee = money(feeMinor, currency);
  const total = add(amount, fee);
  const balanceAfter = subtract(available ?? money(0n, currency), total);
  const limit = await limitOf(context.db, row.userId, currency);
  return {
    id: row.id,
    amount,
    fee,
    total,
    balanceAfter,
    method,
    methodName: methodName(method),
    phone,
    bank: bank && { name: bank.bankName, accountNumber: bank.accountNumber, accountName: bank.accountName },
    problem: quoteProblem({ expiresAt: row.expiresAt, amount, balanceAfter, limit }, context.now),
    limit,
    firstTime: !(await hasPaidOutTo(context.db, wallet.id, row)),
    repeats: repeated?.reference ?? null,
    usedBy: row.operationId === null ? null : await referenceOf(context.db, row.operationId),
  };
}
