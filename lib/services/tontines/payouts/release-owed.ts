import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import { inGroup, recordEvents } from "../groups/group";
import { selectWallets } from "../groups/store";
import { postSteps } from "../money/post-steps";
import { toWallet } from "../money/steps";
import { takesNow } from "../money/takes-now";

/** Pays members what was kept for them, as far as their wallets take it now. For the system. Answers how many were paid. */
export async function releaseOwed(context: Context, tontineId: bigint): Promise<number> {
  return await inGroup(context, tontineId, async (tx, group) => {
    const ids = [...group.members.keys()];
    const owed = await getBalances(
      tx,
      ids.map((id) => chart.tontineOwed(group.accounts, id)),
    );
    const wallets = await selectWallets(tx, ids);
    const steps = [];
    for (const [index, memberId] of ids.entries()) {
      const wallet = wallets.get(memberId);
      const amountMinor = await takesNow(tx, group, wallet, owed[index]?.amountMinor ?? 0n);
      if (!wallet || amountMinor === 0n) continue;
      const account = chart.tontineOwed(group.accounts, memberId);
      const to = {
        type: "tontine_payout",
        walletId: wallet.walletId,
        memberId,
        turnId: null,
        account,
      } as const;
      steps.push(toWallet(group, { ...to, amountMinor, occurredAt: context.now }));
    }
    const posted = await postSteps(tx, context, group, steps);
    await recordEvents(
      tx,
      context,
      group,
      posted.flatMap(({ operation, amountMinor }) =>
        operation ? [{ kind: "owed.released" as const, memberId: operation.memberId, amountMinor }] : [],
      ),
    );
    return posted.length;
  });
}
