import type { Transaction } from "@/db/client";
import { roomInWallet } from "../../wallets/wallet-room";
import type { Group } from "../groups/group";
import type { WalletOfMember } from "../groups/store";

/** How much of an amount a member's wallet takes now: nothing when it is frozen or there is none, and no more than its ceiling leaves. */
export async function takesNow(
  tx: Transaction,
  group: Group,
  wallet: WalletOfMember | undefined,
  amountMinor: bigint,
): Promise<bigint> {
  if (!wallet || wallet.isFrozen) return 0n;
  const room = await roomInWallet(tx, wallet.walletId, group.tontine.currency);
  return room === null || amountMinor < room ? amountMinor : room;
}
