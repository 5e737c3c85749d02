import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SMS_SEPTETS_MAX, septetsOf } from "@/lib/gsm-text";
import { money } from "@/lib/money/money";
import { maskPhone } from "@/lib/phone";
import { NOTICE_KINDS, type NoticeKind } from "../../notices/kinds";
import { writeMail } from "../mail";
import type { NoticeView } from "../view";
import { writeNotice, writeSms } from "./write-notice";

const KINDS = Object.keys(NOTICE_KINDS) as NoticeKind[];
const LOCALES = ["fr", "en"] as const;

function viewOf(kind: NoticeKind, values: Partial<NoticeView> = {}): NoticeView {
  return {
    ...{
      id: 1n,
      kind,
      group: NOTICE_KINDS[kind],
      at: new Date(),
      isRead: false,
      canMoveMoney: true,
      month: "2026-11",
    },
    digits: "9a0842955334",
    ...{ tontine: "Tontine des Sœurs", due: { at: new Date("2026-12-04T18:00Z"), zone: "Africa/Abidjan" } },
    ...{ amount: money(5_000n, "XOF"), name: "Awa T.", destination: maskPhone("+22670000001") },
    ...{ reference: "TXN-WWWWWWWWWWWW", path: "/wallet", ...values },
  };
}

/** The longest that people will see: a milliard of francs, a hundred million naira, names of eighty letters. */
const LONGEST: Partial<NoticeView>[] = [
  {
    ...{
      amount: money(9_999_999_999n, "XOF"),
      name: "W".repeat(80),
      destination: maskPhone("+2250712345678"),
    },
    ...{ tontine: "W".repeat(60), due: { at: new Date("2026-09-30T18:00Z"), zone: "Africa/Abidjan" } },
  },
  {
    ...{
      amount: money(99_999_999_999n, "NGN"),
      name: "Ŵ".repeat(80),
      destination: "Première Banque W ••1234",
    },
    ...{ tontine: "Ŵ".repeat(60), due: { at: new Date("2026-12-30T18:00Z"), zone: "Africa/Lagos" } },
  },
];

/** A masked number or a bank, as `toNoticeView` makes it. */
const destinations = fc.constantFrom(
  "",
  maskPhone("+22670000001"),
  maskPhone("+2348031234567"),
  "UBA ••1234",
);

const drawnViews = fc.record({
  amount: fc
    .tuple(fc.bigInt(1n, 99_999_999_999n), fc.constantFrom("XOF" as const, "NGN" as const))
    .map(([amountMinor, currency]) => money(amountMinor, currency)),
  name: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.constantFrom("N’Goran Aïssata", "عائشة", "🎉🎉"),
  ),
  destination: destinations,
  canMoveMoney: fc.boolean(),
  reference: fc.constantFrom(null, "TXN-23456789ABCD"),
});

