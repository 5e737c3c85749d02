import { writeFileSync } from "node:fs";
import { createTranslator } from "next-intl";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import { type ReadPdf, readPdf } from "@/e2e/support/read-pdf";
import {
  advance,
  approveAll,
  type Person,
  pay,
  runningGroup,
  type TestGroup,
  timeOf,
} from "@/e2e/support/tontines";
import english from "@/lib/i18n/messages/en.json";
import french from "@/lib/i18n/messages/fr.json";
import { newKey } from "@/lib/ids";
import { sealLedger } from "@/lib/ledger/sealing/seal-ledger";
import { money } from "@/lib/money/money";
import type { PdfDocument } from "@/lib/pdf/document";
import { offerGuarantee, signGuarantee } from "@/lib/services/tontines/changes/guarantees";
import { payInAdvance } from "@/lib/services/tontines/money/pay-in-advance";
import { repayDebts } from "@/lib/services/tontines/money/repay-debts";
import { readSealedBooklet } from "@/lib/services/tontines/views/get-booklet";
import { getRepayment } from "@/lib/services/tontines/views/get-repayment";
import { readWholeCashbook } from "@/lib/services/tontines/views/list-cashbook";
import { bookletDocument } from "./booklet-document";
import { bookletTable } from "./booklet-table";
import { cashbookDocument } from "./cashbook-document";
import { type GroupFile, wordsOf } from "./group-document";
import { minutesDocument } from "./minutes-document";
import { minutesTable } from "./minutes-table";
import { readMinutes } from "./read-minutes";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));
vi.mock("next-intl/server", () => ({
  getTranslations: async ({ locale }: { locale: "fr" | "en" }) =>
    createTranslator({ locale, messages: locale === "fr" ? french : english }),
}));

const { db } = await useDatabase({ alone: true });
let group: TestGroup;
let people: [chair: Person, debtor: Person, guarantor: Person, saver: Person];
const NAME = "Tontine des Sœurs المجموعة";

/** The first turn: the guarantor pays for the debtor, who repays a part of it; the pot is paid to the chair, who has paid ahead. */
beforeAll(async () => {
  group = await runningGroup(db, { count: 4, closesAfterDays: "0", name: NAME });
  people = group.people as typeof people;
  const [chair, debtor, guarantor, saver] = people;
  const { code } = group;
  const guarantorId = guarantor.memberId.toString();
  const { guaranteeId } = await offerGuarantee(debtor.context, { code, guarantorId, amount: "10 000" });
  await signGuarantee(guarantor.context, { code, guaranteeId: guaranteeId.toString(), pin: TEST_PIN });
  await payInAdvance(chair.context, { code, amount: "500", pin: TEST_PIN, key: newKey() });
  await advance(group, timeOf(group, 1, -2));
  for (const each of [chair, guarantor, saver]) await pay(group, each, 1);
  await advance(group, timeOf(group, 1, -0.1));
  await advance(group, timeOf(group, 1, 0.1));
  await approveAll(group, 1, timeOf(group, 1, 0.2));
  await repayDebts(debtor.context, { code, amount: "4 000", pin: TEST_PIN, key: newKey() });
  await sealLedger(db);
});

const fileOf = async (
  locale: "fr" | "en",
  book: Pick<GroupFile, "seal"> & GroupFile["group"],
): Promise<GroupFile> => ({
  group: book,
  seal: book.seal,
  locale,
  t: await wordsOf(locale),
  now: new Date("2026-11-30T10:00:00Z"),
});

async function read(
  name: string,
  made: { document: PdfDocument; write: () => Promise<void> },
): Promise<ReadPdf> {
  const written = made.write().then(() => made.document.finish());
  const bytes = new Uint8Array(await new Response(made.document.stream).arrayBuffer());
  await written;
  if (process.env.KEEP_PDF) writeFileSync(`${process.env.KEEP_PDF}/${name}.pdf`, bytes);
  return await readPdf(bytes);
}

const textOf = ({ pages }: ReadPdf) => pages.flatMap(({ lines }) => lines).join("\n");

