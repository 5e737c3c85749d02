/** Deeper than any callback needs, shallow enough for recursion over it. */
const DEPTH_MAX = 16;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/gs;

interface Frame {
  keys: Set<string> | null;
  expectsKey: boolean;
  key: string | null;
}

export interface SignedDocument {
  body: Record<string, unknown>;
  /** The exact text of the top-level `data` object. */
  rawData: string;
  data: Record<string, unknown>;
}

function openFrame(token: "{" | "["): Frame {
  return token === "{"
    ? { keys: new Set(), expectsKey: true, key: null }
    : { keys: null, expectsKey: false, key: null };
}

/** False for a key that its object already has: two parsers could each read another value. */
function takeKey(frame: Frame, token: string): boolean {
  const key: unknown = JSON.parse(token);
  if (typeof key !== "string" || frame.keys?.has(key)) return false;
  frame.keys?.add(key);
  frame.key = key;
  frame.expectsKey = false;
  return true;
}

/** Where the top-level `data` lies in `text`, which is JSON. Null for a repeated key or nesting beyond {@link DEPTH_MAX}. */
function scan(text: string): { start: number; end: number } | null {
  const frames: Frame[] = [];
  const span = { start: 0, end: 0 };
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const top = frames.at(-1);
    if (token === "{" || token === "[") {
      if (frames.length === DEPTH_MAX) return null;
      if (frames.length === 1 && top?.key === "data") span.start = index;
      frames.push(openFrame(token));
    } else if (token === "}" || token === "]") {
      frames.pop();
      if (frames.length === 1 && frames[0]?.key === "data") span.end = index + 1;
    } else if (token === ",") {
      if (top?.keys) top.expectsKey = true;
    } else if (top?.expectsKey && !takeKey(top, token)) {
      return null;
    }
  }
  return span;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Null unless `text` is a JSON object with an object `data`, no key twice anywhere, and bounded nesting. */
export function readSignedDocument(text: string): SignedDocument | null {
  try {
    // Before the scan: JSON.parse bears any depth, and on text that isn't JSON the scan could take quadratic time.
    const body: unknown = JSON.parse(text);
    if (!isObject(body) || !isObject(body.data)) return null;
    const span = scan(text);
    if (span === null) return null;
    return { body, data: body.data, rawData: text.slice(span.start, span.end) };
  } catch {
    return null;
  }
}

function escapeNonAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** As Python's `json.dumps(value, sort_keys=sortKeys)` writes it: `", "`, `": "`, ASCII only. */
export function pythonJson(value: unknown, sortKeys: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => pythonJson(item, sortKeys)).join(", ")}]`;
  if (!isObject(value)) return escapeNonAscii(JSON.stringify(value));
  const keys = sortKeys ? Object.keys(value).sort() : Object.keys(value);
  const members = keys.map(
    (key) => `${escapeNonAscii(JSON.stringify(key))}: ${pythonJson(value[key], sortKeys)}`,
  );
  return `{${members.join(", ")}}`;
}
