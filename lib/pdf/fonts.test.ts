import PDFDocument from "pdfkit";
import { expect, it } from "vitest";
import { fonts } from "./fonts";

// pdfkit scales a run's positions and then asks for its width.
it.each(["1234567890", "Solde disponible", "−5\u202f000,00\u00a0₦", "Reçu"])(
  "measures %s as the font does",
  (text) => {
    const { regular } = fonts();
    const font: typeof regular = Object.getPrototypeOf(regular);
    const measured = [regular, font].map((each) => {
      const document = new PDFDocument({ font: each as unknown as string });
      return document.fontSize(10).widthOfString(text, { features: [] });
    });
    // Kerning is what they differ by.
    expect(Math.abs((measured[0] ?? 0) - (measured[1] ?? 99))).toBeLessThan(0.05 * (measured[1] ?? 0));
  },
);
