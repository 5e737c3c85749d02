import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { BidiText, isolate } from "./bidi-text";

const html = (text: string) => renderToStaticMarkup(createElement(BidiText, { text }));

test("each name in a sentence is in a bdi element of its own, so that one written from right to left moves nothing", () => {
  expect(html(`${isolate("عائشة م.")} a reçu 500 FCFA.`)).toBe("<bdi>عائشة م.</bdi> a reçu 500 FCFA.");
  expect(html(`De ${isolate("Awa")} à ${isolate("محمد")}, hier.`)).toBe(
    "De <bdi>Awa</bdi> à <bdi>محمد</bdi>, hier.",
  );
  expect(html("Sans nom.")).toBe("Sans nom.");
});
