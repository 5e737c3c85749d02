import type { IncomingMessage, ServerResponse } from "node:http";
import type { AnswerInProgress } from "@/lib/http/response-status";
import { type Refusal, refusalOf } from "./refusal";

export interface NextAnswerOptions {
  /** Answers for an action that this build doesn't have; null leaves Next's own answer. */
  onUnknownAction(): Promise<Refusal | null>;
}

/** Set by Next on what it answers to an action that it doesn't know. */
const ACTION_NOT_FOUND = "x-nextjs-action-not-found";

/**
 * What code of ours says about the answer while Next works on it, and what becomes of Next's answer to a post where Next has none
 * for people: a body that it can't decode is a 500, an unknown action a bare text, and a redirect repeats the post.
 */
export class NextAnswer implements AnswerInProgress {
  isReached = false;
  isUndecodable = false;
  hasActionEnded = false;
  readonly #added: [name: string, value: string][] = [];
  readonly #isPost: boolean;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    /** Null for what isn't posted: Next's answer is right then. */
    options: NextAnswerOptions | null,
  ) {
    this.#isPost = options !== null;
    this.#correctHead();
    if (options !== null) this.#replaceWholeAnswer(options);
  }

  set statusCode(status: number) {
    this.isReached = true;
    this.response.statusCode = status;
  }

  addHeader(name: string, value: string): void {
    this.#added.push([name, value]);
  }

  #correctHead(): void {
    const { response } = this;
    const writeHead = response.writeHead.bind(response) as (...all: unknown[]) => ServerResponse;
    response.writeHead = (status: number, ...rest: unknown[]) => {
      for (const [name, value] of this.#added.splice(0)) response.appendHeader(name, value);
      return writeHead(this.#isPost ? this.#statusOf(status) : status, ...rest);
    };
  }

  #statusOf(status: number): number {
    if (status === 500 && this.#isUndecodableForm()) return 400;
    // A page that redirects while it answers a post means a visit: by 307 a browser would post the form again.
    return this.isReached && (status === 307 || status === 308) ? 303 : status;
  }

  /** Next gives an answer that isn't streamed whole to `end`. */
  #replaceWholeAnswer(options: NextAnswerOptions): void {
    const { response } = this;
    const end = response.end.bind(response) as (...all: unknown[]) => ServerResponse;
    response.end = (...all: unknown[]) => {
      const replacement = response.headersSent ? null : this.#replacement(options);
      if (replacement === null) return end(...all);
      response.end = () => response;
      replacement.then(
        (found) => {
          if (found === null) end(...all);
          else this.#send(found, end);
        },
        () => void end(...all),
      );
      return response;
    };
  }

  #send({ status, headers, body }: Refusal, end: (body: string) => ServerResponse): void {
    const { response } = this;
    for (const name of ["content-length", "content-encoding", "transfer-encoding"])
      response.removeHeader(name);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.statusCode = status;
    this.isReached = true;
    end(body);
  }

  #isUndecodableForm(): boolean {
    return this.isUndecodable && (!this.isReached || this.hasActionEnded) && isForm(this.request);
  }

  #replacement(options: NextAnswerOptions): Promise<Refusal | null> | null {
    const { response, request } = this;
    if (response.getHeader(ACTION_NOT_FOUND) !== undefined) return options.onUnknownAction();
    if (response.statusCode !== 500) return null;
    if (this.#isUndecodableForm()) return Promise.resolve(refusalOf(request, 400));
    return this.isReached ? null : Promise.resolve(refusalOf(request, 500));
  }
}

/** What Next takes for a server action, with or without JavaScript. */
function isForm({ headers, url = "/" }: IncomingMessage): boolean {
  const { "next-action": action, "content-type": type = "" } = headers;
  const isPage = !/^\/(?:api|webhook)(?:[/?]|$)/.test(url);
  return isPage && (action !== undefined || type.startsWith("multipart/form-data"));
}
