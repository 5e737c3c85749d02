import fs from "node:fs/promises";
import path from "node:path";
import { config } from "@/lib/config";
import type { Locale } from "@/lib/i18n/routing";

export type LegalDocument = "terms" | "privacy";

export interface TextBlock {
  kind: "heading" | "paragraph" | "list";
  /** One line, or the items of a list. */
  lines: string[];
}

/** The deployment's own text in LEGAL_TEXTS_DIR, such as `terms.fr.md`; null where it has none, for the default text. */
export async function readLegalText(document: LegalDocument, locale: Locale): Promise<TextBlock[] | null> {
  const folder = config().legalTextsDir;
  if (folder === null) return null;
  const file = path.join(/* turbopackIgnore: true */ folder, `${document}.${locale}.md`);
  try {
    return parseBlocks(await fs.readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Blocks with empty lines between: `# heading`, lines with `- `, or a paragraph. Everything else is plain text. */
export function parseBlocks(text: string): TextBlock[] {
  const blocks = text.replace(/\r\n?/g, "\n").split(/\n\s*\n/);
  return blocks
    .map((block) => block.trim())
    .filter(Boolean)
    .map(toBlock);
}

function toBlock(block: string): TextBlock {
  const heading = /^#+ +(.+)$/.exec(block);
  if (heading?.[1]) return { kind: "heading", lines: [heading[1]] };
  const lines = block.split("\n").map((line) => line.trim());
  if (lines.every((line) => line.startsWith("- "))) {
    return { kind: "list", lines: lines.map((line) => line.slice(2)) };
  }
  return { kind: "paragraph", lines: [lines.join(" ")] };
}
