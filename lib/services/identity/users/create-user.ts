import type { Transaction } from "@/db/client";
import { createWallet } from "@/lib/services/wallets/create-wallet";
import { insertUser, type NewUserRow, type UserRow } from "./store";

export interface NewUser {
  user: UserRow;
  walletId: bigint;
  walletNumber: string;
}

/** A user and the wallet, both or neither. Null when the e-mail address, normalised already, has an account. */
export async function createUserWithWallet(tx: Transaction, values: NewUserRow): Promise<NewUser | null> {
  const user = await insertUser(tx, values);
  if (!user) return null;
  const wallet = await createWallet(tx, user.id);
  return { user, walletId: wallet.id, walletNumber: wallet.number };
}
