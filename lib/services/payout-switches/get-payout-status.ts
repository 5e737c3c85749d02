import { type Money, money } from "@/lib/money/money";
import { listProviders } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import { HISTORY_MAX } from "./policy";
import { selectHistory, selectSwitches, sumWaiting } from "./store";
import { type PayoutSwitchView, toSwitchView } from "./view";

export interface PayoutStatus {
  /** The switch of all, then that of each provider that is configured or was ever toggled; `last` is null if never. */
  switches: { provider: string | null; isStopped: boolean; last: PayoutSwitchView | null }[];
  /** Withdrawals whose money is reserved and that weren't submitted yet. */
  waiting: { provider: string; count: number; total: Money }[];
  /** Newest first. */
  history: PayoutSwitchView[];
}

/** The payout switches, the withdrawals that wait for them, and who toggled them when. Throws `unauthenticated`. */
export async function getPayoutStatus(context: Context): Promise<PayoutStatus> {
  requireSystem(context);
  const current = new Map((await selectSwitches(context.db)).map((row) => [row.provider, row]));
  const configured = listProviders().map(({ name }) => name);
  const names = new Set<string | null>([null, ...configured, ...current.keys()]);
  return {
    switches: [...names].map((provider) => {
      const row = current.get(provider);
      return { provider, isStopped: row?.stopped ?? false, last: row ? toSwitchView(row) : null };
    }),
    waiting: (await sumWaiting(context.db)).map(({ provider, count, amountMinor, currency }) => ({
      provider,
      count,
      total: money(amountMinor, currency),
    })),
    history: (await selectHistory(context.db, HISTORY_MAX)).map(toSwitchView),
  };
}
