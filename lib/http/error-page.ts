import { createHash } from "node:crypto";
import { config } from "@/lib/config";
import type { Contact } from "@/lib/contact";

interface Foot {
  back: string;
  home: string;
  /** The pages that explain the service, by their addresses without language. */
  pages: Readonly<Record<string, string>>;
}

/** The statuses that are answered with a page where no page of the app can be rendered. */
export type ErrorPageStatus = 400 | 403 | 409 | 413 | 414 | 429 | 431 | 500 | 503;

type Language = "fr" | "en";

interface Words {
  title: string;
  text: string;
}

// In this file and not in the message catalogues, which pages are rendered with.
const WORDS: Record<Language, Record<ErrorPageStatus, Words> & Foot> = {
  fr: {
    back: "Revenir à la page",
    home: "Ouvrir Cauris",
    pages: { help: "Aide", fees: "Frais", terms: "Conditions", privacy: "Vie privée" },
    400: {
      title: "Envoi illisible",
      text: "Nous n’avons pas pu lire cet envoi, et rien n’a été fait. Rouvrez la page, puis recommencez.",
    },
    403: {
      title: "Envoi refusé",
      text: "Rien ne montre que ce formulaire venait de notre site, et rien n’a été fait. Rouvrez la page chez nous, puis recommencez.",
    },
    409: {
      title: "La page a changé",
      text: "Cauris a été mis à jour depuis que vous avez ouvert cette page, et rien n’a été fait. Rouvrez-la, puis recommencez.",
    },
    413: {
      title: "Envoi trop lourd",
      text: "Ce formulaire contient trop de texte, et rien n’a été fait. Réduisez-le, puis recommencez.",
    },
    414: {
      title: "Adresse trop longue",
      text: "Cette adresse est trop longue pour être ouverte. Repartez de l’accueil.",
    },
    429: {
      title: "Trop d’envois",
      text: "Trop de formulaires sont partis de votre réseau en peu de temps, et rien n’a été fait. Attendez une minute, puis recommencez.",
    },
    431: {
      title: "Demande trop longue",
      text: "Votre navigateur envoie trop de données avec cette demande. Effacez les cookies de ce site, puis recommencez.",
    },
    500: {
      title: "Un problème de notre côté",
      text: "La page n’a pas pu s’afficher. Regardez l’historique avant de refaire une opération.",
    },
    503: {
      title: "Service momentanément indisponible",
      text: "Votre argent est en sûreté. Réessayez dans un moment.",
    },
  },
  en: {
    back: "Back to the page",
    home: "Open Cauris",
    pages: { help: "Help", fees: "Fees", terms: "Terms", privacy: "Privacy" },
    400: {
      title: "Unreadable form",
      text: "We could not read what was sent, and nothing was done. Open the page again, then retry.",
    },
    403: {
      title: "Form refused",
      text: "Nothing shows that this form came from our site, and nothing was done. Open the page on our site, then retry.",
    },
    409: {
      title: "The page has changed",
      text: "Cauris was updated since you opened this page, and nothing was done. Open it again, then retry.",
    },
    413: {
      title: "Form too large",
      text: "This form holds too much text, and nothing was done. Shorten it, then retry.",
    },
    414: {
      title: "Address too long",
      text: "This address is too long to be opened. Start again from the home page.",
    },
    429: {
      title: "Too many forms",
      text: "Too many forms were sent from your network in a short time, and nothing was done. Wait a minute, then retry.",
    },
    431: {
      title: "Request too long",
      text: "Your browser sends too much data with this request. Clear the cookies of this site, then retry.",
    },
    500: {
      title: "A problem on our side",
      text: "The page could not be shown. Look at the history before repeating an operation.",
    },
    503: {
      title: "Service unavailable for a moment",
      text: "Your money is safe. Try again in a moment.",
    },
  },
};

const STYLE =
  ":root{color-scheme:light dark;--paper:#faf7f2;--ink:#1d1b2e;--muted:#66627a;--line:#8d8896;--card:#fff}" +
  "@media(prefers-color-scheme:dark){:root{--paper:#12111c;--ink:#f2eff9;--muted:#a5a0bb;--line:#6f6b86;--card:#1b1a29}}" +
  "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}" +
  "main{max-width:30rem;margin:auto;padding:4rem 1rem;text-align:center}h1{font-size:1.5rem;line-height:1.25}" +
  "p{color:var(--muted)}a{display:flex;min-height:3rem;align-items:center;justify-content:center;margin-top:.625rem;" +
  "padding:0 1.25rem;border:1px solid var(--line);border-radius:12px;background:var(--card);color:inherit;font-weight:600;" +
  "text-decoration:none}footer{margin-top:3rem;font-size:.875rem}footer a{display:inline-flex;margin:0;padding:0 .625rem;border:0;" +
  "background:none;color:var(--muted);font-weight:400;text-decoration:underline}a.first{border-color:#e39a3c;background:#e39a3c;color:#2b1600}";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
};

export interface ErrorPageInput {
  language: Language;
  /** The path and query of the request, for the way back to its page; null where that page can't be opened. */
  path: string | null;
  retryAfterSeconds?: number;
}

/** A whole page without script: what is wrong, that nothing was done, and a way on. */
export function errorPage(status: ErrorPageStatus, { language, path, retryAfterSeconds }: ErrorPageInput) {
  const { back, home, pages, [status]: words } = WORDS[language];
  const links = [
    // A path that starts with several slashes would be read as another host.
    ...(path !== null && /^\/(?![/\\])/.test(path) ? [link(path, back)] : []),
    link(language === "en" ? "/en/wallet" : "/wallet", home),
  ];
  links[0] = links[0]?.replace("<a", '<a class="first"') ?? "";
  const body = `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${words.title} · Cauris</title><style>${STYLE}</style></head><body><main><h1>${words.title}</h1><p>${words.text}</p>${links.join("")}${footOf(language, pages, config().contact)}</main></body></html>`;
  const retry = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return { status, headers: { ...HEADERS, ...retry } as Record<string, string>, body };
}

/** The deployment's contact and the pages that explain the service, for the foot of every page. */
function footOf(language: Language, pages: Foot["pages"], { phone, whatsapp, email }: Contact): string {
  const digits = (number: string) => number.replace(/[^0-9]/g, "");
  const ways = [
    phone && link(`tel:+${digits(phone)}`, phone),
    whatsapp && link(`https://wa.me/${digits(whatsapp)}`, `WhatsApp ${whatsapp}`),
    email && link(`mailto:${email}`, email),
  ];
  const prefix = language === "en" ? "/en" : "";
  const links = Object.entries(pages).map(([page, label]) => link(`${prefix}/${page}`, label));
  return `<footer><address>${ways.filter(Boolean).join("")}</address><nav>${links.join("")}</nav></footer>`;
}

function link(path: string, label: string): string {
  return `<a href="${escapeAttribute(path)}">${escapeAttribute(label)}</a>`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"'<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
