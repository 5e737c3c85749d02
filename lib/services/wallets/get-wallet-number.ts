import type { Reader } from "@/db/client";
import { walletOfUser } from "./get-wallet";

/** The public number of a user's wallet. */
export async function getWalletNumber(reader: Reader, userId: bigint): Promise<string> {
  return (await walletOfUser(reader, userId)).number;
}