describe.each(LOCALES)("every SMS in %s", (locale) => {
  it.each(KINDS)("%s fits one segment of GSM 03.38 with the longest values", (kind) => {
    for (const values of LONGEST) {
      const sms = writeSms(viewOf(kind, values), locale);
      expect(septetsOf(sms), sms).not.toBeNull();
      expect(septetsOf(sms), sms).toBeLessThanOrEqual(SMS_SEPTETS_MAX);
    }
  });

  it("fits whatever the names and amounts are", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), drawnViews, (kind, values) => {
        const sms = writeSms(viewOf(kind, values), locale);
        expect(septetsOf(sms) ?? Number.NaN).toBeLessThanOrEqual(SMS_SEPTETS_MAX);
        expect(sms).not.toContain("\n");
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(KINDS)(
    "%s loses no letter of ours: what stands around names and amounts is GSM 03.38 already",
    (kind) => {
      const { text } = writeNotice(
        viewOf(kind, { amount: null, name: "", destination: "", tontine: "", due: null }),
        locale,
      );
      const written = text.replaceAll("’", "'").replaceAll("\u00a0", " ");
      expect(septetsOf(written), written).not.toBeNull();
    },
  );
});

describe("texts", () => {
  it.each(KINDS)("%s says something of its own in each language, in whole sentences", (kind) => {
    for (const locale of LOCALES) {
      const { title, text, more } = writeNotice(viewOf(kind, { name: "Awa" }), locale);
      expect(title).toMatch(/^\p{Lu}.*[^.]$/u);
      for (const sentence of [text, ...(more === undefined ? [] : [more])]) expect(sentence).toMatch(/\.$/);
      for (const part of [title, text, more ?? ""]) {
        expect(part).not.toMatch(/'|undefined|\{/);
        if (locale === "fr") expect(part).not.toMatch(/ [:;?!»%]|[^\s\u00a0][:;?!](\s|$)/);
      }
    }
    expect(writeNotice(viewOf(kind), "fr").text).not.toBe(writeNotice(viewOf(kind), "en").text);
  });

  it("elide in French", () => {
    expect(writeNotice(viewOf("transfer_received"), "fr").title).toBe("Argent reçu d’Awa T.");
    expect(writeNotice(viewOf("transfer_received", { name: "Moussa" }), "fr").title).toBe(
      "Argent reçu de Moussa",
    );
  });

  it("are as people read them", () => {
    const received = viewOf("transfer_received", { reference: "TXN-23456789ABCD" });
    expect(writeSms(received, "fr")).toBe("Cauris : Awa T. vous a envoyé 5 000 FCFA. TXN-23456789ABCD");
    expect(writeSms(received, "en")).toBe("Cauris: Awa T. sent you FCFA 5,000. TXN-23456789ABCD");
    const sent = viewOf("transfer_sent", { reference: null });
    expect(writeSms(sent, "fr")).toBe("Cauris : vous avez envoyé 5 000 FCFA à Awa T.");
    expect(writeNotice(sent, "en").text).toBe("You sent FCFA\u00a05,000 to Awa T.");
    const paid = viewOf("withdrawal_paid", { amount: money(500_000n, "NGN"), reference: null });
    expect(writeSms(paid, "fr")).toBe(
      "Cauris : votre retrait de 5 000,00 NGN est arrivé sur +226 70 ** ** 01.",
    );
    expect(writeSms(paid, "en")).toBe(
      "Cauris: Your withdrawal of NGN 5,000.00 has arrived at +226 70 ** ** 01.",
    );
  });

  it("call somebody whose name an SMS can't hold somebody", () => {
    const view = viewOf("transfer_received", { name: "عائشة", reference: null });
    expect(writeSms(view, "fr")).toBe("Cauris : quelqu'un vous a envoyé 5 000 FCFA.");
    expect(writeSms(viewOf("vault_unlocked", { name: "🎉 Fête", reference: null }), "fr")).toContain(
      "coffre Fete est",
    );
  });
});

describe("an e-mail", () => {
  const links = {
    url: "https://cauris.test/fr/wallet",
    choicesUrl: "https://cauris.test/fr/wallet/settings/notices",
  };

  it("has one line as its subject, whatever somebody is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 90 }), (name) => {
        const text = writeNotice(viewOf("transfer_received", { name }), "fr");
        const { subject } = writeMail(text, "fr", links);
        expect(subject).not.toMatch(/[\r\n\u2028\u2029\p{Cc}]/u);
        expect(subject.length).toBeLessThanOrEqual(150);
      }),
    );
    const hostile = writeNotice(viewOf("transfer_received", { name: "Awa\r\nBcc: a@b.test" }), "fr");
    expect(writeMail(hostile, "fr", links).subject).toBe("Argent reçu d’Awa  Bcc: a@b.test");
  });

  it("holds a name as text, not as HTML, and leads back", () => {
    const text = writeNotice(viewOf("transfer_received", { name: '<b onclick="x">' }), "fr");
    const mail = writeMail(text, "fr", links);
    expect(mail.html).not.toContain("<b ");
    expect(mail.html).toContain("&lt;b onclick=&quot;x&quot;&gt;");
    for (const part of [mail.html, mail.text])
      for (const link of Object.values(links)) expect(part).toContain(link);
  });
});
