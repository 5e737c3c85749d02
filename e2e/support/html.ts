import { type HTMLElement, parse } from "node-html-parser";

/** A page, or a part of one. Comments are left out, and what stands inside of scripts is no markup. */
export function parseHtml(html: string): HTMLElement {
  return parse(html, { comment: false, blockTextElements: { script: true, style: true } });
}

/** The first form with a field, or an element, of this name or id; null for none. */
export function findForm(html: string, field: string): HTMLElement | null {
  const forms = parseHtml(html).querySelectorAll("form");
  return forms.find((form) => form.querySelector(`[name="${field}"], [id="${field}"]`) !== null) ?? null;
}

/** What a form posts without anybody having typed it: name and value of its hidden fields, in their order. */
export function hiddenFields(form: HTMLElement): [name: string, value: string][] {
  return form
    .querySelectorAll('input[type="hidden"]')
    .map((input) => [input.getAttribute("name") ?? "", input.getAttribute("value") ?? ""]);
}
