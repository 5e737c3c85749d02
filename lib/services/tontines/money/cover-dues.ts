import type { Transaction } from "@/db/client";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { type Group, inGroup, recordEvents } from "../groups/group";
import { selectWallets } from "../groups/store";
import { waitsUntil } from "../turns/close-collection";
import { lockDues, type OwedDue, openMinor, selectDuesOfTurn, selectTurns } from "../turns/store";
import { postWithRest } from "./pay-dues";
import { dueFromGroup, dueFromWallet, type Step } from "./steps";
import { countParts, type GuaranteeRow, insertDebt, selectGuarantees, updateGuarantee } from "./store";

/**
 * Covers the late contributions of a turn whose closing time has come, one a call, so that each is a list of its own: by the debtor's deposit,
 * then the guarantor's wallet, then the solidarity fund, as far as each goes. What others paid is a debt of the member. For the
 * system. Answers whether there may be more.
 */
export async function coverDues(context: Context, tontineId: bigint): Promise<boolean> {
  return await inGroup(context, tontineId, async (tx, group) => {
    if (group.tontine.state === "paused") return false;
    const turns = (await selectTurns(tx, group.cycle.id)).filter(({ state }) => state === "called");
    for (const turn of turns) {
      const dues = await selectDuesOfTurn(tx, turn.id);
      if (context.now < waitsUntil(turn, dues)) continue;
      for (const due of dues.filter(({ kind, state }) => kind === "contribution" && state === "late")) {
        if (await cover(tx, context, group, due)) return true;
      }
    }
    return false;
  });
}

async function cover(tx: Transaction, context: Context, group: Group, seen: OwedDue): Promise<boolean> {
  const [due] = await lockDues(tx, group.tontine.id, [seen.id]);
  if (!due) return false;
  const { accounts, parameters } = group;
  const guarantee = (await selectGuarantees(tx, group.tontine.id)).find(
    ({ memberId, state, usedMinor, amountMinor }) =>
      memberId === due.memberId && ["signed", "called", "repaid"].includes(state) && usedMinor < amountMinor,
  );
  const sources = await readSources(tx, group, due, guarantee);
  const occurredAt = context.now;
  let part = (await countParts(tx, [due.id])).get(due.id) ?? 0;
  let left = openMinor(due);
  const take = (availableMinor: bigint): bigint => {
    const taken = availableMinor < left ? availableMinor : left;
    left -= taken;
    if (taken > 0n) part += 1;
    return taken;
  };
  const steps: Step[] = [];
  const deposit = take(sources.deposit);
  const common = { due, occurredAt };
  if (deposit > 0n) {
    const from = chart.tontineGuarantee(accounts, due.memberId);
    steps.push(dueFromGroup(group, { ...common, part, amountMinor: deposit, via: "deposit", from }));
  }
  const byGuarantor = sources.guarantor ? take(sources.guarantor.availableMinor) : 0n;
  if (byGuarantor > 0n && sources.guarantor && guarantee) {
    const { walletId } = sources.guarantor;
    const payer = { walletId, payerMemberId: guarantee.guarantorMemberId, isCover: true } as const;
    steps.push(dueFromWallet(group, { ...common, ...payer, part, amountMinor: byGuarantor }));
  }
  const byFund = parameters.solidarityCovers ? take(sources.fund) : 0n;
  if (byFund > 0n) {
    const from = chart.tontineSolidarity(accounts);
    steps.push(dueFromGroup(group, { ...common, part, amountMinor: byFund, via: "solidarity", from }));
  }
  if (steps.length === 0) return false;
  await postWithRest(tx, context, group, steps);
  if (guarantee && byGuarantor > 0n) await callGuarantee(tx, context, group, guarantee, byGuarantor);
  await openDebts(tx, context, group, due, { guarantee, byGuarantor, byFund });
  return true;
}

/** What the debtor's deposit, the guarantor's wallet within the promise, and the fund hold. */
async function readSources(tx: Transaction, group: Group, due: OwedDue, guarantee: GuaranteeRow | undefined) {
  const { accounts } = group;
  const wallet = guarantee
    ? (await selectWallets(tx, [guarantee.guarantorMemberId])).get(guarantee.guarantorMemberId)
    : undefined;
  const [deposit, fund, purse] = await getBalances(tx, [
    chart.tontineGuarantee(accounts, due.memberId),
    chart.tontineSolidarity(accounts),
    ...(wallet ? [chart.available(wallet.walletId, accounts.currency)] : []),
  ]);
  const promised = guarantee ? guarantee.amountMinor - guarantee.usedMinor : 0n;
  const inPurse = purse?.amountMinor ?? 0n;
  return {
    deposit: deposit?.amountMinor ?? 0n,
    fund: fund?.amountMinor ?? 0n,
    guarantor:
      wallet && !wallet.isFrozen
        ? { walletId: wallet.walletId, availableMinor: inPurse < promised ? inPurse : promised }
        : null,
  };
}

async function callGuarantee(
  tx: Transaction,
  context: Context,
  group: Group,
  guarantee: GuaranteeRow,
  amountMinor: bigint,
): Promise<void> {
  const usedMinor = guarantee.usedMinor + amountMinor;
  await updateGuarantee(tx, guarantee.id, { state: "called", usedMinor });
  await recordEvents(tx, context, group, [
    { kind: "guarantee.called", memberId: guarantee.guarantorMemberId, amountMinor },
  ]);
}

async function openDebts(
  tx: Transaction,
  context: Context,
  group: Group,
  due: OwedDue,
  by: { guarantee: GuaranteeRow | undefined; byGuarantor: bigint; byFund: bigint },
): Promise<void> {
  const debt = { tontineId: group.tontine.id, debtorMemberId: due.memberId, dueId: due.id };
  const event = { kind: "debt.opened", memberId: due.memberId, dueId: due.id } as const;
  if (by.guarantee && by.byGuarantor > 0n) {
    const creditorMemberId = by.guarantee.guarantorMemberId;
    await insertDebt(tx, { ...debt, creditor: "member", creditorMemberId, amountMinor: by.byGuarantor });
    await recordEvents(tx, context, group, [{ ...event, amountMinor: by.byGuarantor }]);
  }
  if (by.byFund > 0n) {
    await insertDebt(tx, { ...debt, creditor: "solidarity", amountMinor: by.byFund });
    await recordEvents(tx, context, group, [{ ...event, amountMinor: by.byFund }]);
  }
}
