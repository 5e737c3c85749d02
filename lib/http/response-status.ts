import { AsyncLocalStorage } from "node:async_hooks";

interface StatusHolder {
  statusCode: number;
  /** Set once code of ours works on the answer: until then what goes wrong is the request's. */
  isReached?: boolean;
}

// Next bundles its own copy of this file and the server runs another: the symbol makes them share one storage.
const STORAGE: unique symbol = Symbol.for("cauris.response-status") as never;
const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<StatusHolder> };

function storage(): AsyncLocalStorage<StatusHolder> {
  shared[STORAGE] ??= new AsyncLocalStorage();
  return shared[STORAGE];
}

/** The HTTP server calls Next inside this, so that a page can say its status: Next has no way to (vercel/next.js#62228). */
export function withResponse<Result>(response: StatusHolder, work: () => Result): Result {
  return storage().run(response, work);
}

/** Sets the status of the page being answered. False outside our own server: then the page throws to Next instead. */
export function setResponseStatus(status: 404 | 500): boolean {
  const response = storage().getStore();
  if (response) response.statusCode = status;
  return response !== undefined;
}

/** For an action: its form was decoded, so a failure from here on is ours. */
export function reachAnswer(): void {
  const response = storage().getStore();
  if (response) response.isReached = true;
}
