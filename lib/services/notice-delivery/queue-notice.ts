import type { Transaction } from "@/db/client";
import { config } from "@/lib/config";
import { countRecentMessages } from "../messages/count-recent-messages";
import type { NewMessage } from "../messages/message";
import { queueMessage } from "../messages/queue-message";
import { NOTICE_GROUPS, NOTICE_KINDS, type NoticeChannel, type NoticeKind } from "../notices/kinds";
import { isChosen } from "./choices";
import { writeMail } from "./mail";
import { MESSAGES_PER_DAY_MAX, WORTH_TELLING_MS } from "./policy";
import { endOfQuietHours } from "./quiet-hours";
import type { Receiver } from "./receiver";
import type { NoticeRow, NoticeSubject } from "./store";
import { writeNotice, writeSms } from "./texts/write-notice";
import { toNoticeView } from "./view";

/** One message that a notice becomes: the channel, the address, and what tells it from the notice's others. */
interface Target {
  channel: NoticeChannel;
  to: string;
  suffix: string;
}

/** Addresses besides the person's own, as `recordNotice` was given them. */
interface AlsoTo {
  email?: string;
  phone?: string;
}

/** Where a notice goes: the channels that the deployment has, that the person has verified an address for, and that are chosen. */
export function targetsOf(
  notice: NoticeRow,
  receiver: Receiver,
  { available, now }: { available: readonly NoticeChannel[]; now: Date },
): Target[] {
  if (now.getTime() - notice.createdAt.getTime() > WORTH_TELLING_MS) return [];
  const group = NOTICE_KINDS[notice.kind as NoticeKind];
  const own: Target[] = [];
  const add = (channel: NoticeChannel, to: string | null, suffix: string = channel) => {
    if (to !== null) own.push({ channel, to, suffix });
  };
  if (isChosen(receiver.choices, group, "email")) add("email", receiver.email);
  if (isChosen(receiver.choices, group, "sms") && !IS_SMALL.has(notice.kind)) add("sms", receiver.phone);
  if (isChosen(receiver.choices, group, "push")) {
    for (const id of receiver.browsers) add("push", id.toString(), `push:${id}`);
  }
  const { email = null, phone = null } = (notice.alsoTo ?? {}) as AlsoTo;
  if (email !== receiver.email) add("email", email, "also-email");
  if (phone !== receiver.phone) add("sms", phone, "also-sms");
  return own.filter(({ channel }) => available.includes(channel));
}

/** Kinds that are never worth a text message: the person was there. */
const IS_SMALL: ReadonlySet<string> = new Set<NoticeKind>(["deposit_failed"]);

/**
 * Security notices that one person can cause without end: as text messages without a limit they would use up the deployment's day. What
 * replaces a password, a PIN or a contact is always sent.
 */
const IS_REPEATABLE: ReadonlySet<string> = new Set<NoticeKind>([
  "new_device",
  "api_key_made",
  "passkey_added",
  "passkey_removed",
  "totp_enabled",
  "totp_disabled",
]);

/** Queues the messages of a notice, each once, in the caller's transaction. */
export async function queueNotice(
  tx: Transaction,
  subject: NoticeSubject,
  receiver: Receiver,
  { targets, now }: { targets: readonly Target[]; now: Date },
): Promise<void> {
  const { notice } = subject;
  const { isSecurity } = NOTICE_GROUPS[NOTICE_KINDS[notice.kind as NoticeKind]];
  const notBefore = isSecurity ? null : endOfQuietHours(now, receiver.timeZone);
  for (const target of targets) {
    const purpose = isSecurity ? "security" : "notice";
    const isLimited = !isSecurity || (target.channel === "sms" && IS_REPEATABLE.has(notice.kind));
    if (
      isLimited &&
      (await isOverLimit(tx, { userId: notice.userId, channel: target.channel, purpose }, now))
    )
      continue;
    await queueMessage(tx, {
      ...contentOf(subject, receiver, target.channel),
      channel: target.channel,
      to: target.to,
      userId: notice.userId,
      purpose,
      locale: receiver.locale,
      key: `notice:${notice.id}:${target.suffix}`,
      ...(notBefore === null ? {} : { notBefore }),
    });
  }
}

function contentOf(
  subject: NoticeSubject,
  { locale }: Receiver,
  channel: NoticeChannel,
): Pick<NewMessage, "subject" | "text" | "html"> {
  const view = toNoticeView(subject);
  if (channel === "sms") return { text: writeSms(view, locale) };
  const written = writeNotice(view, locale);
  if (channel === "push") return { subject: written.title, text: written.text };
  // The prefix decides the language also where the browser prefers another one.
  const address = (path: string) => `${config().baseUrl}/${locale}${path}`;
  return writeMail(written, locale, {
    url: address(view.path),
    choicesUrl: address("/wallet/settings/notices"),
  });
}

const DAY_MS = 24 * 60 * 60 * 1000;

async function isOverLimit(
  tx: Transaction,
  messages: { userId: bigint; channel: NoticeChannel; purpose: "security" | "notice" },
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - DAY_MS);
  const recent = await countRecentMessages(tx, { ...messages, since });
  return recent >= MESSAGES_PER_DAY_MAX[messages.channel];
}
