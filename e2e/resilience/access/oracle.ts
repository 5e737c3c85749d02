import type { Answered, Asked } from "./ask";
import type { Caller, Who } from "./callers";
import type { Door } from "./find-endpoints";

/** How a caller has to be answered at a door. */
export type Verdict =
  /** Let in, and shown what is `as`'s; null where it doesn't matter who asks. */
  | { kind: "in"; as: Who | null }
  | { kind: "unauthenticated" }
  | { kind: "forbidden" }
  /** What is somebody else's is answered as what doesn't exist. */
  | { kind: "not found" }
  | { kind: "unproven" }
  | { kind: "missing" };

/** Who a caller is to this door: pages and actions know sessions, the JSON API tokens and keys. */
function identityAt(door: Door, caller: Caller): Who | null {
  if (door.kind !== "call") return caller.session ?? null;
  if (caller.token !== undefined) return caller.token;
  return caller.key?.who ?? null;
}

/** What the tables promise. */
export function verdictFor(door: Door, caller: Caller): Verdict {
  if (door.who === "missing") return { kind: "missing" };
  if (door.who === "proof") return { kind: "unproven" };
  const who = identityAt(door, caller);
  if (door.who === "anyone") return { kind: "in", as: who };
  if (who === null) return { kind: "unauthenticated" };
  if (door.kind === "call" && caller.token === undefined) {
    if (door.who === "person") return { kind: "unauthenticated" };
    if (!caller.key?.permissions.includes(door.who.permission)) return { kind: "forbidden" };
  }
  if (door.names === "nobody" || (door.names === "owner" && who !== "owner")) return { kind: "not found" };
  return { kind: "in", as: who };
}

/** The link to the account, in every page of the wallet's own area and no other; never the one to the other language. */
const INSIDE = /wallet\/settings\\?"(?![\s,\\"]*hrefLang)/i;
const SIGN_IN = /^(?:https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?)?(?:\/en)?\/sign-in(?:$|\?)/;

/** True for an answer that shows a page of the wallet's. */
export function showsInside({ status, body }: Answered): boolean {
  return status >= 200 && status < 300 && INSIDE.test(body);
}

const leadsToSignIn = ({ status, headers }: Answered) =>
  [302, 303, 307].includes(status) && SIGN_IN.test(headers.location ?? "");

/** The code of an action's state, in React's data. */
const codeIn = ({ body }: Answered) => /"ok":false,"code":"([a-z_]+)"/.exec(body)?.[1] ?? null;
const isDone = ({ body }: Answered) => /"ok":true/.test(body);

/** Where an action leads when it is done. */
function redirectOf({ status, headers }: Answered): string | null {
  const header = headers["x-action-redirect"];
  if (typeof header === "string") return header.replace(/;(?:push|replace)$/, "");
  return status >= 300 && status < 400 ? (headers.location ?? null) : null;
}

/** Null when `answer` is what `verdict` promises, else what was promised. */
export function findFault(door: Door, verdict: Verdict, answer: Answered): string | null {
  const { status } = answer;
  if (status >= 500 && !(door.kind === "call" && status === 503)) return "no error of ours";
  switch (door.kind) {
    case "page":
      return pageFault(door, verdict, answer);
    case "call":
      return callFault(verdict, answer);
    case "action":
      return actionFault(verdict, answer);
    case "other":
      return otherFault(verdict, answer);
  }
}

function pageFault(door: Door, verdict: Verdict, answer: Answered): string | null {
  const { status, headers } = answer;
  switch (verdict.kind) {
    case "in": {
      if (door.who === "anyone") return status < 400 && !showsInside(answer) ? null : "a public page";
      const isEvents = headers["content-type"]?.startsWith("text/event-stream") === true;
      return status === 200 && (isEvents || showsInside(answer)) ? null : "the page";
    }
    case "unauthenticated":
      return leadsToSignIn(answer) || status === 401 ? null : "off to the sign-in page, or 401";
    default:
      return status === 404 && !showsInside(answer) ? null : "404";
  }
}

const CALL_STATUS = { unauthenticated: 401, forbidden: 403, "not found": 404, missing: 404 } as const;

