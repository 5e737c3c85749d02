import { AsyncLocalStorage } from "node:async_hooks";
import { isDecodeError } from "./decode-error";

export interface AnswerInProgress {
  statusCode: number;
  /** Set once code of ours works on the answer: what fails from then on is no mistake of the caller. */
  isReached?: boolean;
  /** Set once an action has answered a state: Next then decodes more of the form, to render the page with it. */
  hasActionEnded?: boolean;
  /** Set when Next reports that it could not decode the request's body. */
  isUndecodable?: boolean;
  /** Adds a response header that Next knows nothing of. */
  addHeader?(name: string, value: string): void;
}

// Next bundles its own copy of this file and the server runs another: the symbol makes them share one storage.
const STORAGE: unique symbol = Symbol.for("cauris.response-status") as never;
const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<AnswerInProgress> };

function storage(): AsyncLocalStorage<AnswerInProgress> {
  shared[STORAGE] ??= new AsyncLocalStorage();
  return shared[STORAGE];
}

/** The HTTP server calls Next inside this, so that a page can say its status: Next has no way to (vercel/next.js#62228). */
export function withResponse<Result>(answer: AnswerInProgress, work: () => Result): Result {
  return storage().run(answer, work);
}

/** Sets the status of the page being answered. False outside our own server: then the page throws to Next instead. */
export function setResponseStatus(status: 404 | 429 | 500 | 503): boolean {
  const answer = storage().getStore();
  if (answer) answer.statusCode = status;
  return answer !== undefined;
}

/**
 * Adds a header to the answer in progress; false outside our own server. A cookie that an action sets through Next makes it render
 * the page again for a script, which would replace the form that was sent.
 */
export function addResponseHeader(name: string, value: string): boolean {
  const answer = storage().getStore();
  answer?.addHeader?.(name, value);
  return answer?.addHeader !== undefined;
}

/** For an action: its form was decoded, so a failure from here on is ours. */
export function markActionReached(): void {
  const answer = storage().getStore();
  if (answer) answer.isReached = true;
}

/** For an action: it answered a state, and Next goes on with its form. */
export function markActionEnded(): void {
  const answer = storage().getStore();
  if (answer) answer.hasActionEnded = true;
}

/** For Next's report of an error that nobody caught: notes whether the request's body could not be decoded. */
export function reportUncaught(error: unknown): void {
  const answer = storage().getStore();
  if (answer && isDecodeError(error)) answer.isUndecodable = true;
}
