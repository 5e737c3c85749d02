import type { Transaction } from "@/db/client";
import { newKey } from "@/lib/ids";
import { recordNotice } from "@/lib/services/notices/record-notice";
import type { Contact } from "./contact";
import { lockContactOwner, removeContact, writeVerifiedContact } from "./store";

/** `movedFrom`: the account that had verified the contact before; null without one, or when it is the same account. */
export interface VerifiedContact {
  movedFrom: bigint | null;
}

/**
 * Makes a contact that was just proven the account's own, in the caller's transaction. Another account that had verified it keeps its wallet
 * and every other way in, and is told. Whether the person wants that is the caller's question.
 */
export async function setVerifiedContact(
  tx: Transaction,
  userId: bigint,
  contact: Contact,
): Promise<VerifiedContact> {
  const owner = await lockContactOwner(tx, contact);
  const isOthers = owner !== null && owner.id !== userId;
  if (isOthers) await moveContactAway(tx, owner.id, contact);
  await writeVerifiedContact(tx, userId, contact);
  return { movedFrom: isOthers ? owner.id : null };
}

/** Takes a contact from the account that had verified it, whose owner is told by the ways that are left. */
export async function moveContactAway(tx: Transaction, ownerId: bigint, contact: Contact): Promise<void> {
  await removeContact(tx, ownerId, contact);
  const kind = contact.kind === "phone" ? "phone_moved_away" : "email_moved_away";
  await recordNotice(tx, { userId: ownerId, kind, details: {}, key: `contact_moved_away:${newKey()}` });
}
