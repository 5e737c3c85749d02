import type { Incoming, Reply } from "./http";
import { escapeHtml, type Locale, renderPage } from "./page";

export interface GoogleAccount {
  email: string;
  firstName: string;
  lastName: string;
  isEmailVerified: boolean;
}

/** Accounts to choose from; the form is filled with the first one's name. */
const KNOWN_ACCOUNTS: readonly GoogleAccount[] = [
  { email: "awa.traore@gmail.test", firstName: "Awa", lastName: "Traoré", isEmailVerified: true },
  { email: "moussa.ouedraogo@gmail.test", firstName: "Moussa", lastName: "Ouédraogo", isEmailVerified: true },
  { email: "fatou.diop@gmail.test", firstName: "Fatou", lastName: "Diop", isEmailVerified: false },
];

const WORDS = {
  fr: {
    title: "Connexion avec Google (bac à sable)",
    sandbox: "Bac à sable : ceci n’est pas Google, aucun compte réel.",
    choose: "Choisissez un compte",
    other: "Un autre compte",
    email: "Adresse e-mail",
    firstName: "Prénom",
    lastName: "Nom",
    verified: "Adresse vérifiée",
    unverified: "adresse non vérifiée",
    next: "Continuer",
    cancel: "Annuler",
    invalid: "Demande de connexion incorrecte",
  },
  en: {
    title: "Sign in with Google (sandbox)",
    sandbox: "Sandbox: this is not Google, no real account.",
    choose: "Choose an account",
    other: "Another account",
    email: "E-mail address",
    firstName: "First name",
    lastName: "Last name",
    verified: "E-mail verified",
    unverified: "e-mail not verified",
    next: "Continue",
    cancel: "Cancel",
    invalid: "Wrong sign-in request",
  },
} as const;

export function pageLocale(incoming: Incoming): Locale {
  const requested = incoming.url.searchParams.get("hl") ?? incoming.url.searchParams.get("ui_locales");
  const language = requested ?? incoming.headers.get("accept-language") ?? "fr";
  return language.toLowerCase().startsWith("en") ? "en" : "fr";
}

function hidden(fields: Iterable<[string, string]>): string {
  return [...fields]
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join("");
}

function accountButton(account: GoogleAccount, action: string, locale: Locale): string {
  const fields: [string, string][] = [
    ["email", account.email],
    ["first_name", account.firstName],
    ["last_name", account.lastName],
    ["email_verified", account.isEmailVerified ? "on" : ""],
  ];
  const remark = account.isEmailVerified ? "" : ` (${WORDS[locale].unverified})`;
  const label = `${account.firstName} ${account.lastName}, ${account.email}${remark}`;
  return `<form method="post" action="${action}">${hidden(fields)}
<button class="secondary" name="action" value="allow">${escapeHtml(label)}</button></form>`;
}

/** Where a person picks an account or types one. `query` is the request's own, carried through the form's address. */
export function renderAuthorize(locale: Locale, query: URLSearchParams, redirectUri: string): Reply {
  const words = WORDS[locale];
  const action = escapeHtml(`/google/authorize?${query}`);
  const email = query.get("login_hint") ?? KNOWN_ACCOUNTS[0]?.email ?? "";
  const field = (id: string, label: string, type: string, value: string) =>
    `<label for="${id}">${label}</label>
<input id="${id}" name="${id}" type="${type}" value="${escapeHtml(value)}" required maxlength="200">`;
  return renderPage({
    locale,
    title: words.title,
    formTarget: redirectUri,
    body: `<p class="note">${words.sandbox}</p>
<section class="card"><h1>${words.choose}</h1>
${KNOWN_ACCOUNTS.map((account) => accountButton(account, action, locale)).join("")}</section>
<section class="card"><h2>${words.other}</h2><form method="post" action="${action}">
${field("email", words.email, "email", email)}
${field("first_name", words.firstName, "text", KNOWN_ACCOUNTS[0]?.firstName ?? "")}
${field("last_name", words.lastName, "text", KNOWN_ACCOUNTS[0]?.lastName ?? "")}
<label class="check"><input type="checkbox" name="email_verified" checked>${words.verified}</label>
<button name="action" value="allow">${words.next}</button>
<button class="secondary" name="action" value="deny" formnovalidate>${words.cancel}</button>
</form></section>`,
  });
}

export function renderInvalid(locale: Locale, reason: string): Reply {
  const words = WORDS[locale];
  const body = `<section class="card"><h1>${words.invalid}</h1><p>${escapeHtml(reason)}</p></section>`;
  return renderPage({ status: 400, locale, title: words.title, body });
}
