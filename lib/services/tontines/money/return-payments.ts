import type { Transaction } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { openAccounts } from "@/lib/ledger/accounts";
import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import { draftReturn } from "@/lib/ledger/draft-tontine";
import { money } from "@/lib/money/money";
import type { Context } from "../../context";
import type { Group } from "../groups/group";
import { selectWallets } from "../groups/store";
import { insertReturns, type PaymentRow, selectKeptPayments } from "../in-time/store";
import type { OwedDue } from "../turns/store";
import { postSteps } from "./post-steps";
import { accountOfDue, type Step, toWallet } from "./steps";
import { takesNow } from "./takes-now";

interface PlannedReturn {
  paymentId: bigint;
  dueId: bigint;
  step: Step;
}

/**
 * How each payment of these dues goes back to where it came from: to its payer's wallet, or to what is kept for them when the wallet can't take it;
 * what the group held for the debtor, or the fund lent, to there again.
 */
export async function planReturns(
  tx: Transaction,
  context: Context,
  group: Group,
  dues: readonly OwedDue[],
): Promise<PlannedReturn[]> {
  const dueOf = new Map(dues.map((due) => [due.id, due]));
  const payments = await selectKeptPayments(tx, [...dueOf.keys()]);
  const payers = [...new Set(payments.flatMap(({ payerMemberId }) => payerMemberId ?? []))];
  const wallets = await selectWallets(tx, payers);
  await openAccounts(
    tx,
    payers.map((id) => chart.tontineOwed(group.accounts, id)),
  );
  const sums = new Map<bigint, bigint>();
  const planned: PlannedReturn[] = [];
  for (const payment of payments) {
    const due = dueOf.get(payment.dueId);
    invariant(due, "these are their payments");
    const from = accountOfDue(group, due);
    const back = { payment, due, from, occurredAt: context.now };
    const payer = payment.payerMemberId ?? due.memberId;
    const wallet = wallets.get(payer);
    const total = (sums.get(payer) ?? 0n) + payment.amountMinor;
    const isToWallet = ["wallet", "guarantor", "payout"].includes(payment.via);
    if (isToWallet && wallet && (await takesNow(tx, group, wallet, total)) === total) {
      sums.set(payer, total);
      const to = { walletId: wallet.walletId, memberId: payer, amountMinor: payment.amountMinor };
      const about = { type: "tontine_refund", turnId: due.turnId, account: from } as const;
      planned.push({
        paymentId: payment.id,
        dueId: due.id,
        step: toWallet(group, { ...about, ...to, occurredAt: context.now }),
      });
    } else {
      planned.push({
        paymentId: payment.id,
        dueId: due.id,
        step: withinGroup(group, back, sourceOf(group, payment, due)),
      });
    }
  }
  return planned;
}

/** The account of the group that a payment came from; what came from a wallet is kept for its owner. */
function sourceOf({ accounts }: Group, { via, payerMemberId }: PaymentRow, due: OwedDue): LedgerAccount {
  switch (via) {
    case "advance":
      return chart.tontineAdvance(accounts, due.memberId);
    case "deposit":
      return chart.tontineGuarantee(accounts, due.memberId);
    case "solidarity":
      return chart.tontineSolidarity(accounts);
    default:
      return chart.tontineOwed(accounts, payerMemberId ?? due.memberId);
  }
}

function withinGroup(
  group: Group,
  { payment, from, occurredAt }: { payment: PaymentRow; from: LedgerAccount; occurredAt: Date },
  to: LedgerAccount,
): Step {
  const amount = money(payment.amountMinor, group.tontine.currency);
  const draft = draftReturn({ tontine: group.accounts, paymentId: payment.id, from, to, amount, occurredAt });
  return { draft, amountMinor: payment.amountMinor, operation: null, due: null };
}

/** Posts planned returns and records them. Answers an operation by which each due was given back, where one reached a wallet. */
export async function recordReturns(
  tx: Transaction,
  context: Context,
  group: Group,
  planned: readonly PlannedReturn[],
): Promise<ReadonlyMap<bigint, bigint>> {
  const steps = planned.map(({ step }) => step);
  const posted = await postSteps(tx, context, group, steps);
  await insertReturns(
    tx,
    planned.map(({ paymentId }, index) => {
      const step = posted[index];
      invariant(step, "each return is posted");
      return {
        paymentId,
        entryId: step.entryId,
        operationId: step.operationId,
        createdAt: context.now,
      };
    }),
  );
  return new Map(
    planned.flatMap(({ dueId }, index) => {
      const operationId = posted[index]?.operationId;
      return operationId ? [[dueId, operationId] as const] : [];
    }),
  );
}
