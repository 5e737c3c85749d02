import { ERROR_CODES, type ErrorCode } from "@/lib/errors";
import { ERROR_TABLE } from "@/lib/http/error-table";
import type { ApiCall } from "../define-call";
import type { ResponseObject } from "./document-shape";
import type { JsonSchema } from "./json-schema";

/** What can be done about a field, by `reason`. A test compares it with what the API's schemas refuse with. */
export const FIELD_REASON_SENTENCES = {
  required: "send it",
  unknown_field: "there is no field or query parameter of this name: leave it out, or correct its spelling",
  wrong_type: "send the JSON type that the schema names",
  not_an_integer: "send a whole number in digits: no text, fraction or exponent",
  unknown_value: "send one of the values that the schema lists",
  wrong_format: "send the form that the schema describes",
  not_positive: "send more than zero",
  too_small: "send the minimum or more",
  too_large: "send at most 1000000000000000 minor units",
  out_of_range: "send a value between the minimum and the maximum",
  too_long: "send the maximum length, or fewer items",
  not_one_line: "send one line without control characters",
  wallet_number_invalid: "check the 13 digits: the last one is a check digit",
  search_too_slow: "narrow the search with `from`, `to`, `type` or a longer `q`",
  pin_required: "send the wallet's PIN",
  pin_format: "send the PIN's 4 to 6 digits",
  pin_wrong: "send the right PIN; the next wrong ones lock it",
  permission_required: "send at least one permission",
} as const;

const FIELD_REASONS = `Among others: ${Object.entries(FIELD_REASON_SENTENCES)
  .map(([reason, sentence]) => `\`${reason}\` (${sentence})`)
  .join(", ")}.`;

/** Every error's body, as lib/http/define-route.ts writes it. */
export const ERROR_SCHEMA: JsonSchema = {
  type: "object",
  required: ["detail", "code", "request_id"],
  properties: {
    detail: { type: "string", description: "An English sentence for people. Don't parse it." },
    code: { type: "string", enum: [...ERROR_CODES], description: "What programs decide by." },
    request_id: { type: "string", description: "Quote it when you ask for help." },
    fields: {
      type: "array",
      description: "With `validation_failed`: which fields, and why.",
      items: {
        type: "object",
        required: ["field", "reason"],
        properties: {
          field: { type: "string" },
          reason: { type: "string", description: FIELD_REASONS, examples: ["required"] },
        },
      },
    },
  },
};

const REQUEST_ID = "01k9z3v7p2m8x4";
const REQUEST_ID_HEADER = { description: "As in the error's body.", schema: { type: "string" } };
const RETRY_AFTER_HEADER = {
  description: "Seconds to wait before the next try.",
  schema: { type: "integer", minimum: 1 },
};

/** Everything that a call can be refused with: what `mountCall` answers for every call like it, and what its verb throws. */
export function errorCodesOf(call: ApiCall): ErrorCode[] {
  const takesKeys = typeof call.access === "object";
  const fromFrame: [ErrorCode, boolean][] = [
    // A broken request line or two Host headers, too; the server in front answers these.
    ["malformed_body", true],
    ["uri_too_long", true],
    ["headers_too_large", true],
    ["unauthenticated", call.access !== "anyone"],
    ["permission_missing", takesKeys],
    // A segment that is no text at all names nothing.
    ["not_found", call.path.includes("{")],
    ["payload_too_large", call.body !== undefined],
    ["unsupported_media_type", call.body !== undefined],
    // A name in the query that the call doesn't have is one.
    ["validation_failed", true],
    ["rate_limited", true],
    ["internal", true],
    ["unavailable", true],
    ["outcome_unknown", call.method === "POST" || call.hasEffects === true],
  ];
  const frame = fromFrame.flatMap(([code, applies]) => (applies ? [code] : []));
  return [...new Set([...frame, ...call.errors])];
}

/** One response a status, with the codes that it may carry and an example of each. */
export function errorAnswers(
  codes: readonly ErrorCode[],
  permission = "read",
): Record<string, ResponseObject> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_TABLE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const statuses = [...byStatus].sort(([one], [other]) => one - other);
  return Object.fromEntries(
    statuses.map(([status, same]) => [String(status), errorAnswer(status, same, permission)]),
  );
}

function errorAnswer(status: number, codes: ErrorCode[], permission: string): ResponseObject {
  const sentences = codes.map((code) => detailOf(code, permission));
  return {
    description: sentences.join(" · "),
    headers: {
      "X-Request-Id": REQUEST_ID_HEADER,
      ...(status === 429 || status === 503 ? { "Retry-After": RETRY_AFTER_HEADER } : {}),
    },
    content: {
      "application/json": {
        schema: {
          allOf: [{ $ref: "#/components/schemas/Error" }, { properties: { code: { enum: codes } } }],
        },
        examples: Object.fromEntries(codes.map((code) => [code, exampleOf(code, permission)])),
      },
    },
  };
}

function exampleOf(code: ErrorCode, permission: string): { summary: string; value: unknown } {
  const detail = detailOf(code, permission);
  const fields = code === "validation_failed" ? { fields: [{ field: "amount", reason: "required" }] } : {};
  return { summary: detail, value: { detail, code, request_id: REQUEST_ID, ...fields } };
}

function detailOf(code: ErrorCode, permission: string): string {
  return ERROR_TABLE[code].detail.replace("{permission}", permission);
}
