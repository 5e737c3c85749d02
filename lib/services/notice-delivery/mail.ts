import { breaksLine } from "@/lib/text";
import type { NoticeText } from "./texts/notice-text";
import type { NoticeLocale } from "./texts/write-notice";

export interface Mail {
  subject: string;
  text: string;
  html: string;
}

const WORDS = {
  fr: {
    open: "Voir dans Cauris",
    choose: "Choisir ce qui vous est envoyé",
    never: "Nous ne demandons jamais votre mot de passe ni votre code secret.",
  },
  en: {
    open: "Open in Cauris",
    choose: "Choose what is sent to you",
    never: "We never ask for your password or your PIN.",
  },
} as const;

const SUBJECT_LENGTH_MAX = 150;

/** A notice as an e-mail: plain text, and the same as simple HTML. `url` and `choicesUrl` are whole addresses. */
export function writeMail(
  { title, text, more }: NoticeText,
  locale: NoticeLocale,
  { url, choicesUrl }: { url: string; choicesUrl: string },
): Mail {
  const words = WORDS[locale];
  const paragraphs = [text, ...(more === undefined ? [] : [more])];
  const space = locale === "fr" ? "\u00a0" : "";
  return {
    subject: toSubject(title),
    text: [
      ...paragraphs,
      `${words.open}${space}: ${url}`,
      words.never,
      `${words.choose}${space}: ${choicesUrl}`,
    ].join("\n\n"),
    html: [
      `<h1 style="font-size:1.25em">${escapeHtml(title)}</h1>`,
      ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
      `<p><a href="${escapeHtml(url)}">${words.open}</a></p>`,
      `<p style="color:#66627a;font-size:.875em">${words.never}<br><a href="${escapeHtml(choicesUrl)}">${words.choose}</a></p>`,
    ].join("\n"),
  };
}

/** One line: a name in a title must not begin another header. */
function toSubject(title: string): string {
  const line = [...title].map((character) => (breaksLine(character) ? " " : character)).join("");
  return line.slice(0, SUBJECT_LENGTH_MAX).trim();
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
