import { isDeepStrictEqual } from "node:util";
import type { ApiCall } from "@/lib/api/define-call";
import { errorCodesOf } from "@/lib/api/docs/error-answers";

/**
 * Compares an answer of a call with its documentation: status, every property and no other, the error's code.
 * Throws an Error that says what differs.
 */
export async function requireDocumented(call: ApiCall, answer: Response): Promise<void> {
  const difference = await findDifference(call, answer);
  if (difference !== null) {
    throw new Error(`${call.method} ${call.path} isn't as documented: ${difference}`);
  }
}

async function findDifference(
  { answer: documented, ...call }: ApiCall,
  answer: Response,
): Promise<string | null> {
  const text = await answer.text();
  if (answer.status >= 400) {
    const { code } = JSON.parse(text) as { code: string };
    const isKnown = errorCodesOf({ ...call, answer: documented }).some((known) => known === code);
    return isKnown ? null : `it was refused with ${code} (${answer.status}), which isn't among its errors`;
  }
  if (answer.status !== documented.status)
    return `it answered ${answer.status} instead of ${documented.status}`;
  const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
  if (documented.fileTypes?.includes(type)) return null;
  if (documented.schema === undefined) return text === "" ? null : "it has a body";
  const body: unknown = JSON.parse(text);
  const read = documented.schema.safeParse(body);
  if (!read.success)
    return read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  return isDeepStrictEqual(read.data, body) ? null : "it has properties that its schema doesn't name";
}
