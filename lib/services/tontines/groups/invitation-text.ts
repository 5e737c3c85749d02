import { SMS_SEPTETS_MAX, septetsOf, toGsmText } from "@/lib/gsm-text";

interface Invitation {
  /** Who added the person, as the group knows them. */
  by: string;
  group: string;
  url: string;
}

const NAME_LENGTH_MAX = 24;

const TEXTS = {
  fr: ({ by, group, url }: Invitation) =>
    `Cauris : ${by} vous invite dans la tontine ${group}. Lisez et signez ici : ${url}`,
  en: ({ by, group, url }: Invitation) =>
    `Cauris: ${by} invites you to the tontine ${group}. Read and sign here: ${url}`,
} as const;

/**
 * The SMS to somebody who was added to a tontine by their number: who added them, the group, the link; no sums. In one segment (GSM 03.38): long
 * names are cut, and where the address alone is too long for it, it takes two.
 */
export function invitationText({ by, group, url }: Invitation, locale: "fr" | "en"): string {
  for (let length = NAME_LENGTH_MAX; length >= 3; length -= 1) {
    // A name that was cut may end the sentence.
    const text = TEXTS[locale]({ by: cut(by, length), group: cut(group, length), url }).replace("..", ".");
    if ((septetsOf(text) ?? 0) <= SMS_SEPTETS_MAX) return text;
  }
  return TEXTS[locale]({ by: cut(by, 3), group: cut(group, 3), url });
}

/** A name in letters that an SMS has. */
function cut(name: string, length: number): string {
  const written = toGsmText(name)
    .replace(/[?^{}\\[\]~|€]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return written.length <= length ? written.replace(/\.$/, "") : `${written.slice(0, length - 1).trim()}.`;
}
