import type { Direction } from "@/lib/providers/provider";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { selectLastMethod } from "./store";

/** The method that the signed-in user last chose to top up (`in`) or withdraw (`out`); null for none lately. */
export async function findLastMethod(context: Context, direction: Direction): Promise<string | null> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  return await selectLastMethod(context.db, wallet.id, direction === "in" ? "deposit" : "withdrawal");
}
