import { createTranslator } from "next-intl";
import { describe, expect, it, vi } from "vitest";
import { type PdfElement, readPdf } from "@/e2e/support/read-pdf";
import english from "@/lib/i18n/messages/en.json";
import french from "@/lib/i18n/messages/fr.json";
import { money } from "@/lib/money/money";
import type { OperationDetails } from "@/lib/services/operations/get-operation";
import type { OperationStatus } from "@/lib/services/operations/kinds";
import { receiptDocument } from "./receipt-document";
import { type ReceiptLine, type ReceiptView, receiptLines, stepLines } from "./receipt-lines";
import { receiptText } from "./receipt-text";
import { sealLines } from "./seal-lines";

vi.mock("next-intl/server", () => ({
  getTranslations: async ({ locale, namespace }: { locale: "fr" | "en"; namespace?: "methods" }) =>
    createTranslator({
      locale,
      messages: locale === "fr" ? french : english,
      ...(namespace && { namespace }),
    }),
}));

// Reads the session of a request, which there is none of here.
vi.mock("@/lib/next/viewer-time-zone", () => ({ viewerTimeZone: async () => "Africa/Lagos" }));

const NOW = new Date("2026-11-30T08:15:00Z");
const at = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

function withdrawal(change: Partial<OperationDetails> = {}): OperationDetails {
  return {
    id: 7n,
    reference: "TXN-ABCDEFGHJKMN",
    type: "withdrawal",
    direction: "out",
    status: "succeeded",
    reason: null,
    amount: money(1_234_567n, "XOF"),
    fee: money(12_346n, "XOF"),
    total: money(1_246_913n, "XOF"),
    method: "orange_money",
    methodName: "Orange Money",
    phone: "+22670000001",
    bank: null,
    counterparty: null,
    vault: null,
    tontine: null,
    note: null,
    provider: "getmipay",
    providerTitle: "GetMiPay",
    providerReference: "PROV-0001",
    paymentUrl: null,
    createdAt: at(30),
    updatedAt: at(2),
    expiresAt: null,
    walletNumber: "1234567890128",
    takenBack: money(0n, "XOF"),
    steps: [
      { state: "created", at: at(30) },
      { state: "submitting", at: at(29) },
      { state: "submitted", at: at(28) },
      { state: "paid", at: at(2) },
    ],
    ...change,
  };
}

const transfer = (change: Partial<OperationDetails> = {}) =>
  withdrawal({
    type: "transfer",
    fee: money(0n, "NGN"),
    amount: money(500_050n, "NGN"),
    total: money(500_050n, "NGN"),
    takenBack: money(0n, "NGN"),
    method: null,
    methodName: "",
    phone: null,
    provider: null,
    providerReference: null,
    counterparty: { name: "Moussa D.", walletNumber: "9876543210987" },
    note: "Pour le riz",
    steps: [{ state: "succeeded", at: at(2) }],
    ...change,
  });

const SEALED = { entryId: 812n, seal: { number: 45n, root: "ab".repeat(32), sealedAt: at(1) } };
const ADDRESS = "https://cauris.test/v/AAAAAAAAAAAAAAAAAAAAAA";

function viewOf(
  operation: OperationDetails,
  locale: "fr" | "en" = "fr",
  ownerName = "Awa Traoré",
): ReceiptView {
  return { operation, locale, zone: "Africa/Lagos", ownerName, request: null };
}

async function pdfOf(view: ReceiptView, seal: Parameters<typeof sealLines>[0] = SEALED) {
  const verify = { address: ADDRESS, expiresAt: new Date("2027-02-28T08:15:00Z") };
  const contact = "Cauris · aide@cauris.test";
  const document = await receiptDocument({ ...view, seal, verify, contact, now: NOW });
  document.finish();
  return await readPdf(new Uint8Array(await new Response(document.stream).arrayBuffer()));
}

const squash = (text: string) => text.replace(/[\s\p{Zs}\u2068\u2069]/gu, "");
const all = (element: PdfElement): PdfElement[] => [element, ...element.children.flatMap(all)];

/** The rows of its tables, as assistive software reads them. */
function rowsOf(pdf: Awaited<ReturnType<typeof pdfOf>>): string[][] {
  const elements = pdf.pages.flatMap(({ structure }) => all(structure));
  return (
    elements
      .filter(({ role }) => role === "TR")
      .map(({ children }) => children.map(({ text }) => squash(text)))
      // A table on two pages is in the structure of both.
      .filter((cells) => cells.some((cell) => cell !== ""))
  );
}

