import type { Transaction } from "@/db/client";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import type { Group } from "../groups/group";
import { selectWallets, type WalletOfMember } from "../groups/store";
import { fromWallet, type Step, toWallet } from "../money/steps";
import { type DebtRow, selectDebts } from "../money/store";
import { takesNow } from "../money/takes-now";
import { payOut } from "./pay-out";

/** A debt that its debtor's deposit repays, with the reference of the operation that does. */
interface Repayment {
  debt: DebtRow;
  amountMinor: bigint;
  reference: string;
}

interface Returns {
  steps: Step[];
  repayments: Repayment[];
  /** What repayments bring into the solidarity fund. */
  toFundMinor: bigint;
}

/** How deposits and advances go back: through the wallet, where what is owed to others is taken from them first. */
export async function planReturns(tx: Transaction, context: Context, group: Group): Promise<Returns> {
  const members = [...group.members.values()];
  const wallets = await selectWallets(
    tx,
    members.map(({ id }) => id),
  );
  const accounts = members.flatMap(({ id }) => [
    chart.tontineGuarantee(group.accounts, id),
    chart.tontineAdvance(group.accounts, id),
  ]);
  const balances = await getBalances(tx, accounts);
  const debts = await selectDebts(tx, group.tontine.id);
  const all: Returns = { steps: [], repayments: [], toFundMinor: 0n };
  for (const [index, { id: memberId }] of members.entries()) {
    const held = [balances[index * 2]?.amountMinor ?? 0n, balances[index * 2 + 1]?.amountMinor ?? 0n];
    const total = (held[0] ?? 0n) + (held[1] ?? 0n);
    if (total === 0n) continue;
    const wallet = wallets.get(memberId);
    const own = debts.filter(({ debtorMemberId }) => debtorMemberId === memberId);
    const repaid = wallet ? repayFrom(context, group, { wallet, wallets, debts: own, total }) : NOTHING;
    const takes = repaid.spent + (await takesNow(tx, group, wallet, total - repaid.spent));
    all.steps.push(...drain(context, group, { memberId, wallet, held, takes }), ...repaid.steps);
    all.repayments.push(...repaid.repayments);
    all.toFundMinor += repaid.toFundMinor;
  }
  return all;
}

const NOTHING = { steps: [], repayments: [], toFundMinor: 0n, spent: 0n };

/** What leaves deposit and advance: as much as the wallet takes, the deposit first; the rest is kept. */
function drain(
  context: Context,
  group: Group,
  {
    memberId,
    wallet,
    held,
    takes,
  }: { memberId: bigint; wallet: WalletOfMember | undefined; held: bigint[]; takes: bigint },
): Step[] {
  const { accounts } = group;
  let left = takes;
  return [
    { what: "deposit", from: chart.tontineGuarantee(accounts, memberId), balance: held[0] ?? 0n },
    { what: "advance", from: chart.tontineAdvance(accounts, memberId), balance: held[1] ?? 0n },
  ].flatMap(({ what, from, balance }) => {
    const takesMinor = balance < left ? balance : left;
    left -= takesMinor;
    const keptMinor = balance - takesMinor;
    const common = { type: "tontine_refund", memberId, wallet, occurredAt: context.now } as const;
    return payOut(group, { ...common, what, from, takesMinor, keptMinor });
  });
}

function repayFrom(
  context: Context,
  group: Group,
  from: {
    wallet: WalletOfMember;
    wallets: ReadonlyMap<bigint, WalletOfMember>;
    debts: readonly DebtRow[];
    total: bigint;
  },
) {
  const { wallet, wallets, debts, total } = from;
  const result = { steps: [] as Step[], repayments: [] as Repayment[], toFundMinor: 0n, spent: 0n };
  for (const debt of debts) {
    const open = debt.amountMinor - debt.repaidMinor;
    const amountMinor = total - result.spent < open ? total - result.spent : open;
    if (amountMinor === 0n) continue;
    result.spent += amountMinor;
    const creditor = debt.creditorMemberId;
    const { accounts } = group;
    const account =
      creditor === null ? chart.tontineSolidarity(accounts) : chart.tontineOwed(accounts, creditor);
    const common = { turnId: null, amountMinor, account, occurredAt: context.now };
    const { walletId, memberId } = wallet;
    const out = fromWallet(group, { ...common, type: "tontine_repayment", walletId, memberId });
    result.steps.push(out);
    const theirs = creditor === null ? undefined : wallets.get(creditor);
    if (creditor !== null && theirs && !theirs.isFrozen) {
      const to = { type: "tontine_refund", walletId: theirs.walletId, memberId: creditor } as const;
      result.steps.push(toWallet(group, { ...common, ...to }));
    }
    if (creditor === null) result.toFundMinor += amountMinor;
    result.repayments.push({ debt, amountMinor, reference: out.operation.reference });
  }
  return result;
}
