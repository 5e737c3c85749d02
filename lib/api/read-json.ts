import { DomainError } from "@/lib/errors";

// A string (and whether a colon makes it a name), or a number: strings are skipped whole, so that digits inside them stay.
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g;
const PLAIN_INTEGER = /^-?(?:0|[1-9]\d{0,15})$/;
/** Stands for a number that isn't one of ours: no schema takes an object with this name. */
const NOT_AN_INTEGER = '{"not a plain integer":true}';

/**
 * JSON whose numbers are plain integers of at most 16 digits, and whose names stand once: `5e5` and `1.0` arrive as
 * something that no schema takes instead of what JSON.parse makes of them. Throws `malformed_body`, for a name that
 * stands twice too: nobody can know which of two amounts was meant.
 */
export function readJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const parsed: unknown = JSON.parse(text);
    let names = 0;
    const marked = text.replace(STRING_OR_NUMBER, (token: string, colon?: string) => {
      if (colon !== undefined) names += 1;
      return token.startsWith('"') || PLAIN_INTEGER.test(token) ? token : NOT_AN_INTEGER;
    });
    if (names !== countNames(parsed)) throw new DomainError("malformed_body");
    return marked === text ? parsed : JSON.parse(marked);
  } catch {
    throw new DomainError("malformed_body");
  }
}

/** How many names the objects within have; without recursion, since a body may nest a hundred thousand deep. */
function countNames(parsed: unknown): number {
  const waiting: unknown[] = [parsed];
  let names = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) names += Object.keys(value).length;
    for (const inner of Object.values(value)) waiting.push(inner);
  }
  return names;
}
