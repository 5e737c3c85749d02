import { createHash } from "node:crypto";
import { config } from "@/lib/config";
import type { Contact } from "@/lib/contact";

export type Language = "fr" | "en";

/** The pages that explain the service, by their addresses without language. */
const PAGES: Record<Language, Readonly<Record<string, string>>> = {
  fr: { help: "Aide", fees: "Frais", terms: "Conditions", privacy: "Vie privée" },
  en: { help: "Help", fees: "Fees", terms: "Terms", privacy: "Privacy" },
};

const STYLE =
  ":root{color-scheme:light dark;--paper:#faf7f2;--ink:#1d1b2e;--muted:#66627a;--line:#8d8896;--card:#fff}" +
  "@media(prefers-color-scheme:dark){:root{--paper:#12111c;--ink:#f2eff9;--muted:#a5a0bb;--line:#6f6b86;--card:#1b1a29}}" +
  "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}" +
  "main,footer{max-width:30rem;margin:auto;padding:4rem 1rem 0;text-align:center}h1{font-size:1.5rem;line-height:1.25}" +
  "p{color:var(--muted)}a{display:flex;min-height:3rem;align-items:center;justify-content:center;margin-top:.625rem;" +
  "padding:0 1.25rem;border:1px solid var(--line);border-radius:12px;background:var(--card);color:inherit;font-weight:600;" +
  "text-decoration:none}footer{padding:3rem 1rem 4rem;font-size:.875rem}footer a{display:inline-flex;margin:0;padding:0 .625rem;border:0;" +
  "background:none;color:var(--muted);font-weight:400;text-decoration:underline}a.first{border-color:#e39a3c;background:#e39a3c;color:#2b1600}";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
};

export interface StandaloneLink {
  /** Empty for the address that the page is shown at. */
  path: string;
  label: string;
}

export interface StandalonePageInput {
  language: Language;
  title: string;
  text: string;
  /** The ways on; the first stands out. */
  links: readonly StandaloneLink[];
}

/** A whole page of ours without script, style sheet or Next, for what no page of the app can say. */
export function standalonePage({ language, title, text, links }: StandalonePageInput) {
  const ways = links.map(({ path, label }, at) => link(path, label, at === 0 ? ' class="first"' : ""));
  const body = `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · Cauris</title><style>${STYLE}</style></head><body><main><h1>${title}</h1><p>${text}</p>${ways.join("")}</main>${footOf(language, config().contact)}</body></html>`;
  return { headers: { ...HEADERS }, body };
}

/** The deployment's contact and the pages that explain the service, for the foot of every page. */
function footOf(language: Language, { phone, whatsapp, email }: Contact): string {
  const digits = (number: string) => number.replace(/[^0-9]/g, "");
  const ways = [
    phone && link(`tel:+${digits(phone)}`, phone),
    whatsapp && link(`https://wa.me/${digits(whatsapp)}`, `WhatsApp ${whatsapp}`),
    email && link(`mailto:${email}`, email),
  ];
  const prefix = language === "en" ? "/en" : "";
  const links = Object.entries(PAGES[language]).map(([page, label]) => link(`${prefix}/${page}`, label));
  return `<footer><address>${ways.filter(Boolean).join("")}</address><nav>${links.join("")}</nav></footer>`;
}

function link(path: string, label: string, attributes = ""): string {
  return `<a${attributes} href="${escapeAttribute(path)}">${escapeAttribute(label)}</a>`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"'<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
