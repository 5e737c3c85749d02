import type { Transaction } from "@/db/client";
import { revokeOtherAccess } from "@/lib/services/access-revocation/revoke-access";
import { limitMoneyOut } from "@/lib/services/money-out-limits/limit-money-out";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { alarmFormerContact } from "./alarm-former-contact";
import type { Contact, ContactKind } from "./contact";
import type { ContactUserRow } from "./store";

export function verifiedValueOf(user: ContactUserRow, kind: ContactKind): string | null {
  if (kind === "phone") return user.phoneVerifiedAt === null ? null : user.phone;
  return user.emailVerifiedAt === null ? null : user.email;
}

interface Replacement {
  /** The account, as it was before. */
  user: ContactUserRow;
  former: Contact;
  /** The session that stays. */
  sessionId: string;
  /** Makes it happen once. */
  key: string;
}

/**
 * What follows where a verified number or address was replaced by another, in the transaction that did it: all other sessions and tokens end,
 * money out is limited for a day, every verified address is told, and the former one gets a link that stops money.
 */
export async function followReplacement(
  tx: Transaction,
  { user, former, sessionId, key }: Replacement,
): Promise<void> {
  const { id: userId } = user;
  const kind = former.kind === "phone" ? "phone_changed" : "email_changed";
  await revokeOtherAccess(tx, userId, { exceptSessionId: sessionId, withKeys: false });
  await limitMoneyOut(tx, userId, kind);
  await recordNotice(tx, { userId, kind, details: {}, key: `${kind}:${key}` });
  await alarmFormerContact(tx, { user, former, key });
}
