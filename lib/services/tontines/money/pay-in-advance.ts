import { DomainError } from "@/lib/errors";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { findOwnGroup, requireState } from "../groups/group";
import { readAmount } from "../read-fields";
import { type PayAmount, payAmountSchema } from "../schema";
import { payOnce, type TontineReceipt } from "./pay-once";
import { postSteps } from "./post-steps";
import { fromWallet } from "./steps";

/**
 * Pays ahead of the turns that are called: kept for the member, and taken when a turn is called. Throws `not_found`, `tontine_not_now` in a
 * group that isn't running, and otherwise as `payDues` does.
 */
export async function payInAdvance(context: Context, input: PayAmount): Promise<TontineReceipt> {
  const { code, amount: typed, pin, key } = payAmountSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const amount = readAmount("amount", typed, own.tontine.currency);
  const fields = [amount.amountMinor.toString()];
  const payment = { verb: "tontine_advance", key, pin, fields, amount };
  return await payOnce(context, own, payment, async (tx, group) => {
    requireState(group, "running");
    if (!group.holders.some(({ memberId }) => memberId === group.member.id)) {
      throw new DomainError("tontine_not_now");
    }
    const account = chart.tontineAdvance(group.accounts, group.member.id);
    const { walletId, member } = group;
    const to = { type: "tontine_contribution", walletId, memberId: member.id, turnId: null } as const;
    const { amountMinor } = amount;
    return await postSteps(tx, context, group, [
      fromWallet(group, { ...to, amountMinor, account, occurredAt: context.now }),
    ]);
  });
}
