import type { Transaction } from "@/db/client";
import { config } from "@/lib/config";
import { queueMessage } from "@/lib/services/messages/queue-message";
import { insertAlarm } from "./alarm-store";
import { hashOfToken, newAlarmToken } from "./alarm-token";
import type { Contact } from "./contact";
import { isContactAvailable } from "./is-contact-available";
import type { ContactUserRow } from "./store";

interface FormerContact {
  /** The account, as it was before. */
  user: ContactUserRow;
  former: Contact;
  /** Makes it happen once. */
  key: string;
}

/**
 * Tells the phone or e-mail address that was replaced, with a link by which its owner stops money going out. It is a message of its own, since
 * no notice and no row holds the link: only the hash of its token is kept.
 */
export async function alarmFormerContact(
  tx: Transaction,
  { user, former, key }: FormerContact,
): Promise<void> {
  if (!isContactAvailable(former.kind)) return;
  const token = newAlarmToken();
  await insertAlarm(tx, { tokenHash: hashOfToken(token), userId: user.id, contact: former.kind });
  const { locale } = user;
  const prefix = locale === "fr" ? "" : "/en";
  await queueMessage(tx, {
    channel: former.kind === "phone" ? "sms" : "email",
    to: former.value,
    userId: user.id,
    ...alarmText(former.kind, `${config().baseUrl}${prefix}/not-me/${token}`, locale),
    purpose: "security",
    locale,
    key: `alarm:${key}`,
  });
}

/** In one segment of an SMS (GSM 03.38) with an address of up to 45 characters. */
export function alarmText(
  kind: Contact["kind"],
  link: string,
  locale: "fr" | "en",
): { subject: string; text: string } {
  if (locale === "fr") {
    const what = kind === "phone" ? "Le numéro" : "L'adresse e-mail";
    return {
      subject: `${what} de votre compte Cauris a changé`,
      text: `Cauris : ${what.toLowerCase()} de votre compte a changé. Ce n'était pas vous ? Bloquez l'argent : ${link}`,
    };
  }
  const what = kind === "phone" ? "phone number" : "e-mail address";
  return {
    subject: `The ${what} of your Cauris account has changed`,
    text: `Cauris: your account's ${what} has changed. Wasn't it you? Stop money going out: ${link}`,
  };
}
