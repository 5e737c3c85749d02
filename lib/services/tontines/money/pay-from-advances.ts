import type { Transaction } from "@/db/client";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import type { Group } from "../groups/group";
import { lockDues, type OwedDue, openMinor, selectDuesOfTurn } from "../turns/store";
import { postSteps } from "./post-steps";
import { dueFromGroup } from "./steps";

/** What members paid in advance pays their dues of a turn that was just called, in the same transaction. */
export async function payFromAdvances(
  tx: Transaction,
  context: Context,
  group: Group,
  turnId: bigint,
): Promise<void> {
  const open = (await selectDuesOfTurn(tx, turnId)).filter(({ state }) => state === "open");
  const dues = await lockDues(
    tx,
    group.tontine.id,
    open.map(({ id }) => id),
  );
  const members = [...new Set(dues.map(({ memberId }) => memberId))];
  const balances = await getBalances(
    tx,
    members.map((id) => chart.tontineAdvance(group.accounts, id)),
  );
  const left = new Map(members.map((id, index) => [id, balances[index]?.amountMinor ?? 0n]));
  const steps = dues.flatMap((due) => {
    const amountMinor = smaller(left.get(due.memberId) ?? 0n, due);
    if (amountMinor === 0n) return [];
    left.set(due.memberId, (left.get(due.memberId) ?? 0n) - amountMinor);
    const from = chart.tontineAdvance(group.accounts, due.memberId);
    return [
      dueFromGroup(group, { due, part: 1, amountMinor, via: "advance", from, occurredAt: context.now }),
    ];
  });
  await postSteps(tx, context, group, steps);
}

/** In full, or nothing where the rules allow no parts: an advance of half a due waits for the rest. */
function smaller(availableMinor: bigint, due: OwedDue): bigint {
  return availableMinor >= openMinor(due) ? openMinor(due) : 0n;
}
