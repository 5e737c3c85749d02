import type { Transaction } from "@/db/client";
import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import { roomInWallet } from "../../wallets/wallet-room";
import type { Group } from "../groups/group";
import type { WalletOfMember } from "../groups/store";
import type { Step } from "./steps";

/**
 * How much of an amount a member's wallet takes now: nothing when it is frozen or there is none, and no more than its ceiling leaves after
 * the steps that the same list posts before.
 */
export async function takesNow(
  tx: Transaction,
  group: Group,
  wallet: WalletOfMember | undefined,
  amountMinor: bigint,
  before: readonly Step[] = [],
): Promise<bigint> {
  if (!wallet || wallet.isFrozen) return 0n;
  const { currency } = group.tontine;
  const now = await roomInWallet(tx, wallet.walletId, currency);
  if (now === null) return amountMinor;
  const left = now - gainOf(chart.available(wallet.walletId, currency), before);
  const room = left > 0n ? left : 0n;
  return amountMinor < room ? amountMinor : room;
}

/** What steps bring into an account, less what they take. */
function gainOf({ address }: LedgerAccount, steps: readonly Step[]): bigint {
  const postings = steps.flatMap(({ draft }) => draft.postings);
  return postings.reduce((sum, { from, to, amount: { amountMinor } }) => {
    if (to.address === address) return sum + amountMinor;
    return from.address === address ? sum - amountMinor : sum;
  }, 0n);
}
