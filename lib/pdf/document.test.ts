import { describe, expect, it } from "vitest";
import { type PdfElement, readPdf } from "@/e2e/support/read-pdf";
import { createDocument, type PdfDocument } from "./document";

async function read(write: (document: PdfDocument) => void | Promise<void>, size: "A4" | "A5" = "A5") {
  const document = createDocument({
    size,
    locale: "fr",
    title: "Reçu TXN-ABCD",
    footer: "Cauris · aide@cauris.test",
    pageOf: (page, total) => `Page ${page} sur ${total}`,
    createdAt: new Date("2026-11-30T08:00:00Z"),
  });
  const writing = (async () => {
    await write(document);
    document.finish();
  })();
  const bytes = new Uint8Array(await new Response(document.stream).arrayBuffer());
  await writing;
  return { bytes, pdf: await readPdf(bytes) };
}

function roles(element: PdfElement): string[] {
  return [element.role, ...element.children.flatMap(roles)];
}

describe("a document", () => {
  it("says its title and language, and numbers its pages of how many", async () => {
    const { pdf } = await read(async (document) => {
      const table = document.table([
        { heading: "Date", share: 1, isRowHeader: true },
        { heading: "Montant", share: 1, align: "right" },
      ]);
      for (let row = 1; row <= 90; row += 1) await table.row([`Jour ${row}`, `${row}\u202f000\u00a0FCFA`]);
      table.end();
      document.paragraph("Fin du tableau");
    });
    expect(pdf.title).toBe("Reçu TXN-ABCD");
    expect(pdf.language).toBe("fr");
    expect(pdf.pages).toHaveLength(3);
    pdf.pages.forEach(({ lines }, index) => {
      expect(lines[0]).toBe("Date Montant");
      expect(lines.at(-1)).toBe(`Page ${index + 1} sur 3 Cauris · aide@cauris.test`);
    });
    const lines = pdf.pages.flatMap((page) => page.lines);
    for (let row = 1; row <= 90; row += 1) expect(lines).toContain(`Jour ${row} ${row} 000 FCFA`);
    expect(lines).toContain("Fin du tableau");
  });

  it("measures Latin text as it is drawn: a line is broken where its width ends", async () => {
    const { pdf } = await read((document) => document.paragraph("abcdefghij ".repeat(14)));
    const line = pdf.pages[0]?.lines[0] ?? "";
    // 352 points, and some 4.5 a letter at nine points.
    expect(line.length).toBeGreaterThan(60);
    expect(line.length).toBeLessThan(100);
  });

  it("is tagged: headings, paragraphs, rows with their headings, pictures with what they say", async () => {
    const { pdf } = await read((document) => {
      document.heading(1, "Reçu");
      document.paragraph("Payé");
      document.details([{ label: "Montant", value: "₦5,000.00" }]);
      document.qrCode({ url: "https://cauris.test/v/x", alt: "Code QR", lines: ["Vérifiez-le ici"] });
    });
    const [page] = pdf.pages;
    const found = page ? roles(page.structure).filter((role) => role !== "content") : [];
    expect(found).toEqual(["Root", "H1", "P", "Table", "TR", "TH", "TD", "Figure", "P"]);
    const figure = page?.structure.children.find(({ role }) => role === "Figure");
    expect(figure?.alt).toBe("Code QR");
    expect(page?.lines).toContain("Montant ₦5,000.00");
  });

  it("stays on one page when its text is long, and cuts words that no line can hold", async () => {
    const { pdf } = await read((document) =>
      document.details([{ label: "Note", value: `${"très longue ".repeat(10)}${"x".repeat(200)}` }]),
    );
    expect(pdf.pages).toHaveLength(1);
    const text = pdf.pages[0]?.lines.join("") ?? "";
    expect(text.match(/x/g)).toHaveLength(200);
    expect(text.match(/longue/g)).toHaveLength(10);
  });

  it("ends its reader's stream with the error of a writer who fails", async () => {
    const document = createDocument({
      size: "A5",
      locale: "en",
      title: "Broken",
      footer: "",
      pageOf: (page, total) => `Page ${page} of ${total}`,
      createdAt: new Date(),
    });
    document.fail(new Error("the database went away"));
    await expect(new Response(document.stream).arrayBuffer()).rejects.toThrow("the database went away");
  });

  it("tells its writer when nobody reads any more, instead of writing into memory", async () => {
    const document = createDocument({
      size: "A4",
      locale: "en",
      title: "Unread",
      footer: "",
      pageOf: (page, total) => `Page ${page} of ${total}`,
      createdAt: new Date(),
    });
    const table = document.table([{ heading: "Row", share: 1 }]);
    const writing = (async () => {
      for (let row = 0; row < 100_000; row += 1) await table.row([`row ${row}`]);
    })();
    const reader = document.stream.getReader();
    await reader.read();
    await reader.cancel();
    await expect(writing).rejects.toThrow("not read any more");
  });
});
