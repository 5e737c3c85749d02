import type { IncomingMessage } from "node:http";
import { FORM_NAME_FIELD, FORM_OWNER_FIELD, keptFields } from "@/lib/form-fields";
import { draftCookie, pageAddress } from "@/lib/http/form-draft";
import { type Refusal, refusalOf } from "./refusal";

/**
 * The answer to a form of another build, whose action this one doesn't have: its page again, where what was typed is filled in
 * again. A script, which can't follow a redirect to its own page, gets Next's answer with the draft, and reloads.
 */
export async function answerUnknownAction(
  request: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
): Promise<Refusal> {
  const isScript = request.headers["next-action"] !== undefined;
  const draft = await draftOf(request, body);
  if (isScript) return { status: 409, headers: draft, body: "" };
  if (draft["set-cookie"] === undefined) return refusalOf(request, 409);
  const location = pageAddress(request.url ?? "/");
  return { status: 303, headers: { ...draft, location, "content-type": "text/plain" }, body: "" };
}

async function draftOf(
  request: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
): Promise<Record<string, string>> {
  const fields = await fieldsOf(body, request.headers["content-type"] ?? "");
  const form = fields.get(FORM_NAME_FIELD);
  if (form === undefined) return {};
  const cookie = draftCookie({
    form,
    path: pageAddress(pathWithoutLanguage(request.url ?? "/")),
    owner: fields.get(FORM_OWNER_FIELD) ?? "",
    reason: "version",
    values: keptFields(fields),
  });
  return cookie === null ? {} : { "set-cookie": cookie };
}

/** The text fields of a form, by name: without React's own, and without the number that a script's call puts before each. */
async function fieldsOf(body: Uint8Array<ArrayBuffer>, contentType: string): Promise<Map<string, string>> {
  const fields = new Map<string, string>();
  try {
    const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
    for (const [name, value] of form) {
      if (typeof value === "string" && !name.startsWith("$")) fields.set(name.replace(/^_?\d+_/, ""), value);
    }
  } catch {
    // No form: then nothing was typed.
  }
  return fields;
}

function pathWithoutLanguage(url: string): string {
  return url.replace(/^\/(?:fr|en)(?=[/?]|$)/, "").replace(/^(?!\/)/, "/");
}
