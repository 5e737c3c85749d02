import { DomainError } from "@/lib/errors";

// A string, or a number: strings are skipped whole, so that digits inside them stay.
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const PLAIN_INTEGER = /^-?(?:0|[1-9]\d{0,15})$/;

/**
 * JSON whose numbers are plain integers: `5e5`, `1.0` and anything longer than 16 digits arrive as text, so that a schema
 * that wants an integer refuses them instead of reading what JSON.parse made of them. Throws `malformed_body`.
 */
export function readJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const parsed: unknown = JSON.parse(text);
    const marked = text.replace(STRING_OR_NUMBER, (token) =>
      token.startsWith('"') || PLAIN_INTEGER.test(token) ? token : JSON.stringify(token),
    );
    return marked === text ? parsed : JSON.parse(marked);
  } catch {
    throw new DomainError("malformed_body");
  }
}
