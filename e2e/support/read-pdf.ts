import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** An element of a tagged PDF, as assistive software finds it. */
export interface PdfElement {
  role: string;
  alt?: string;
  /** The text in it, without its children's; its lines joined by a space, every kind of space a plain one. */
  text: string;
  children: PdfElement[];
}

export interface ReadPdf {
  title: string;
  language: string | null;
  pages: {
    /** The lines of the page from top to bottom; parts of one line are joined by a space, and every kind of space is a plain one. */
    lines: string[];
    structure: PdfElement;
  }[];
}

/** Reads a PDF as a stranger's reader does (Mozilla's pdf.js). */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const document = await task.promise;
  const { info } = await document.getMetadata();
  const pages = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items, lang } = await page.getTextContent({ includeMarkedContent: true });
    pages.push({
      lines: linesOf(items.flatMap((item) => ("str" in item ? [item] : []))),
      structure: toElement(await page.getStructTree(), markedTexts(items)),
      lang,
    });
  }
  await task.destroy();
  const title = "Title" in info && typeof info.Title === "string" ? info.Title : "";
  return { title, language: pages[0]?.lang ?? null, pages };
}

interface TextItem {
  str: string;
  transform: number[];
}

function linesOf(items: readonly TextItem[]): string[] {
  const lines = new Map<number, TextItem[]>();
  for (const item of items) {
    if (item.str.trim() === "") continue;
    const baseline = Math.round(item.transform[5] ?? 0);
    lines.set(baseline, [...(lines.get(baseline) ?? []), item]);
  }
  return [...lines.entries()]
    .sort(([one], [other]) => other - one)
    .map(([, parts]) =>
      parts
        .sort((one, other) => (one.transform[4] ?? 0) - (other.transform[4] ?? 0))
        .map(({ str }) => str.trim())
        .join(" ")
        .replace(/\p{Zs}/gu, " "),
    );
}

type ContentItem = TextItem | { type: string; id?: string };

/** The texts that the page's structure refers to, by the ids of their marks. */
function markedTexts(items: readonly ContentItem[]): Map<string, string> {
  const texts = new Map<string, string>();
  const open: (string | undefined)[] = [];
  for (const item of items) {
    if ("str" in item) {
      const id = open.findLast((each) => each !== undefined);
      if (id !== undefined && item.str.trim() !== "") {
        texts.set(id, `${texts.get(id) ?? ""} ${item.str.trim()}`.trim().replace(/\p{Zs}/gu, " "));
      }
    } else if (item.type === "endMarkedContent") open.pop();
    else open.push(item.id ?? undefined);
  }
  return texts;
}

function toElement(node: unknown, texts: ReadonlyMap<string, string>): PdfElement {
  if (typeof node !== "object" || node === null || !("role" in node)) {
    const id = typeof node === "object" && node !== null && "id" in node ? String(node.id) : "";
    return { role: "content", text: texts.get(id) ?? "", children: [] };
  }
  const nodes = "children" in node && Array.isArray(node.children) ? node.children : [];
  const children = nodes.map((child) => toElement(child, texts));
  const own = children.filter(({ role }) => role === "content").map(({ text }) => text);
  const element: PdfElement = { role: String(node.role), text: own.join(" "), children };
  if ("alt" in node && typeof node.alt === "string") element.alt = node.alt;
  return element;
}
