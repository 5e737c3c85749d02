import type { Book, BookEntry } from "./book";
import { form, type Incoming, isSame, json, type Reply, seeOther } from "./http";
import { escapeHtml, type Locale, renderPage } from "./page";
import { isPaystack } from "./paystack-shapes";
import type { Settlement } from "./settlement";

export const DEMO_PIN = "0000";
export const MERCHANT = "Cauris";
const NO_BREAK_SPACE = "\u00a0";

/** The form that pays at the payment page with this path: Paystack's page and GetMiPay's name their button differently. */
export function paymentForm(pathname: string): { pin: string; action: string } {
  return { pin: DEMO_PIN, action: pathname.startsWith("/paystack/") ? "pay" : "confirm" };
}

const METHOD_NAMES = new Map([
  ["wave", "Wave"],
  ["orange_money", "Orange Money"],
  ["moov_money", "Moov Money"],
  ["mtn_money", "MTN Money"],
  ["visa", "Visa"],
]);

const WORDS = {
  fr: {
    title: "Paiement",
    sandbox: "Bac à sable : aucun argent réel.",
    pay: `Payer ${MERCHANT}`,
    merchant: "Marchand",
    method: "Méthode",
    phone: "Téléphone",
    pin: "Code secret",
    hint: `Code de démonstration : ${DEMO_PIN}`,
    wrongPin: "Code secret incorrect. Réessayez.",
    confirm: "Confirmer",
    cancel: "Annuler",
    paid: "Ce paiement est fait.",
    notPaid: "Ce paiement n’a pas été fait.",
    back: `Revenir à ${MERCHANT}`,
    close: "Vous pouvez fermer cette page.",
    other: "English",
    missing: "Ce paiement n’existe pas.",
  },
  en: {
    title: "Payment",
    sandbox: "Sandbox: no real money.",
    pay: `Pay ${MERCHANT}`,
    merchant: "Merchant",
    method: "Method",
    phone: "Phone",
    pin: "PIN",
    hint: `Demo PIN: ${DEMO_PIN}`,
    wrongPin: "Wrong PIN. Try again.",
    confirm: "Confirm",
    cancel: "Cancel",
    paid: "This payment is done.",
    notPaid: "This payment was not made.",
    back: `Back to ${MERCHANT}`,
    close: "You can close this page.",
    other: "Français",
    missing: "This payment does not exist.",
  },
} as const;

export interface PayPageOptions {
  book: Book;
  settlement: Settlement;
}

function localeOf(incoming: Incoming, entry: BookEntry | null): Locale {
  const requested = incoming.url.searchParams.get("lang");
  return requested === "fr" || requested === "en" ? requested : (entry?.locale ?? "fr");
}

function formatFrancs(amount: number, locale: Locale): string {
  const separator = locale === "fr" ? NO_BREAK_SPACE : ",";
  const grouped = String(amount).replace(/\B(?=(\d{3})+$)/g, separator);
  return locale === "fr" ? `${grouped}${NO_BREAK_SPACE}FCFA` : `FCFA${NO_BREAK_SPACE}${grouped}`;
}

/** `+226 •••• 01`: enough for its owner to recognize it. Empty for an empty one. */
export function maskDigits(phone: string): string {
  if (phone === "") return "";
  return `${phone.slice(0, 4)} •••• ${phone.slice(-2)}`;
}

function details(entry: BookEntry, locale: Locale): string {
  const words = WORDS[locale];
  const method = METHOD_NAMES.get(entry.method) ?? entry.method;
  return `<p class="amount">${formatFrancs(entry.amount, locale)}</p>
<dl>
<dt>${words.merchant}</dt><dd>${MERCHANT}</dd>
<dt>${words.method}</dt><dd>${escapeHtml(method)}</dd>
<dt>${words.phone}</dt><dd>${escapeHtml(maskDigits(entry.phone))}</dd>
</dl>`;
}

function pinForm(entry: BookEntry, locale: Locale, isWrong: boolean): string {
  const words = WORDS[locale];
  const error = isWrong ? `<p class="error" id="pin-error" role="alert">${words.wrongPin}</p>` : "";
  const described = isWrong ? "pin-error pin-hint" : "pin-hint";
  return `<form method="post" action="/pay/${entry.id}?lang=${locale}">
<label for="pin">${words.pin}</label>
<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="6"
 aria-describedby="${described}"${isWrong ? ' aria-invalid="true"' : ""}>
${error}<p class="hint" id="pin-hint">${words.hint}</p>
<button name="action" value="confirm">${words.confirm}</button>
<button class="secondary" name="action" value="cancel">${words.cancel}</button>
</form>`;
}

function outcome(entry: BookEntry, locale: Locale): string {
  const words = WORDS[locale];
  const message = entry.timesPaid > 0 ? words.paid : words.notPaid;
  const next =
    entry.returnUrl === null
      ? `<p>${words.close}</p>`
      : `<p><a href="${escapeHtml(entry.returnUrl)}">${words.back}</a></p>`;
  return `<p role="status"><strong>${message}</strong></p>${next}`;
}

function renderPayment(entry: BookEntry, locale: Locale, isWrong = false): Reply {
  const words = WORDS[locale];
  const other = locale === "fr" ? "en" : "fr";
  const rest = entry.approval === null ? pinForm(entry, locale, isWrong) : outcome(entry, locale);
  return renderPage({
    locale,
    title: `${words.title} · ${MERCHANT}`,
    formTarget: entry.returnUrl,
    body: `<p class="note">${words.sandbox}</p>
<section class="card"><h1>${words.pay}</h1>${details(entry, locale)}${rest}</section>
<p><a href="/pay/${entry.id}?lang=${other}" lang="${other}" hreflang="${other}">${words.other}</a></p>`,
  });
}

function answer(incoming: Incoming, entry: BookEntry, options: PayPageOptions): Reply {
  const locale = localeOf(incoming, entry);
  const fields = form(incoming);
  const action = fields.get("action");
  if (entry.approval === null) {
    if (action === "cancel") entry.approval = "cancelled";
    else if (!isSame(fields.get("pin") ?? "", DEMO_PIN)) return renderPayment(entry, locale, true);
    else entry.approval = "confirmed";
    // No await between the check above and the first step: a second confirm finds the payment settled.
    options.book.save(entry);
    options.settlement.settleInBackground(entry);
  }
  return entry.returnUrl === null ? renderPayment(entry, locale) : seeOther(entry.returnUrl);
}

/** GET shows the payment `/pay/<transaction_id>`, POST confirms it with the PIN or cancels it. */
export function payPage(incoming: Incoming, id: string, options: PayPageOptions): Reply {
  const entry = options.book.findById(id);
  const locale = localeOf(incoming, entry);
  if (entry?.kind !== "collection" || isPaystack(entry)) {
    const { missing, title } = WORDS[locale];
    return renderPage({
      status: 404,
      locale,
      title,
      body: `<section class="card"><h1>${missing}</h1></section>`,
    });
  }
  if (incoming.method === "POST") return answer(incoming, entry, options);
  return incoming.method === "GET" ? renderPayment(entry, locale) : json(405, { code: "method_not_allowed" });
}