describe("a member's booklet", () => {
  it("tells what was paid, received, owed and kept, and the seal that covers it", async () => {
    const [chair, debtor] = people;
    const owing = await readSealedBooklet(debtor.context, group.code);
    expect(owing).toMatchObject({
      owes: [{ creditor: "Moussa T.", amount: money(10_000n, "XOF"), open: money(6_000n, "XOF"), turn: 1 }],
      claims: [],
      owed: money(6_000n, "XOF"),
      received: [],
      kept: null,
    });
    const pdf = await read("booklet", bookletDocument(owing, await fileOf("fr", owing)));
    expect(pdf.title).toBe(`Carnet · Awa T. · ${NAME}`);
    expect(pdf.language).toBe("fr");
    const text = textOf(pdf);
    expect(text).toContain("Moussa T. Cotisation du tour 1 10 000 FCFA 6 000 FCFA");
    expect(text).toContain("par le garant par Moussa T.");
    expect(text).toMatch(/sceau n° \d+ du grand livre/);
    expect(text).toContain(owing.seal.seal?.root);
    const paid = await readSealedBooklet(chair.context, group.code);
    expect(paid.received).toMatchObject([{ turn: 1, amount: money(40_000n, "XOF") }]);
    expect(paid.advance).toEqual(money(500n, "XOF"));
    expect(textOf(await read("booklet-en", bookletDocument(paid, await fileOf("en", paid))))).toContain(
      "Pot of turn 1 FCFA 40,000",
    );
  });

  it("tells the guarantor who owes them, and what can be repaid", async () => {
    const [, debtor, guarantor, saver] = people;
    expect(await readSealedBooklet(guarantor.context, group.code)).toMatchObject({
      claims: [{ debtor: "Awa T.", open: money(6_000n, "XOF") }],
      claimed: money(6_000n, "XOF"),
      owes: [],
    });
    expect(await getRepayment(debtor.context, group.code)).toMatchObject({
      owed: money(6_000n, "XOF"),
      debts: [{ creditor: "Moussa T." }],
    });
    expect(await getRepayment(saver.context, group.code)).toMatchObject({ debts: [] });
  });

  it("is a table with a row for each due, payment, debt and balance", async () => {
    const booklet = await readSealedBooklet(people[1].context, group.code);
    const rows = bookletTable(booklet, await fileOf("fr", booklet)).split("\r\n");
    expect(rows[0]).toBe("\ufeffRubrique;Date;Désignation;Tour;Somme;Reste;État;Personne;Devise;Référence");
    expect(rows.filter((row) => row.startsWith("Je dois;"))).toEqual([
      "Je dois;;Cotisation du tour 1;1;10000;6000;;Moussa T.;XOF;",
    ]);
    expect(rows.find((row) => row.startsWith("Sceau;"))).toContain(booklet.seal.seal?.root);
    expect(rows.join()).not.toMatch(/\+2\d\d/);
  });
});

it("a cash book is a table of all postings whose end is what the group holds, in a PDF with tags", async () => {
  const book = await readWholeCashbook(people[3].context, group.code);
  const pdf = await read("cashbook", cashbookDocument(book, await fileOf("fr", book)));
  const text = textOf(pdf);
  expect(text).toContain("Cotisation");
  expect(text).toMatch(/Totaux .* FCFA .* FCFA 500 FCFA/);
  expect(text).toContain(book.seal.seal?.root);
  expect(pdf.pages[0]?.structure.children.map(({ role }) => role)).toContain("Table");
});

describe("minutes of a turn", () => {
  const asked = (person: Person, locale: "fr" | "en") => ({
    ...{ request: new Request("http://localhost:3000/"), params: { code: group.code, number: "1" } },
    ...{ locale, context: person.context, userId: person.userId },
  });

  it("are the same in both languages, with the same hash", async () => {
    const [chair, debtor] = people;
    const [french, english] = [await readMinutes(asked(debtor, "fr")), await readMinutes(asked(chair, "en"))];
    expect(french.name).toBe(`procès-verbal-tour-1-${group.code}`);
    expect(english.minutes.hash).toBe(french.minutes.hash);
    const pdfs = [
      await read("minutes", minutesDocument(french.minutes, french.words, french.file)),
      await read("minutes-en", minutesDocument(english.minutes, english.words, english.file)),
    ];
    for (const pdf of pdfs) {
      const text = textOf(pdf);
      expect(text).toContain(french.minutes.hash);
      expect(text).toContain(french.minutes.seal.seal?.root);
      expect(text).toContain("Awa T.");
      expect(text).not.toMatch(/\+2\d\d/);
    }
    const [text = ""] = pdfs.map(textOf);
    expect(text).toMatch(/remis le .* · approuvé par Moussa T., Issa T./);
    expect(text).toMatch(/Awa T. Cotisation 10 000 FCFA 0 FCFA couvert · payé par Moussa T./);
    expect(text).toContain("La tontine a démarré");
    expect(text).toContain("1 amende, 300 FCFA.");
  });

  it("are a table with a row for each due, payout, approval and change", async () => {
    const { minutes, file } = await readMinutes(asked(people[1], "en"));
    const rows = minutesTable(minutes, file).split("\r\n");
    const sections = rows.slice(1, -1).map((row) => row.slice(0, row.indexOf(",")));
    expect([...new Set(sections)]).toEqual(["Roll", "Payout", "Approval", "Fine", "Change", "Hash", "Seal"]);
    expect(sections.filter((section) => section === "Roll")).toHaveLength(4);
    expect(rows.find((row) => row.startsWith("Hash,"))).toContain(minutes.hash);
  });
});
