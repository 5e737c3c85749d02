import type { Reader } from "@/db/client";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { sum } from "@/lib/money/arithmetic";
import { type Money, money } from "@/lib/money/money";
import type { Group } from "../groups/group";
import { type MemberRow, selectWallets } from "../groups/store";
import type { OwedDue } from "../turns/store";
import { type DebtOfDue, selectDebtsOfDues } from "./store";

/** What somebody paid for a member, and what was repaid of it. */
export interface DebtView {
  id: string;
  debtor: string;
  /** The member who paid for the debtor; null for the solidarity fund. */
  creditor: string | null;
  /** The due that was paid, or that a turn's receiver never got. */
  kind: OwedDue["kind"];
  turn: number;
  amount: Money;
  open: Money;
}

/** Why money is kept for a member: their wallet is frozen, at its ceiling, or they have none. */
export type KeptReason = "frozen" | "ceiling" | "no_account";

/** What is between a member and their group beside dues. */
export interface Standing {
  /** Debts of the member, repaid ones too, in the order in which others paid. */
  owes: readonly DebtView[];
  /** Debts of others to the member, repaid ones too. */
  claims: readonly DebtView[];
  /** What is open of `owes`, and of `claims`. */
  owed: Money;
  claimed: Money;
  /** Paid ahead of turns that aren't called. */
  advance: Money;
  /** The member's guarantee deposit. */
  deposit: Money;
  /** What is the member's and couldn't reach their wallet. */
  kept: { amount: Money; reason: KeptReason } | null;
}

export async function findStanding(reader: Reader, group: Group, member: MemberRow): Promise<Standing> {
  const { accounts, tontine } = group;
  const [debts, [advance, deposit, kept]] = await Promise.all([
    selectDebtsOfDues(reader, tontine.id),
    getBalances(reader, [
      chart.tontineAdvance(accounts, member.id),
      chart.tontineGuarantee(accounts, member.id),
      chart.tontineOwed(accounts, member.id),
    ]),
  ]);
  const none = money(0n, tontine.currency);
  const owes = debts
    .filter(({ debtorMemberId }) => debtorMemberId === member.id)
    .map((debt) => toDebtView(group, debt));
  const claims = debts
    .filter(({ creditorMemberId }) => creditorMemberId === member.id)
    .map((debt) => toDebtView(group, debt));
  const openOf = (views: readonly DebtView[]) =>
    sum(
      views.map(({ open }) => open),
      tontine.currency,
    );
  return {
    owes,
    claims,
    owed: openOf(owes),
    claimed: openOf(claims),
    advance: advance ?? none,
    deposit: deposit ?? none,
    kept:
      kept && kept.amountMinor > 0n
        ? { amount: kept, reason: await findKeptReason(reader, member.id) }
        : null,
  };
}

export function toDebtView({ members, tontine }: Group, debt: DebtOfDue): DebtView {
  const { id, debtorMemberId, creditorMemberId, amountMinor, repaidMinor, dueKind, turnNumber } = debt;
  return {
    id: id.toString(),
    debtor: members.get(debtorMemberId)?.name ?? "",
    creditor: creditorMemberId === null ? null : (members.get(creditorMemberId)?.name ?? ""),
    kind: dueKind,
    turn: turnNumber,
    amount: money(amountMinor, tontine.currency),
    open: money(amountMinor - repaidMinor, tontine.currency),
  };
}

async function findKeptReason(reader: Reader, memberId: bigint): Promise<KeptReason> {
  const wallet = (await selectWallets(reader, [memberId])).get(memberId);
  if (!wallet) return "no_account";
  return wallet.isFrozen ? "frozen" : "ceiling";
}
