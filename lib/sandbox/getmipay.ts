import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { isLoopbackUrl } from "@/lib/loopback";
import type { Book, BookEntry } from "./book";
import { isPublic } from "./getmipay-public-shapes";
import { type Incoming, isSame, json, parseJson, type Reply } from "./http";
import type { EntryKind, Scenario } from "./scenario";
import { findScenario, matchScenario } from "./scenarios";
import type { Settlement } from "./settlement";

export interface GetMiPayKeys {
  apiKey: string;
  secretKey: string;
  webhookSecret: string;
}

export interface GetMiPayOptions {
  keys: GetMiPayKeys;
  book: Book;
  settlement: Settlement;
  /** Where webhooks go when a request names no address on this machine. */
  webhookUrl: string | null;
  /** Scenarios set by `/_scenario`, by reference; null switches one off. */
  scenarios: Map<string, string | null>;
}

const webUrl = z.url({ protocol: /^https?$/ }).max(2048);

// Exactly the seed's four fields are required; the others are what the adapter adds.
const initiateSchema = z.object({
  user_id: z.string().min(1).max(128),
  amount: z.number().int().min(100).max(2_000_000),
  phone: z.string().regex(/^\+[1-9][0-9]{7,14}$/),
  method: z.enum(["wave", "orange_money", "moov_money", "mtn_money", "visa"]),
  reference: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional(),
  currency: z.literal("XOF").default("XOF"),
  callback_url: webUrl.optional(),
  return_url: webUrl.optional(),
  locale: z.enum(["fr", "en"]).default("fr"),
});

type Initiate = z.infer<typeof initiateSchema>;

function refuse(status: number, code: string, message: string): Reply {
  return json(status, { success: false, code, message });
}

function isAuthentic(incoming: Incoming, keys: GetMiPayKeys): boolean {
  const expected = createHmac("sha256", keys.secretKey).update(incoming.rawBody).digest("hex");
  const isSigned = isSame(incoming.headers.get("x-signature") ?? "", expected);
  return isSame(incoming.headers.get("authorization") ?? "", `Bearer ${keys.apiKey}`) && isSigned;
}

function newId(kind: EntryKind): string {
  return `${kind === "payout" ? "gmp_pay" : "gmp_txn"}_${randomBytes(9).toString("hex")}`;
}

function toEntry(
  kind: EntryKind,
  request: Initiate,
  callbackUrl: string,
  scenario: Scenario | null,
): BookEntry {
  const id = newId(kind);
  const now = new Date().toISOString();
  return {
    kind,
    id,
    reference: request.reference ?? id,
    userId: request.user_id,
    amount: request.amount,
    currency: request.currency,
    phone: request.phone,
    method: request.method,
    callbackUrl,
    returnUrl: request.return_url ?? null,
    locale: request.locale,
    scenario: scenario?.code ?? null,
    state: "pending",
    approval: kind === "payout" || scenario?.paysByItself ? "confirmed" : null,
    stepsDone: 0,
    timesPaid: 0,
    paidAmount: null,
    paidCurrency: null,
    submissions: 1,
    createdAt: now,
    changedAt: now,
    webhooks: [],
  };
}

function accepted(entry: BookEntry, base: string): Reply {
  return entry.kind === "payout"
    ? json(201, { success: true, payout_id: entry.id })
    : json(201, {
        success: true,
        transaction_id: entry.id,
        payment_url: `${base}/pay/${entry.id}?lang=${entry.locale}`,
      });
}

/** Idempotent by reference: a second request gets the first one's id, or 409 when it differs. */
function repeat(entry: BookEntry, request: Initiate, book: Book, base: string): Reply {
  const isTheSame =
    entry.amount === request.amount && entry.phone === request.phone && entry.method === request.method;
  if (!isTheSame) return refuse(409, "duplicate_reference", "This reference was used for something else");
  entry.submissions += 1;
  book.save(entry);
  return accepted(entry, base);
}

function answerAfterAccepting(entry: BookEntry, scenario: Scenario | null, base: string): Reply | null {
  switch (scenario?.answer) {
    case "error_after":
      return refuse(500, "internal_error", "Internal error");
    case "silence_after":
      return null;
    case "garbage_after":
      return { status: 201, headers: { "content-type": "text/html" }, body: "<html>Created</html>" };
    case "foreign_page":
      return json(201, {
        success: true,
        transaction_id: entry.id,
        payment_url: `https://getmipay.com.example.test/pay/${entry.id}`,
      });
    default:
      return accepted(entry, base);
  }
}

function explainInvalid(error: z.ZodError): Reply {
  const field = String(error.issues[0]?.path[0] ?? "body");
  return field === "phone"
    ? refuse(400, "invalid_phone", "Invalid phone number")
    : refuse(400, `invalid_${field}`, `Invalid ${field}`);
}

/** POST /v1/payments/initiate or /v1/payouts/initiate, as the seed has them. Null: accepted, and never answered. */
export async function initiate(
  kind: EntryKind,
  incoming: Incoming,
  options: GetMiPayOptions,
): Promise<Reply | null> {
  const { book, settlement } = options;
  if (!isAuthentic(incoming, options.keys)) return refuse(401, "unauthorized", "Invalid key or signature");
  const parsed = initiateSchema.safeParse(parseJson(incoming));
  if (!parsed.success) return explainInvalid(parsed.error);
  const request = parsed.data;
  if (kind === "payout" && request.method === "visa") return refuse(400, "invalid_method", "Invalid method");
  const known = request.reference === undefined ? null : book.find(kind, request.reference);
  if (known && !isPublic(known)) return repeat(known, request, book, incoming.base);

  const named = options.scenarios.get(request.reference ?? "");
  const scenario = named === undefined ? matchScenario({ kind, ...request }) : findScenario(named);
  if (typeof scenario?.answer === "object") {
    return refuse(scenario.answer.status, scenario.answer.code, scenario.answer.message);
  }
  if (scenario?.answer === "error_before") return refuse(500, "internal_error", "Internal error");

  const isLocal = request.callback_url !== undefined && isLoopbackUrl(request.callback_url);
  const callbackUrl = isLocal ? request.callback_url : options.webhookUrl;
  if (!callbackUrl) return refuse(400, "invalid_callback_url", "Webhooks only go to this machine");

  const entry = toEntry(kind, request, callbackUrl, scenario);
  book.save(entry);
  if (scenario?.answer === "webhook_first") await settlement.settle(entry);
  else if (entry.approval !== null) settlement.settleLater(entry);
  return answerAfterAccepting(entry, scenario, incoming.base);
}
