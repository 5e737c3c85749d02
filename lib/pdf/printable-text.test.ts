import { expect, it } from "vitest";
import { canDraw } from "./fonts";
import { printableText } from "./printable-text";

const NNBSP = "\u202f";

it.each([
  ["Awa Ouédraogo", "Awa Ouédraogo"],
  [`−5${NNBSP}000,00\u00a0₦`, `−5${NNBSP}000,00\u00a0₦`],
  ["Ɓalde Ŋgom Ɛwe", "Ɓalde Ŋgom Ɛwe"],
  ["محمد بن علي", "محمد بن علي"],
  ["ߒߞߏ ߞߊ߲߫", "ߒߞߏ ߞߊ߲߫"],
  ["Fatou 👑", "Fatou [crown]"],
  ["👑🌴", "[crown palm tree]"],
  ["👩‍👧", "[woman girl]"],
  ["王明", "[Wang Ming]"],
  ["𞤀𞤣", "[A d]"],
  ["\u{10fffd}", "[U+10FFFD]"],
  ["A\u200bB\ufe0f", "AB"],
  ["deux\nlignes", "deux\nlignes"],
])("%s is printed as %s", (text, printed) => {
  expect(printableText(text, canDraw)).toBe(printed);
});
