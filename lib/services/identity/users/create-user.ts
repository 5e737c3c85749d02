import type { Transaction } from "@/db/client";
import { createWallet } from "@/lib/services/wallets/create-wallet";
import { lockContact } from "../contacts/store";
import { findUserByEmail, insertUser, type NewUserRow, type UserRow } from "./store";

export interface NewUser {
  user: UserRow;
  walletId: bigint;
  walletNumber: string;
}

/**
 * A user and the wallet, both or neither. Null when another account has verified the e-mail address or the phone number, and when any has an
 * address that comes unverified. Both are normalised already.
 */
export async function createUserWithWallet(tx: Transaction, values: NewUserRow): Promise<NewUser | null> {
  const { email, emailVerifiedAt } = values;
  if (email) await lockContact(tx, { kind: "email", value: email });
  if (email && !emailVerifiedAt && (await findUserByEmail(tx, email))) return null;
  const user = await insertUser(tx, values);
  if (!user) return null;
  const wallet = await createWallet(tx, user.id);
  return { user, walletId: wallet.id, walletNumber: wallet.number };
}
