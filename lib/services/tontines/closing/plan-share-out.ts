import type { Transaction } from "@/db/client";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Context } from "../../context";
import type { Group } from "../groups/group";
import { selectWallets } from "../groups/store";
import { GONE_STATES } from "../kinds";
import type { Step } from "../money/steps";
import { takesNow } from "../money/takes-now";
import { splitByWeight } from "../split";
import { payOut } from "./pay-out";

/** What comes into the fund now. `name` tells entries of repayments after the closing apart. */
interface IntoFund {
  amountMinor: bigint;
  name?: string;
}

/** How the box and the solidarity fund, with what comes into it now, are shared out by the shares of those who stayed. */
export async function planShareOut(
  tx: Transaction,
  context: Context,
  group: Group,
  { amountMinor: toFundMinor, name = "fund" }: IntoFund,
): Promise<Step[]> {
  const { accounts, holders, members } = group;
  const sources = [
    { what: "box", from: chart.tontineBox(accounts), more: 0n },
    { what: name, from: chart.tontineSolidarity(accounts), more: toFundMinor },
  ];
  const balances = await getBalances(
    tx,
    sources.map(({ from }) => from),
  );
  const here = holders.filter(({ memberId }) => !GONE_STATES.includes(members.get(memberId)?.state ?? ""));
  // When all have gone, what is left is theirs.
  const stayed = here.length > 0 ? here : holders;
  const halvesOf = new Map<bigint, bigint>();
  for (const { memberId, halves } of stayed) {
    halvesOf.set(memberId, (halvesOf.get(memberId) ?? 0n) + BigInt(halves));
  }
  const weighted = [...halvesOf].map(([memberId, weight]) => ({ to: memberId, weight }));
  const wallets = await selectWallets(tx, [...halvesOf.keys()]);
  const steps: Step[] = [];
  for (const [index, { what, from, more }] of sources.entries()) {
    const total = (balances[index]?.amountMinor ?? 0n) + more;
    for (const { to: memberId, amountMinor } of splitByWeight(total, weighted)) {
      const wallet = wallets.get(memberId);
      const takesMinor = await takesNow(tx, group, wallet, amountMinor);
      const keptMinor = amountMinor - takesMinor;
      const common = { type: "tontine_share_out", memberId, wallet, occurredAt: context.now } as const;
      steps.push(...payOut(group, { ...common, what, from, takesMinor, keptMinor }));
    }
  }
  return steps;
}
