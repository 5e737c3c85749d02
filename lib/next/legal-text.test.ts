import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { replaceEnvironment } from "@/lib/config";
import { parseBlocks, readLegalText } from "./legal-text";

test("a deployment's own text replaces the default one, document by document and language by language", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-legal-"));
  fs.writeFileSync(path.join(folder, "terms.fr.md"), "Nos conditions.");
  expect(await readLegalText("terms", "fr")).toBeNull();
  replaceEnvironment({ LEGAL_TEXTS_DIR: folder });
  expect(await readLegalText("terms", "fr")).toEqual([{ kind: "paragraph", lines: ["Nos conditions."] }]);
  expect(await readLegalText("terms", "en")).toBeNull();
  expect(await readLegalText("privacy", "fr")).toBeNull();
  replaceEnvironment({ LEGAL_TEXTS_DIR: "" });
  fs.rmSync(folder, { recursive: true });
});

test("a deployment's text is headings, paragraphs and lists with empty lines between, and never markup", () => {
  const text = "# Nos conditions\r\n\r\nUne ligne,\nsa suite <b>.\n\n- un\n- deux\n\n\n## Fin\n";
  expect(parseBlocks(text)).toEqual([
    { kind: "heading", lines: ["Nos conditions"] },
    { kind: "paragraph", lines: ["Une ligne, sa suite <b>."] },
    { kind: "list", lines: ["un", "deux"] },
    { kind: "heading", lines: ["Fin"] },
  ]);
});
