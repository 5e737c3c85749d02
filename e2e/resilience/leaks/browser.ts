import { findForm, hiddenFields, parseHtml } from "@/e2e/support/html";
import { invariant } from "@/lib/invariant";
import { shownPath } from "@/lib/server/shown-path";
import type { Aviary, Sighting } from "./canaries";
import { mayBeAnswered } from "./canaries";

/** An answer of the app, as its reader got it. */
export interface Heard {
  number: number;
  status: number;
  headers: Headers;
  text: string;
}

/** Keeps every answer of the app until it was searched. */
export class Ear {
  #count = 0;
  readonly #heard: { number: number; to: string; asked: string; text: string }[] = [];

  constructor(readonly aviary: Aviary) {}

  /** `asked` is the method and the whole address. */
  listen(to: string, asked: string, response: Response, text: string): number {
    this.#count += 1;
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    this.#heard.push({ number: this.#count, to, asked, text: `${headers}\n\n${text}` });
    return this.#count;
  }

  /** Secrets in answers that shouldn't have them, and how many were where they belong. */
  search(): { stray: Sighting[]; atHome: number; answers: number } {
    const stray: Sighting[] = [];
    let atHome = 0;
    for (const { number, to, asked, text } of this.#heard) {
      const place = `the answer to ${shownPath(asked.split("?", 1)[0] ?? "")}`;
      // A page knows the address that it was asked by.
      const said = new Set(this.aviary.search(place, asked).map(({ canary }) => canary));
      for (const sighting of this.aviary.search(place, text)) {
        if (mayBeAnswered(sighting.canary, to, number)) atHome += 1;
        else if (!said.has(sighting.canary)) stray.push(sighting);
      }
    }
    return { stray, atHome, answers: this.#heard.length };
  }
}

export interface Sent {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string | FormData;
}

/** One person's browser, or their program: cookies kept, every answer heard. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly base: string,
    readonly name: string,
    readonly ear: Ear,
  ) {}

  /** Asks the app, without following where it leads. What an outage cuts off was never heard. */
  async ask(path: string, { method = "GET", headers = {}, body }: Sent = {}): Promise<Heard> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(path, this.base), {
      method,
      redirect: "manual",
      headers: { "accept-language": "fr", ...(cookie === "" ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const number = this.ear.listen(this.name, `${method} ${path}`, response, text);
    return { number, status: response.status, headers: response.headers, text };
  }

  json(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Heard> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.ask(path, {
      method: "POST",
      body: text,
      headers: { "content-type": "application/json", ...headers },
    });
  }

  /** Opens a page and posts its form that has `field`, with `typed` in it. */
  async submit(address: string, field: string, typed: Record<string, string>): Promise<Heard> {
    const { text: html } = await this.ask(address);
    return await this.post(address, hiddenOf(html, field), typed);
  }

  async post(
    address: string,
    hidden: readonly [string, string][],
    typed: Record<string, string>,
  ): Promise<Heard> {
    const form = new FormData();
    for (const [name, value] of [...hidden, ...Object.entries(typed)]) form.append(name, value);
    return await this.ask(address, { method: "POST", body: form, headers: { origin: this.base } });
  }

  #keep(line: string): void {
    const pair = line.split(";", 1)[0] ?? "";
    const at = pair.indexOf("=");
    this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

/** The hidden fields of the form that has a field called `field`. */
export function hiddenOf(html: string, field: string): [string, string][] {
  const form = findForm(html, field);
  invariant(form, `the page has a form with ${field}`);
  return hiddenFields(form);
}

/** The hidden fields of the first form that says `text`. */
export function hiddenOfFormThatSays(html: string, text: string): [string, string][] {
  const form = parseHtml(html)
    .querySelectorAll("form")
    .find((each) => each.text.includes(text));
  invariant(form, `the page has a form that says ${text}`);
  return hiddenFields(form);
}

/** Where an answer leads. */
export function ledTo({ headers, status }: Heard): string {
  const location = headers.get("location");
  invariant(location !== null, `an answer that leads on, not ${status}`);
  return location;
}
