const API_PATH = /^\/(?:api|webhook)(?:\/|$)/;
/** Escapes that RFC 3986 §6.2.2.2 calls needless, and those of a slash and a backslash. */
const NEEDLESS_ESCAPE = /%(?:2[def]|3[0-9]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i;
/** The last part of a path with an extension: no page of ours has one. */
const FILE_NAME = /\.[a-z0-9]{2,11}\/*$/i;
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;

/** The path of a request target in absolute form (RFC 9112 §3.2.2); a target without a leading slash gets one. */
export function originForm(target = "/"): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, "");
  return path.startsWith("/") ? path : `/${path}`;
}

/**
 * False for a target with a broken escape, which Next would answer with a 500, and for one with a fragment, which RFC 9112 §3.2
 * forbids: some readers cut it off, and find a call behind it that the table in front does not.
 */
export function isReadableTarget(target: string): boolean {
  if (target.includes("#")) return false;
  try {
    decodeURIComponent(target.split("?", 1)[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

/** True for a path of the API or of a webhook, in whatever spelling. */
export function isApiPath(path: string): boolean {
  return API_PATH.test(path) || API_PATH.test(plainPath(path));
}

/**
 * True for a path of the API in another spelling than ours: `//api/x`, `/api/./x`, `/%61pi/x`. Next would find the same call behind
 * it, with counters of its own.
 */
export function isOddApiPath(path: string): boolean {
  const isOdd = /\/\/|\\/.test(path) || DOT_SEGMENT.test(path) || NEEDLESS_ESCAPE.test(path);
  return isOdd && isApiPath(path);
}

/** True for a path of a file or of Next's own: no form leads there, and Next answers a post to one with a 500 or with the file. */
export function isFilePath(path: string): boolean {
  const plain = plainPath(path);
  return !API_PATH.test(plain) && (/^\/_next(?:\/|$)/.test(plain) || FILE_NAME.test(plain));
}

/** The path that a lenient reader makes of one: decoded, with single slashes and without dot segments. */
function plainPath(path: string): string {
  const slashed = decoded(path).replace(/[\\/]+/g, "/");
  const parts: string[] = [];
  for (const part of slashed.split("/").slice(1)) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
