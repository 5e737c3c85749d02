import { formatMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import type { Book } from "./book";
import { form, type Incoming, isSame, json, type Reply, seeOther } from "./http";
import { escapeHtml, type Locale, renderPage } from "./page";
import { DEMO_PIN, MERCHANT } from "./pay-page";
import { isPaystack, type PaystackEntry } from "./paystack-shapes";
import type { Settlement } from "./settlement";

const WORDS = {
  fr: {
    title: "Paiement Paystack",
    sandbox: "Bac à sable : ceci n’est pas Paystack, aucun argent réel.",
    heading: `Payer ${MERCHANT}`,
    merchant: "Marchand",
    method: "Méthode",
    email: "E-mail",
    pin: "Code secret",
    hint: `Code de démonstration : ${DEMO_PIN}`,
    wrongPin: "Code secret incorrect. Réessayez.",
    pay: "Payer",
    decline: "Simuler un refus de la banque",
    cancel: "Annuler",
    paid: "Ce paiement est fait.",
    notPaid: "Ce paiement a été refusé.",
    back: `Revenir à ${MERCHANT}`,
    close: "Vous pouvez fermer cette page.",
    missing: "Ce paiement n’existe pas.",
    channels: new Map([
      ["card", "Carte"],
      ["bank", "Compte bancaire"],
    ]),
  },
  en: {
    title: "Paystack payment",
    sandbox: "Sandbox: this is not Paystack, no real money.",
    heading: `Pay ${MERCHANT}`,
    merchant: "Merchant",
    method: "Method",
    email: "E-mail",
    pin: "PIN",
    hint: `Demo PIN: ${DEMO_PIN}`,
    wrongPin: "Wrong PIN. Try again.",
    pay: "Pay",
    decline: "Play a bank that declines",
    cancel: "Cancel",
    paid: "This payment is done.",
    notPaid: "This payment was declined.",
    back: `Back to ${MERCHANT}`,
    close: "You can close this page.",
    missing: "This payment does not exist.",
    channels: new Map([
      ["card", "Card"],
      ["bank", "Bank account"],
    ]),
  },
} as const;

export interface CheckoutOptions {
  book: Book;
  settlement: Settlement;
}

function localeOf(incoming: Incoming, entry: PaystackEntry | null): Locale {
  const requested = incoming.url.searchParams.get("lang");
  return requested === "fr" || requested === "en" ? requested : (entry?.locale ?? "en");
}

/** `aw•••@example.test`: enough for its owner to know it again. */
function maskEmail(email: string): string {
  return email.replace(/^(.{0,2})[^@]*@/, "$1•••@");
}

function details({ paystack, amount }: PaystackEntry, locale: Locale): string {
  const words = WORDS[locale];
  const method = words.channels.get(paystack.channel) ?? paystack.channel;
  return `<p class="amount">${formatMoney(money(BigInt(amount), "NGN"), locale)}</p>
<dl>
<dt>${words.merchant}</dt><dd>${MERCHANT}</dd>
<dt>${words.method}</dt><dd>${escapeHtml(method)}</dd>
<dt>${words.email}</dt><dd>${escapeHtml(maskEmail(paystack.email))}</dd>
</dl>`;
}

function payForm(entry: PaystackEntry, locale: Locale, isWrong: boolean): string {
  const words = WORDS[locale];
  const error = isWrong ? `<p class="error" id="pin-error" role="alert">${words.wrongPin}</p>` : "";
  const described = isWrong ? "pin-error pin-hint" : "pin-hint";
  return `<form method="post" action="/paystack/checkout/${entry.id}?lang=${locale}">
<label for="pin">${words.pin}</label>
<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="6"
 aria-describedby="${described}"${isWrong ? ' aria-invalid="true"' : ""}>
${error}<p class="hint" id="pin-hint">${words.hint}</p>
<button name="action" value="pay">${words.pay}</button>
<button class="secondary" name="action" value="decline">${words.decline}</button>
<button class="secondary" name="action" value="cancel">${words.cancel}</button>
</form>`;
}

/** The merchant's return URL with the reference under both of Paystack's names for it. */
function backUrl({ returnUrl, reference }: PaystackEntry): string | null {
  if (returnUrl === null) return null;
  const url = new URL(returnUrl);
  url.searchParams.set("trxref", reference);
  url.searchParams.set("reference", reference);
  return url.href;
}

function outcome(entry: PaystackEntry, locale: Locale): string {
  const words = WORDS[locale];
  const back = backUrl(entry);
  const next =
    back === null ? `<p>${words.close}</p>` : `<p><a href="${escapeHtml(back)}">${words.back}</a></p>`;
  const message = entry.timesPaid > 0 ? words.paid : words.notPaid;
  return `<p role="status"><strong>${message}</strong></p>${next}`;
}

function render(entry: PaystackEntry, locale: Locale, isWrong = false): Reply {
  const words = WORDS[locale];
  const [other, otherName] = locale === "fr" ? ["en", "English"] : ["fr", "Français"];
  const rest = entry.approval === null ? payForm(entry, locale, isWrong) : outcome(entry, locale);
  return renderPage({
    locale,
    title: `${words.title} · ${MERCHANT}`,
    formTarget: entry.returnUrl,
    body: `<p class="note">${words.sandbox}</p>
<section class="card"><h1>${words.heading}</h1>${details(entry, locale)}${rest}</section>
<p><a href="/paystack/checkout/${entry.id}?lang=${other}" lang="${other}" hreflang="${other}">${otherName}</a></p>`,
  });
}

function answer(incoming: Incoming, entry: PaystackEntry, options: CheckoutOptions): Reply {
  const locale = localeOf(incoming, entry);
  const fields = form(incoming);
  const action = fields.get("action");
  const back = backUrl(entry);
  if (entry.approval === null) {
    // Stays `abandoned`, as Paystack calls what isn't paid yet, and may still be paid.
    if (action === "cancel") {
      const cancelled = entry.paystack.cancelUrl ?? back;
      return cancelled === null ? render(entry, locale) : seeOther(cancelled);
    }
    if (!isSame(fields.get("pin") ?? "", DEMO_PIN)) return render(entry, locale, true);
    entry.approval = action === "decline" ? "cancelled" : "confirmed";
    // No await between the check above and the first step: a second confirm finds the payment settled.
    options.book.save(entry);
    options.settlement.settleInBackground(entry);
  }
  return back === null ? render(entry, locale) : seeOther(back);
}

/** GET shows the payment `/paystack/checkout/<access_code>`, POST pays it with the PIN, declines or cancels it. */
export function checkoutPage(incoming: Incoming, accessCode: string, options: CheckoutOptions): Reply {
  const entry = options.book.findById(accessCode);
  if (!isPaystack(entry) || entry.kind !== "collection") {
    const locale = localeOf(incoming, null);
    const { missing, title } = WORDS[locale];
    const body = `<section class="card"><h1>${missing}</h1></section>`;
    return renderPage({ status: 404, locale, title, body });
  }
  if (incoming.method === "POST") return answer(incoming, entry, options);
  return incoming.method === "GET"
    ? render(entry, localeOf(incoming, entry))
    : json(405, { code: "method_not_allowed" });
}
