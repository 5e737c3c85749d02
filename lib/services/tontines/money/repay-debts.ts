import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { planShareOut } from "../closing/plan-share-out";
import { findOwnGroup, type Group, recordEvents } from "../groups/group";
import { selectWallets, type WalletOfMember } from "../groups/store";
import { readAmount } from "../read-fields";
import { type PayAmount, payAmountSchema } from "../schema";
import { payOnce, type TontineReceipt } from "./pay-once";
import { postSteps } from "./post-steps";
import { fromWallet, type Step, toWallet } from "./steps";
import {
  countOpenDebtsOfDue,
  type DebtRow,
  repayDebt,
  selectGuarantees,
  selectOpenDebts,
  setDueRepaid,
  updateGuarantee,
} from "./store";

interface Repayment {
  debt: DebtRow;
  amountMinor: bigint;
}

/**
 * Repays what others paid for the member, in the order in which they paid; a guarantor gets it at once. At most what is owed. What the fund of a
 * closed group gets back is shared out at once. Throws
 * `not_found`, `tontine_not_now` when nothing is owed, `validation_failed` for more than that, and otherwise as `payDues` does.
 */
export async function repayDebts(context: Context, input: PayAmount): Promise<TontineReceipt> {
  const { code, amount: typed, pin, key } = payAmountSchema.parse(input);
  const own = await findOwnGroup(context, code);
  const amount = readAmount("amount", typed, own.tontine.currency);
  const fields = [amount.amountMinor.toString()];
  const payment = { verb: "tontine_repay", key, pin, fields, amount };
  return await payOnce(context, own, payment, async (tx, group) => {
    const debts = await selectOpenDebts(tx, group.member.id);
    const repayments = inOrder(debts, amount.amountMinor);
    const creditors = debts.flatMap(({ creditorMemberId }) => creditorMemberId ?? []);
    const wallets = await selectWallets(tx, creditors);
    const steps = repayments.map((repayment) => stepsOf(group, wallets, repayment, context.now));
    const shared = await shareOut(tx, context, group, repayments, steps[0]?.[0]?.operation?.reference);
    const posted = await postSteps(tx, context, group, [...steps.flat(), ...shared]);
    for (const [index, { debt, amountMinor }] of repayments.entries()) {
      const first = steps[index]?.[0]?.operation?.reference;
      const operationId = posted.find(({ operation }) => operation?.reference === first)?.operationId;
      invariant(operationId, "a repayment is an operation");
      await repayDebt(tx, debt, amountMinor, operationId);
      if ((await countOpenDebtsOfDue(tx, debt.dueId)) === 0) await setDueRepaid(tx, debt.dueId);
    }
    await recordEvents(
      tx,
      context,
      group,
      repayments.map(({ debt, amountMinor }) => ({
        kind: "debt.repaid",
        memberId: group.member.id,
        dueId: debt.dueId,
        amountMinor,
      })),
    );
    const rest = await selectOpenDebts(tx, group.member.id);
    if (!rest.some(({ creditor }) => creditor === "member")) {
      const called = (await selectGuarantees(tx, group.tontine.id)).filter(
        ({ memberId, state }) => memberId === group.member.id && state === "called",
      );
      for (const { id } of called) await updateGuarantee(tx, id, { state: "repaid" });
    }
    return posted;
  });
}

function inOrder(debts: readonly DebtRow[], amountMinor: bigint): Repayment[] {
  if (debts.length === 0) throw new DomainError("tontine_not_now");
  const repayments: Repayment[] = [];
  let left = amountMinor;
  for (const debt of debts) {
    const open = debt.amountMinor - debt.repaidMinor;
    const part = left < open ? left : open;
    if (part > 0n) repayments.push({ debt, amountMinor: part });
    left -= part;
  }
  if (left > 0n) {
    throw new DomainError("validation_failed", { issues: [{ field: "amount", reason: "more_than_owed" }] });
  }
  return repayments;
}

/** Nothing stays in the fund of a closed group (T14). */
async function shareOut(
  tx: Transaction,
  context: Context,
  group: Group,
  repayments: readonly Repayment[],
  reference: string | undefined,
): Promise<Step[]> {
  const toFund = repayments
    .filter(({ debt }) => debt.creditorMemberId === null)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  if (group.tontine.state !== "closed" || toFund === 0n) return [];
  return await planShareOut(tx, context, group, { amountMinor: toFund, name: `fund after ${reference}` });
}

/** Into the fund; or into what is kept for the guarantor, and from there to their wallet unless it is frozen. */
function stepsOf(
  group: Group & { walletId: bigint; member: { id: bigint } },
  wallets: ReadonlyMap<bigint, WalletOfMember>,
  { debt, amountMinor }: Repayment,
  occurredAt: Date,
): Step[] {
  const { walletId, member, accounts } = group;
  const creditor = debt.creditorMemberId;
  const account =
    creditor === null ? chart.tontineSolidarity(accounts) : chart.tontineOwed(accounts, creditor);
  const common = { turnId: null, amountMinor, account, occurredAt };
  const out = fromWallet(group, { ...common, type: "tontine_repayment", walletId, memberId: member.id });
  const wallet = creditor === null ? undefined : wallets.get(creditor);
  if (creditor === null || !wallet || wallet.isFrozen) return [out];
  return [
    out,
    toWallet(group, { ...common, type: "tontine_refund", walletId: wallet.walletId, memberId: creditor }),
  ];
}
