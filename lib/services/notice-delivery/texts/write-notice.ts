import { SMS_SEPTETS_MAX, septetsOf, toGsmText } from "@/lib/gsm-text";
import { formatMoney } from "@/lib/money/format-money";
import type { NoticeView } from "../view";
import { ENGLISH } from "./english";
import { FRENCH } from "./french";
import type { NoticeText, NoticeTexts, NoticeWords } from "./notice-text";

export type NoticeLocale = "fr" | "en";

const TEXTS: Readonly<Record<NoticeLocale, NoticeTexts>> = { fr: FRENCH, en: ENGLISH };
const SENDER: Readonly<Record<NoticeLocale, string>> = { fr: "Cauris : ", en: "Cauris: " };
const SOMEBODY: Readonly<Record<NoticeLocale, string>> = { fr: "quelqu'un", en: "somebody" };

/** Longer names are cut in an SMS: a text must not cost two. */
const SMS_NAME_LENGTH_MAX = 24;

/**
 * Title and text of a notice in a language. `isolate` marks where a name begins and ends, for pages that show names in
 * several scripts.
 */
export function writeNotice(
  view: NoticeView,
  locale: NoticeLocale,
  isolate: (name: string) => string = (name) => name,
): NoticeText {
  const { amount, name, destination, canMoveMoney, month, tontine, due, digits } = view;
  const { text, ...written } = TEXTS[locale][view.kind]({
    amount: amount === null ? "" : formatMoney(amount, locale),
    name: name === "" ? "" : isolate(name),
    destination,
    canMoveMoney,
    month: nameOfMonth(month, locale),
    digits,
    tontine: tontine === "" ? "" : isolate(tontine),
    due: due === null ? "" : dueTime(due, locale),
  });
  return { ...written, text: withOneStop(text) };
}

const TAG: Readonly<Record<NoticeLocale, string>> = { fr: "fr-FR", en: "en-GB" };

/** `4 décembre à 18:00`, `4 December at 18:00`; the first of a month is `1er` in French. */
function dueTime({ at, zone }: NonNullable<NoticeView["due"]>, locale: NoticeLocale): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(TAG[locale], { ...options, timeZone: zone }).format(at);
  const day = format({ day: "numeric", month: "long" });
  const time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${locale === "fr" ? day.replace(/^1 /u, "1er ") : day} ${locale === "fr" ? "à" : "at"} ${time}`;
}

/** A sentence may end with "Awa T.". */
function withOneStop(text: string): string {
  return text.replace(/\.(\p{Cf}?)\.$/u, ".$1");
}

/** The notice as one segment of an SMS, with the operation's reference where there is room for it. */
export function writeSms(view: NoticeView, locale: NoticeLocale): string {
  const { amount, name, destination, canMoveMoney, month, kind, reference, tontine, due, digits } = view;
  const words: NoticeWords = {
    amount: amount === null ? "" : toGsmText(formatMoney(amount, locale).replace(/₦(?=\d)/u, "NGN ")),
    name: smsName(name, locale),
    destination: toGsmText(destination),
    canMoveMoney,
    month: toGsmText(nameOfMonth(month, locale)),
    digits,
    tontine: smsName(tontine, locale),
    due: due === null ? "" : toGsmText(dueTime(due, locale)),
  };
  const written = withOneStop(toGsmText(TEXTS[locale][kind](words).text));
  // French goes on with a small letter after a colon, but for a name.
  const isLowered = locale === "fr" && (words.name === "" || !written.startsWith(words.name));
  const text = SENDER[locale] + (isLowered ? written.charAt(0).toLowerCase() + written.slice(1) : written);
  const longer = reference === null ? text : `${text} ${reference}`;
  return (septetsOf(longer) ?? Number.POSITIVE_INFINITY) <= SMS_SEPTETS_MAX ? longer : text;
}

const MONTH_FORMAT = { month: "long", year: "numeric", timeZone: "UTC" } as const;

/** `novembre 2026` for `2026-11`; empty for no month. */
function nameOfMonth(month: string, locale: NoticeLocale): string {
  if (month === "") return "";
  const format = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", MONTH_FORMAT);
  return format.format(new Date(`${month}-01T00:00:00Z`));
}

/** A name as an SMS can hold it: letters of other scripts and pictures are left out. */
function smsName(name: string, locale: NoticeLocale): string {
  if (name === "") return "";
  const written = toGsmText(name)
    .replace(/[?^{}\\[\]~|€]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (!/[\p{L}\p{N}]{2}/u.test(written)) return SOMEBODY[locale];
  return written.length <= SMS_NAME_LENGTH_MAX
    ? written
    : `${written.slice(0, SMS_NAME_LENGTH_MAX - 1).trim()}.`;
}
