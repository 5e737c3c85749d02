import type { Caller, Role } from "./callers";
import type { Endpoint } from "./find-endpoints";
import type { RawRequest, RawResponse } from "./raw-request";

/** How an endpoint must answer a caller. */
export type Verdict =
  /** Allowed, with the data of `as`; null where the identity doesn't matter. */
  | { kind: "allowed"; as: Role | null }
  | { kind: "unauthenticated" }
  | { kind: "forbidden" }
  /** Another user's object is answered like one that doesn't exist. */
  | { kind: "not found" }
  /** The request itself isn't authenticated. */
  | { kind: "unauthentic" }
  | { kind: "missing" };

/** Whom an endpoint takes the caller for: pages and actions read session cookies, the JSON API tokens and keys. */
function identityAt(endpoint: Endpoint, caller: Caller): Role | null {
  if (endpoint.kind !== "call") return caller.session ?? null;
  if (caller.token !== undefined) return caller.token;
  return caller.key?.role ?? null;
}

/** The verdict that the rules prescribe. */
export function verdictFor(endpoint: Endpoint, caller: Caller): Verdict {
  const { who, objects } = endpoint;
  if (who === "missing") return { kind: "missing" };
  if (who === "self-authenticating") return { kind: "unauthentic" };
  const role = identityAt(endpoint, caller);
  if (who === "anyone") return { kind: "allowed", as: role };
  if (role === null) return { kind: "unauthenticated" };
  if (endpoint.kind === "call" && caller.token === undefined) {
    if (who === "person") return { kind: "unauthenticated" };
    if (!caller.key?.permissions.includes(who.permission)) return { kind: "forbidden" };
  }
  if (objects === "nonexistent" || (objects === "owner" && role !== "owner")) return { kind: "not found" };
  return { kind: "allowed", as: role };
}

/** The link to the settings, which only pages of the wallet have; not the language switch, which repeats the page's path. */
const WALLET_PAGE = /wallet\/settings\\?"(?![\s,\\"]*hrefLang)/i;
const SIGN_IN = /^(?:https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?)?(?:\/en)?\/sign-in(?:$|\?)/;

/** True if a successful response shows a page of the wallet. */
function showsWalletPage({ status, body }: RawResponse): boolean {
  return status >= 200 && status < 300 && WALLET_PAGE.test(body);
}

const leadsToSignIn = ({ status, headers }: RawResponse) =>
  [302, 303, 307].includes(status) && SIGN_IN.test(headers.location ?? "");

/** The error code in an action's state, as React encodes it. */
const codeIn = ({ body }: RawResponse) => /"ok":false,"code":"([a-z_]+)"/.exec(body)?.[1] ?? null;
const isDone = ({ body }: RawResponse) => /"ok":true/.test(body);

/** Where a successful action redirects to. */
function redirectOf({ status, headers }: RawResponse): string | null {
  const header = headers["x-action-redirect"];
  if (typeof header === "string") return header.replace(/;(?:push|replace)$/, "");
  return status >= 300 && status < 400 ? (headers.location ?? null) : null;
}

/** Null if the response is what `verdict` prescribes, else what was expected. */
export function findFault(endpoint: Endpoint, verdict: Verdict, response: RawResponse): string | null {
  const { status } = response;
  if (status >= 500 && !(endpoint.kind === "call" && status === 503)) return "no server error";
  switch (endpoint.kind) {
    case "page":
      return pageFault(endpoint, verdict, response);
    case "call":
      return callFault(verdict, response);
    case "action":
      return actionFault(verdict, response);
    case "other":
      return otherFault(verdict, response);
  }
}

function pageFault(endpoint: Endpoint, verdict: Verdict, response: RawResponse): string | null {
  const { status, headers } = response;
  switch (verdict.kind) {
    case "allowed": {
      if (endpoint.who === "anyone")
        return status < 400 && !showsWalletPage(response) ? null : "a public page";
      const isEvents = headers["content-type"]?.startsWith("text/event-stream") === true;
      return status === 200 && (isEvents || showsWalletPage(response)) ? null : "the page";
    }
    case "unauthenticated":
      return leadsToSignIn(response) || status === 401 ? null : "a redirect to sign-in, or 401";
    default:
      return status === 404 && !showsWalletPage(response) ? null : "404";
  }
}

const CALL_STATUS = { unauthenticated: 401, forbidden: 403, "not found": 404, missing: 404 } as const;

