import { findForm, hiddenFields, parseHtml } from "@/e2e/support/html";
import { invariant } from "@/lib/invariant";
import { multipart } from "../multipart";
import { type HttpRequest, type HttpResponse, send } from "../requests/http";
import type { ResponseLog } from "./canaries";

/** A response of the app, with its number in the {@link ResponseLog}. */
export interface LoggedResponse extends HttpResponse {
  number: number;
}

type Typed = Readonly<Record<string, string>>;

/** The browser or API client of one person: keeps cookies and records every response. */
export class Client {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly base: string,
    readonly name: string,
    readonly responses: ResponseLog,
  ) {}

  /** Sends a request with the cookies. Throws if there is no response. */
  async request(
    target: string,
    { method = "GET", headers = {}, ...rest }: Partial<HttpRequest> = {},
  ): Promise<LoggedResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const known = { "accept-language": "fr", ...(cookie === "" ? {} : { cookie }) };
    const response = await send(this.base, { method, target, headers: { ...known, ...headers }, ...rest });
    for (const [, name = "", value = ""] of response.head.matchAll(/^set-cookie: ([^=]+)=([^;\r]*)/gim))
      this.cookies.set(name, value);
    const text = `${response.head}\n\n${response.body}`;
    return { ...response, number: this.responses.record(this.name, `${method} ${target}`, text) };
  }

  json(target: string, body: string | object, headers: Record<string, string> = {}): Promise<LoggedResponse> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const typed = { "content-type": "application/json", ...headers };
    return this.request(target, { method: "POST", body: Buffer.from(text), headers: typed });
  }

  /** Opens a page, and returns a function that posts its form with `field` (a field's name or id, or a text in the form). */
  async open(target: string, field: string): Promise<(typed: Typed) => Promise<LoggedResponse>> {
    const { body: html } = await this.request(target);
    const forms = parseHtml(html).querySelectorAll("form");
    const form = findForm(html, field) ?? forms.find(({ text }) => text.includes(field));
    invariant(form, `${target} has a form with ${field}`);
    return (typed) => {
      const { type, bytes } = multipart([...hiddenFields(form), ...Object.entries(typed)]);
      const headers = { origin: this.base, "content-type": type };
      return this.request(target, { method: "POST", body: bytes, headers });
    };
  }

  /** Opens a page and posts its form with `field`, filled in. */
  async submit(target: string, field: string, typed: Typed): Promise<LoggedResponse> {
    return await (await this.open(target, field))(typed);
  }
}

/** Where a response redirects to. Throws if it doesn't. */
export function redirectOf({ headers, status }: HttpResponse): string {
  invariant(headers.location !== undefined, `expected a redirect, seen ${status}`);
  return headers.location;
}
