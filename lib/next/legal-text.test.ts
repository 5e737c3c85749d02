import { expect, test } from "vitest";
import { parseBlocks } from "./legal-text";

test("a deployment's text is headings, paragraphs and lists with empty lines between, and never markup", () => {
  const text = "# Nos conditions\r\n\r\nUne ligne,\nsa suite <b>.\n\n- un\n- deux\n\n\n## Fin\n";
  expect(parseBlocks(text)).toEqual([
    { kind: "heading", lines: ["Nos conditions"] },
    { kind: "paragraph", lines: ["Une ligne, sa suite <b>."] },
    { kind: "list", lines: ["un", "deux"] },
    { kind: "heading", lines: ["Fin"] },
  ]);
});
