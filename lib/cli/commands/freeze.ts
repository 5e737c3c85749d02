import { setWalletFrozen } from "@/lib/services/back-office/freeze-wallet";
import { type Deployment, decisionOf } from "./deployment";

interface Freezing {
  walletNumber: string;
  note: string;
  by: string | null;
}

/** Freezes a wallet: money comes in, none goes out. */
export async function reportFreeze({ context, print }: Deployment, freezing: Freezing): Promise<number> {
  const isNew = await setWalletFrozen(context, { ...freezing, ...decisionOf(freezing) }, true);
  print(
    isNew ? `Frozen: wallet ${freezing.walletNumber}` : `Wallet ${freezing.walletNumber} was frozen before.`,
  );
  print("Transfers and withdrawals are refused; money still comes in. What was under way goes on.");
  return 0;
}

/** Ends a freeze. */
export async function reportUnfreeze({ context, print }: Deployment, freezing: Freezing): Promise<number> {
  const isNew = await setWalletFrozen(context, { ...freezing, ...decisionOf(freezing) }, false);
  print(
    isNew
      ? `No longer frozen: wallet ${freezing.walletNumber}`
      : `Wallet ${freezing.walletNumber} wasn't frozen.`,
  );
  return 0;
}
