import { type Context, requirePerson } from "@/lib/services/context";
import type { ContactKind } from "../../contacts/contact";
import { findNoticeAddresses } from "../../contacts/find-notice-addresses";
import { isContactAvailable } from "../../contacts/is-contact-available";
import { wasRecoveredWithin } from "../../recovery/store";
import { PIN_RESET_HOURS, PIN_RESET_HOURS_AFTER_RECOVERY, RECENT_RECOVERY_DAYS } from "./policy";
import { findOpenReset } from "./store";

/** Until when the new PIN of the signed-in person waits; null without one. Throws `unauthenticated`. */
export async function findPinReset(context: Context): Promise<{ effectiveAt: Date } | null> {
  const open = await findOpenReset(context.db, requirePerson(context));
  return open && open.effectiveAt > context.now ? { effectiveAt: open.effectiveAt } : null;
}

/** Where a code for a forgotten PIN can go, the phone first; none for an account without a verified contact that can be reached. */
export async function listPinCodeContacts(context: Context): Promise<{ kind: ContactKind; value: string }[]> {
  const addresses = await findNoticeAddresses(context.db, requirePerson(context));
  const { phone = null, email = null } = addresses ?? {};
  return [
    ...(phone === null ? [] : [{ kind: "phone" as const, value: phone }]),
    ...(email === null ? [] : [{ kind: "email" as const, value: email }]),
  ].filter(({ kind }) => isContactAvailable(kind));
}

/** How many hours a forgotten PIN of the signed-in person takes now. Throws `unauthenticated`. */
export async function currentResetHours(context: Context): Promise<number> {
  return await pinResetHours(context, requirePerson(context));
}

/** For verbs that have checked the actor already. */
export async function pinResetHours({ db }: Pick<Context, "db">, userId: bigint): Promise<number> {
  const isRecent = await wasRecoveredWithin(db, userId, RECENT_RECOVERY_DAYS);
  return isRecent ? PIN_RESET_HOURS_AFTER_RECOVERY : PIN_RESET_HOURS;
}
