import { type Context, requirePerson } from "../context";
import { shownName } from "../identity/users/shown-name";
import { walletOfUser } from "../wallets/get-wallet";
import type { Recipient } from "./look-up-recipient";
import { RECENT_RECIPIENTS } from "./policy";
import { selectRecentRecipients } from "./store";

/** Whom the signed-in person sent money to last, the latest first. Throws `unauthenticated`. */
export async function listRecentRecipients(context: Context): Promise<Recipient[]> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  const rows = await selectRecentRecipients(context.db, wallet.id, RECENT_RECIPIENTS);
  return rows.map(({ walletNumber, firstName, lastName }) => ({
    walletNumber,
    name: shownName(firstName, lastName),
  }));
}
