import type { HttpRequest, HttpResponse } from "../requests/http";
import type { Caller } from "./callers";
import type { Endpoint } from "./endpoints";
import type { Role } from "./people";

/**
 * How an endpoint must answer a caller. `not found`: another user's object is answered like one that doesn't exist.
 * `unauthentic`: the request itself isn't authenticated.
 */
export type Verdict = "allowed" | "unauthenticated" | "forbidden" | "not found" | "unauthentic" | "missing";

/** Whom an endpoint takes the caller for: pages and actions read session cookies, the JSON API tokens and keys. */
export function identityAt({ kind }: Endpoint, { session, token, key }: Caller): Role | null {
  return (kind === "call" ? (token ?? key?.role) : session) ?? null;
}

/** The verdict that the rules prescribe. */
export function verdictFor(endpoint: Endpoint, caller: Caller): Verdict {
  const { who, objects, kind } = endpoint;
  if (who === "missing") return "missing";
  if (who === "self-authenticating") return "unauthentic";
  if (who === "anyone") return "allowed";
  const role = identityAt(endpoint, caller);
  if (role === null) return "unauthenticated";
  if (kind === "call" && caller.token === undefined) {
    if (who === "person") return "unauthenticated";
    if (!caller.key?.permissions.includes(who.permission)) return "forbidden";
  }
  return objects === "nonexistent" || (objects === "owner" && role !== "owner") ? "not found" : "allowed";
}

/** The link to the settings, which only pages of the wallet have; not the language switch, which repeats the page's path. */
const WALLET_PAGE = /wallet\/settings\\?"(?![\s,\\"]*hrefLang)/i;
const SIGN_IN = /^(?:https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?)?(?:\/en)?\/sign-in(?:$|\?)/;

const isSuccess = ({ status }: HttpResponse) => status >= 200 && status < 300;
/** True if a successful response shows a page of the wallet. */
const showsWallet = (response: HttpResponse) => isSuccess(response) && WALLET_PAGE.test(response.body);
const isOfType = ({ headers }: HttpResponse, type: string) =>
  headers["content-type"]?.startsWith(type) === true;
/** The error code in an action's state, as React encodes it. */
const codeIn = ({ body }: HttpResponse) => /"ok":false,"code":"([a-z_]+)"/.exec(body)?.[1] ?? null;
const isDone = ({ body }: HttpResponse) => /"ok":true/.test(body);

/** Where a successful action redirects to. */
function redirectOf({ status, headers }: HttpResponse): string | null {
  const byScript = headers["x-action-redirect"];
  if (byScript !== undefined) return byScript.replace(/;(?:push|replace)$/, "");
  return status >= 300 && status < 400 ? (headers.location ?? null) : null;
}

/** True if an action redirects, and not to the sign-in page. */
function leadsOn(response: HttpResponse): boolean {
  const redirect = redirectOf(response);
  return redirect !== null && !SIGN_IN.test(redirect);
}

/** Null if the response is what the rules prescribe for the caller, else what was expected. */
export function findFault(endpoint: Endpoint, caller: Caller, response: HttpResponse): string | null {
  const { status } = response;
  const verdict = verdictFor(endpoint, caller);
  if (status >= 500 && !(endpoint.kind === "call" && status === 503)) return "no server error";
  switch (endpoint.kind) {
    case "page":
      return pageFault(endpoint, { caller, verdict }, response);
    case "call":
      return callFault(verdict, response);
    case "action":
      return actionFault(endpoint, verdict, response);
    case "other":
      return otherFault(verdict, response);
  }
}

function pageFault(
  { who }: Endpoint,
  { caller, verdict }: { caller: Caller; verdict: Verdict },
  response: HttpResponse,
): string | null {
  const { status, headers } = response;
  if (verdict === "unauthenticated") {
    const isSentToSignIn = [302, 303, 307].includes(status) && SIGN_IN.test(headers.location ?? "");
    return isSentToSignIn || status === 401 ? null : "a redirect to sign-in, or 401";
  }
  if (verdict !== "allowed") return status === 404 && !showsWallet(response) ? null : "404";
  if (who === "anyone") {
    // Public pages show a signed-in reader the way back to the wallet.
    const mayLinkWallet = caller.session !== undefined;
    return status < 400 && (mayLinkWallet || !showsWallet(response)) ? null : "a public page";
  }
  const isFile = headers["content-disposition"]?.startsWith("attachment") === true;
  const isShown = isFile || isOfType(response, "text/event-stream") || showsWallet(response);
  return status === 200 && isShown ? null : "the page";
}

