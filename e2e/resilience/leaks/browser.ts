import { findForm, hiddenFields, parseHtml } from "@/e2e/support/html";
import { invariant } from "@/lib/invariant";
import { shownPath } from "@/lib/server/shown-path";
import type { CanarySet, Sighting } from "./canaries";
import { mayBeInResponse } from "./canaries";

/** A response of the app, with its number in the {@link ResponseLog}. */
export interface ReceivedResponse {
  number: number;
  status: number;
  headers: Headers;
  text: string;
}

/** Records every response of the app, to be searched for canaries. */
export class ResponseLog {
  #count = 0;
  readonly #entries: { number: number; to: string; request: string; text: string }[] = [];

  constructor(readonly canaries: CanarySet) {}

  /** Records a response to the person `to` of a request such as `GET /wallet?x=y`. Returns its number. */
  record(to: string, request: string, response: Response, text: string): number {
    this.#count += 1;
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    this.#entries.push({ number: this.#count, to, request, text: `${headers}\n\n${text}` });
    return this.#count;
  }

  /** Canaries in responses that may not contain them, and how many stood in responses that may. */
  search(): { leaked: Sighting[]; allowed: number; count: number } {
    const leaked: Sighting[] = [];
    let allowed = 0;
    for (const { number, to, request, text } of this.#entries) {
      const location = `the response to ${shownPath(request.split("?", 1)[0] ?? "")}`;
      // A page may repeat the URL of its request.
      const repeated = new Set(this.canaries.search(location, request).map(({ canary }) => canary));
      for (const sighting of this.canaries.search(location, text)) {
        if (mayBeInResponse(sighting.canary, to, number)) allowed += 1;
        else if (!repeated.has(sighting.canary)) leaked.push(sighting);
      }
    }
    return { leaked, allowed, count: this.#entries.length };
  }
}

export interface RequestOptions {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string | FormData;
}

/** The browser or API client of one person: keeps cookies and records every response. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly base: string,
    readonly name: string,
    readonly responses: ResponseLog,
  ) {}

  /** Sends a request without following redirects. Throws if there is no response. */
  async request(
    path: string,
    { method = "GET", headers = {}, body }: RequestOptions = {},
  ): Promise<ReceivedResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(path, this.base), {
      method,
      redirect: "manual",
      headers: { "accept-language": "fr", ...(cookie === "" ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const number = this.responses.record(this.name, `${method} ${path}`, response, text);
    return { number, status: response.status, headers: response.headers, text };
  }

  json(path: string, body: unknown, headers: Record<string, string> = {}): Promise<ReceivedResponse> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.request(path, {
      method: "POST",
      body: text,
      headers: { "content-type": "application/json", ...headers },
    });
  }

  /** Opens a page and posts its form that contains `field`, filled in with `typed`. */
  async submit(address: string, field: string, typed: Record<string, string>): Promise<ReceivedResponse> {
    const { text: html } = await this.request(address);
    return await this.post(address, hiddenFieldsOf(html, field), typed);
  }

  async post(
    address: string,
    hidden: readonly [string, string][],
    typed: Record<string, string>,
  ): Promise<ReceivedResponse> {
    const form = new FormData();
    for (const [name, value] of [...hidden, ...Object.entries(typed)]) form.append(name, value);
    return await this.request(address, { method: "POST", body: form, headers: { origin: this.base } });
  }

  #keep(line: string): void {
    const pair = line.split(";", 1)[0] ?? "";
    const at = pair.indexOf("=");
    this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

/** The hidden fields of the form that contains a field called `field`. */
export function hiddenFieldsOf(html: string, field: string): [string, string][] {
  const form = findForm(html, field);
  invariant(form, `the page has a form with ${field}`);
  return hiddenFields(form);
}

/** The hidden fields of the first form that contains `text`. */
export function hiddenFieldsOfFormWithText(html: string, text: string): [string, string][] {
  const form = parseHtml(html)
    .querySelectorAll("form")
    .find((each) => each.text.includes(text));
  invariant(form, `the page has a form with ${text}`);
  return hiddenFields(form);
}

/** Where a response redirects to. */
export function redirectOf({ headers, status }: ReceivedResponse): string {
  const location = headers.get("location");
  invariant(location !== null, `expected a redirect, seen ${status}`);
  return location;
}