function callFault(verdict: Verdict, { status, body }: RawResponse): string | null {
  switch (verdict.kind) {
    case "allowed":
      return [401, 403, 404].includes(status) ? "access" : null;
    case "unauthentic":
      return status >= 400 && status < 500 ? null : "a refusal";
    default: {
      const expected = CALL_STATUS[verdict.kind];
      return status === expected && /"request_id":/.test(body) ? null : `${expected} in JSON`;
    }
  }
}

const REFUSALS = new Set(["unauthenticated", "forbidden_origin", "not_found", "internal"]);

function actionFault(verdict: Verdict, response: RawResponse): string | null {
  const code = codeIn(response);
  const redirect = redirectOf(response);
  const isAway = redirect !== null && !SIGN_IN.test(redirect);
  switch (verdict.kind) {
    case "allowed":
      return code !== null && REFUSALS.has(code) ? "access" : null;
    case "unauthenticated": {
      if (isDone(response) || isAway || showsWalletPage(response)) return "a refusal as signed out";
      return code === null || code === "unauthenticated" ? null : "the code unauthenticated";
    }
    default: {
      if (isDone(response) || isAway) return "a refusal as not found";
      return code === null || code === "not_found" ? null : "the code not_found";
    }
  }
}

function otherFault(verdict: Verdict, { status, body }: RawResponse): string | null {
  switch (verdict.kind) {
    case "allowed":
      return status < 400 ? null : "access";
    case "unauthentic":
      // next-auth answers what it doesn't accept with an empty session or a redirect to the sign-in page.
      return status >= 300 || /^(?:null|\{"url":|)$/.test(body) ? null : "a refusal";
    default:
      return status >= 400 && status < 500 ? null : "a 4xx";
  }
}

/**
 * The same for a bypass variant of a request: it may be refused in any way, but must not succeed. CORS preflights are for
 * everybody, and a redirect of a page is checked at the page that it leads to.
 */
export function findBypassFault(
  endpoint: Endpoint,
  { request, caller }: { request: RawRequest; caller: Caller },
  response: RawResponse,
): string | null {
  const { status } = response;
  const { method } = request;
  // Next answers a malformed action call with 500: the fuzzing scenario checks those.
  const isMalformedCall =
    endpoint.kind === "action" || method !== "GET" || request.headers["next-action"] !== undefined;
  if (status >= 500 && status !== 503 && !isMalformedCall) return "no server error";
  if (method === "OPTIONS" && status === 204) return null;
  const isSuccess = status >= 200 && status < 300;
  if (endpoint.kind === "call") return isSuccess && !isPublicPage(response) ? "a refusal" : null;
  // A form that was posted from the caller's own page is answered with that page.
  const isOwnForm = endpoint.kind === "action" && caller.session !== undefined;
  if (showsWalletPage(response) && !isOwnForm) return "no page of the wallet";
  if (endpoint.kind !== "action") return null;
  const redirect = redirectOf(response);
  const isCanonical = status === 308 || status === 307;
  const isAway = redirect !== null && !SIGN_IN.test(redirect) && !isCanonical;
  return isDone(response) || isAway ? "a refusal" : null;
}

/** A variant's path may lead out of the API to a public page. */
function isPublicPage({ headers }: RawResponse): boolean {
  return headers["content-type"]?.startsWith("text/html") === true;
}

/** True if a response to a caller with access shows that the endpoint did its work; public ones needn't do anything. */
export function hasWorked(endpoint: Endpoint, response: RawResponse): boolean {
  if (endpoint.who === "anyone" && !endpoint.endsSession) return true;
  if (endpoint.kind === "action") {
    const redirect = redirectOf(response);
    return isDone(response) || (redirect !== null && (endpoint.endsSession || !SIGN_IN.test(redirect)));
  }
  return response.status >= 200 && response.status < 400;
}

/** A response without what differs each time (nonces, request ids) and without the requested ids. */
export function comparable({ status, body, headers }: RawResponse, ids: readonly string[]): string {
  const nonce = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"] ?? ""))?.[1];
  const names = [...ids, ...(nonce === undefined ? [] : [nonce])].filter((id) => id !== "");
  const plain = names.reduce((text, id) => text.replaceAll(id, "·"), body);
  return `${status} ${plain.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "·")}`;
}

/** The same for a cross-site request with the owner's cookie. */
export function findCrossSiteFault(_door: Endpoint, _request: unknown, response: RawResponse): string | null {
  const code = codeIn(response);
  return response.status === 403 || response.status === 400 || code === "forbidden_origin"
    ? null
    : "a refusal because of its origin";
}