const CALL_STATUS = { unauthenticated: 401, forbidden: 403, "not found": 404, missing: 404 } as const;

function callFault(verdict: Verdict, { status, body }: HttpResponse): string | null {
  if (verdict === "allowed") return [401, 403, 404].includes(status) ? "access" : null;
  if (verdict === "unauthentic") return status >= 400 && status < 500 ? null : "a refusal";
  const expected = CALL_STATUS[verdict];
  return status === expected && /"request_id":/.test(body) ? null : `${expected} in JSON`;
}

const REFUSALS = new Set(["unauthenticated", "forbidden_origin", "not_found", "internal"]);

function actionFault({ missingCode }: Endpoint, verdict: Verdict, response: HttpResponse): string | null {
  const code = codeIn(response);
  if (verdict === "allowed") return code !== null && REFUSALS.has(code) ? "access" : null;
  const expected = verdict === "unauthenticated" ? "unauthenticated" : missingCode;
  const isAccepted =
    isDone(response) || leadsOn(response) || (verdict === "unauthenticated" && showsWallet(response));
  return isAccepted || (code !== null && code !== expected) ? `a refusal as ${expected}` : null;
}

function otherFault(verdict: Verdict, { status, body }: HttpResponse): string | null {
  if (verdict === "allowed") return status < 400 ? null : "access";
  // next-auth answers what it doesn't accept with an empty session or a redirect to the sign-in page.
  if (verdict === "unauthentic")
    return status >= 300 || /^(?:null|\{"url":|)$/.test(body) ? null : "a refusal";
  return status >= 400 && status < 500 ? null : "a 4xx";
}

/**
 * The same for a bypass variant of a request: it may be refused in any way, but must not succeed. CORS preflights are for
 * everybody, and a redirect of a page is checked at the page that it leads to.
 */
export function findBypassFault(
  { kind }: Endpoint,
  { request, caller }: { request: HttpRequest; caller: Caller },
  response: HttpResponse,
): string | null {
  const { status } = response;
  const { method, headers } = request;
  // Next answers a malformed action call with 500: the fuzzing scenario checks those.
  const isMalformedCall = kind === "action" || method !== "GET" || headers["next-action"] !== undefined;
  if (status >= 500 && status !== 503 && !isMalformedCall) return "no server error";
  if (method === "OPTIONS" && status === 204) return null;
  // A variant's path may lead out of the API to a public page.
  if (kind === "call") return isSuccess(response) && !isOfType(response, "text/html") ? "a refusal" : null;
  // A form that was posted from the caller's own page is answered with that page.
  const isOwnForm = kind === "action" && caller.session !== undefined;
  if (showsWallet(response) && !isOwnForm) return "no page of the wallet";
  if (kind !== "action") return null;
  const isCanonical = status === 308 || status === 307;
  return isDone(response) || (leadsOn(response) && !isCanonical) ? "a refusal" : null;
}

/** The same for a cross-site request with the owner's cookie. */
export function findCrossSiteFault(
  _endpoint: Endpoint,
  _sent: unknown,
  response: HttpResponse,
): string | null {
  const isRefused = [400, 403].includes(response.status) || codeIn(response) === "forbidden_origin";
  return isRefused ? null : "a refusal because of its origin";
}

/** True if a response to a caller with access shows that the endpoint did its work; public ones needn't do anything. */
export function hasWorked(
  { kind, who, endsSession, refusedWith }: Endpoint,
  response: HttpResponse,
): boolean {
  if (who === "anyone" && !endsSession) return true;
  if (refusedWith !== null && response.body.includes(`"code":"${refusedWith}"`)) return true;
  if (kind !== "action") return response.status >= 200 && response.status < 400;
  return isDone(response) || leadsOn(response) || (endsSession && redirectOf(response) !== null);
}
