import { DomainError } from "@/lib/errors";
import type { Money } from "@/lib/money/money";
import type { Context } from "../../context";
import { getWallet } from "../../wallets/get-wallet";
import { readOwnGroup } from "../groups/group";
import { type DebtView, findStanding } from "./standing";

export interface RepaymentView {
  code: string;
  name: string;
  /** What the viewer still owes, in the order in which it is repaid. */
  debts: readonly DebtView[];
  owed: Money;
  /** In the viewer's wallet. */
  available: Money;
}

/** What a member owes to those who paid for them, and can repay. Throws `unauthenticated`, `not_found`. */
export async function getRepayment(context: Context, code: string): Promise<RepaymentView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const [{ owes, owed }, wallet] = await Promise.all([
    findStanding(context.db, group, member),
    getWallet(context),
  ]);
  const balance = wallet.balances.find(({ currency }) => currency === tontine.currency);
  if (!balance) throw new DomainError("not_found");
  return {
    code: tontine.code,
    name: tontine.name,
    debts: owes.filter(({ open }) => open.amountMinor > 0n),
    owed,
    available: balance.available,
  };
}