const rowsExpected = (lines: readonly ReceiptLine[]) =>
  lines.map(({ label, value }) => [squash(label), squash(value)]);

const STATUSES: OperationStatus[] = ["in_progress", "succeeded", "failed", "expired", "refunded", "review"];

describe("the receipt as a PDF", () => {
  it.each((["fr", "en"] as const).flatMap((locale) => STATUSES.map((status) => [locale, status] as const)))(
    "in %s, %s, has the rows of its page, its steps and its seal, on one page",
    async (locale, status) => {
      for (const operation of [
        withdrawal({ status }),
        transfer({ status }),
        transfer({ status, direction: "in" }),
      ]) {
        const view = viewOf(operation, locale);
        const pdf = await pdfOf(view);
        const lines = [
          ...(await receiptLines(view)),
          ...(await stepLines(view)),
          ...(await sealLines(SEALED, view)),
        ];
        expect(rowsOf(pdf)).toEqual(rowsExpected(lines));
        expect(pdf.pages).toHaveLength(1);
        expect(pdf.language).toBe(locale);
        expect(pdf.title).toContain("TXN-ABCD-EFGH-JKMN");
      }
    },
  );

  it("says where it can be verified, in words, as an address and as a code", async () => {
    const pdf = await pdfOf(viewOf(withdrawal()));
    const elements = pdf.pages.flatMap(({ structure }) => all(structure));
    const texts = elements.filter(({ role }) => role === "P").map(({ text }) => text);
    expect(texts).toContain("Ce reçu est authentique : vérifiez-le ici");
    expect(texts.map(squash)).toContain(ADDRESS);
    expect(elements.find(({ role }) => role === "Figure")?.alt).toBe(french.pdf.qrAlt);
  });

  it("before the seal says so, and of an operation that moved no money too", async () => {
    const rows = async (seal: Parameters<typeof sealLines>[0]) =>
      rowsOf(await pdfOf(viewOf(withdrawal()), seal));
    const notYet = squash(french.seal.notYet.replace("{entry}", "812"));
    expect(await rows({ entryId: 812n, seal: null })).toContainEqual(["Place", notYet]);
    expect(await rows({ entryId: null, seal: null })).toContainEqual(["Place", squash(french.seal.noEntry)]);
  });

  it.each([
    ["Aminatou-Christiane de la Grande Famille Ouédraogo-Sawadogo ".repeat(3).trim()],
    ["محمد بن علي (أبو بكر)"],
    ["ߒߞߏ ߞߊ߲߫"],
    ["Ɓalde Ŋgom-Ɛwe"],
  ])("keeps every letter of %s", async (name) => {
    const pdf = await pdfOf(viewOf(transfer({ note: name.slice(0, 140) }), "fr", name));
    const [from] = rowsOf(pdf).filter(([label]) => label === "De");
    const letters = (text: string) => [...squash(text).replace(/\d/g, "").normalize("NFKC")].sort().join("");
    expect(letters(from?.[1] ?? "")).toBe(letters(name));
  });

  it("writes out what no font has", async () => {
    const rows = rowsOf(await pdfOf(viewOf(transfer({ note: "Merci 👑 王" }), "fr", "Fatou 🌴")));
    expect(rows).toContainEqual(["Message", "Merci[crown][Wang]"]);
    expect(rows.find(([label]) => label === "De")?.[1]).toContain("Fatou[palmtree]");
  });
});

describe("the receipt as a message", () => {
  it("has a line for each row, names the zone, and ends with its address", async () => {
    for (const locale of ["fr", "en"] as const) {
      const text = await receiptText(viewOf(withdrawal({ status: "refunded" }), locale), ADDRESS);
      const lines = text.split("\n");
      expect(lines).toHaveLength(
        (await receiptLines(viewOf(withdrawal({ status: "refunded" }), locale))).length + 2,
      );
      expect(lines[0]).toContain(locale === "fr" ? "Remboursé" : "Refunded");
      expect(text).toContain("TXN-ABCD-EFGH-JKMN");
      expect(text).toMatch(/GMT\+1/);
      expect(lines.at(-1)).toContain(ADDRESS);
      expect(text).not.toMatch(/[\u2068\u2069]/);
    }
  });
});