function callFault(verdict: Verdict, { status, body }: Answered): string | null {
  switch (verdict.kind) {
    case "in":
      return [401, 403, 404].includes(status) ? "let in" : null;
    case "unproven":
      return status >= 400 && status < 500 ? null : "refused without a proof";
    default: {
      const expected = CALL_STATUS[verdict.kind];
      return status === expected && /"request_id":/.test(body) ? null : `${expected} in JSON`;
    }
  }
}

const REFUSALS = new Set(["unauthenticated", "forbidden_origin", "not_found", "internal"]);

function actionFault(verdict: Verdict, answer: Answered): string | null {
  const code = codeIn(answer);
  const redirect = redirectOf(answer);
  const isAway = redirect !== null && !SIGN_IN.test(redirect);
  switch (verdict.kind) {
    case "in":
      return code !== null && REFUSALS.has(code) ? "let in" : null;
    case "unauthenticated": {
      if (isDone(answer) || isAway || showsInside(answer)) return "refused as signed out";
      return code === null || code === "unauthenticated" ? null : "the code unauthenticated";
    }
    default: {
      if (isDone(answer) || isAway) return "refused as what doesn't exist";
      return code === null || code === "not_found" ? null : "the code not_found";
    }
  }
}

function otherFault(verdict: Verdict, { status, body }: Answered): string | null {
  switch (verdict.kind) {
    case "in":
      return status < 400 ? null : "let in";
    case "unproven":
      // next-auth answers what it doesn't take with an empty session, or on the way back to the sign-in page.
      return status >= 300 || /^(?:null|\{"url":|)$/.test(body) ? null : "refused without a proof";
    default:
      return status >= 400 && status < 500 ? null : "nothing there";
  }
}

/**
 * The same for a request that was bent: it may be refused in another way, but never be answered with more. Preflights are
 * for everybody, and where a page leads to is judged where it leads.
 */
export function findBentFault(
  door: Door,
  { asked, caller }: { asked: Asked; caller: Caller },
  answer: Answered,
): string | null {
  const { status } = answer;
  const { method } = asked;
  // Next refuses with a 500 what it can't read as an action's call: the proof of bad requests looks at those.
  const isUnread = door.kind === "action" || method !== "GET" || asked.headers["next-action"] !== undefined;
  if (status >= 500 && status !== 503 && !isUnread) return "no error of ours";
  if (method === "OPTIONS" && status === 204) return null;
  const isGood = status >= 200 && status < 300;
  if (door.kind === "call") return isGood && !isOwnPage(answer) ? "refused in some way" : null;
  // Who posts a form from a page of their own is shown that page again.
  const mayBeInside = door.kind === "action" && caller.session !== undefined;
  if (showsInside(answer) && !mayBeInside) return "nothing of the wallet";
  if (door.kind !== "action") return null;
  const redirect = redirectOf(answer);
  const isCanonical = status === 308 || status === 307;
  const isAway = redirect !== null && !SIGN_IN.test(redirect) && !isCanonical;
  return isDone(answer) || isAway ? "refused in some way" : null;
}

/** A public page, at an address that was bent out of the API. */
function isOwnPage({ headers }: Answered): boolean {
  return headers["content-type"]?.startsWith("text/html") === true;
}

/** Whether an answer to whom a door is for shows that it opens at all; what anybody may use needn't do anything. */
export function isOpened(door: Door, answer: Answered): boolean {
  if (door.who === "anyone" && !door.ends) return true;
  if (door.kind === "action") {
    const redirect = redirectOf(answer);
    return isDone(answer) || (redirect !== null && (door.ends || !SIGN_IN.test(redirect)));
  }
  return answer.status >= 200 && answer.status < 400;
}

/** An answer without what differs from one to the next anyway, and without the ids that it was asked with. */
export function comparable({ status, body, headers }: Answered, ids: readonly string[]): string {
  const nonce = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"] ?? ""))?.[1];
  const names = [...ids, ...(nonce === undefined ? [] : [nonce])].filter((id) => id !== "");
  const plain = names.reduce((text, id) => text.replaceAll(id, "·"), body);
  return `${status} ${plain.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "·")}`;
}

/** The same for an action that somebody else's page sent with the owner's cookie. */
export function findForeignFault(_door: Door, _request: unknown, answer: Answered): string | null {
  const code = codeIn(answer);
  return answer.status === 403 || answer.status === 400 || code === "forbidden_origin"
    ? null
    : "refused for where it comes from";
}
