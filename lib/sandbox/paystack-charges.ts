import { randomBytes } from "node:crypto";
import { z } from "zod";
import { type Incoming, parseJson, type Reply } from "./http";
import {
  answerAfterAccepting,
  explainInvalid,
  kobo,
  newEntry,
  type PaystackOptions,
  refusalOf,
  scenarioOf,
} from "./paystack-call";
import { chargeData, isHidden, isPaystack, type PaystackEntry, refuse, worked } from "./paystack-shapes";
import type { Scenario } from "./scenario";

const webUrl = z.url({ protocol: /^https?$/ }).max(2048);

const initializeSchema = z.object({
  email: z.email().max(254),
  amount: kobo,
  currency: z.string().default("NGN"),
  reference: z
    .string()
    .regex(/^[A-Za-z0-9.=-]{1,64}$/)
    .optional(),
  callback_url: webUrl.optional(),
  channels: z.array(z.string().max(40)).max(20).optional(),
  metadata: z.union([z.looseObject({}), z.string().max(4096)]).optional(),
});

const metadataSchema = z.object({
  cancel_action: webUrl.optional().catch(undefined),
  locale: z.enum(["fr", "en"]).catch("en"),
  user_id: z.string().max(128).catch(""),
});

type Initialize = z.infer<typeof initializeSchema>;

function readMetadata(metadata: Initialize["metadata"]): z.infer<typeof metadataSchema> {
  const parsed = metadataSchema.safeParse(typeof metadata === "object" ? metadata : {});
  return parsed.success ? parsed.data : { locale: "en", user_id: "" };
}

function toCharge(request: Initialize, scenario: Scenario | null, options: PaystackOptions): PaystackEntry {
  const { cancel_action: cancelUrl, locale, user_id: userId } = readMetadata(request.metadata);
  const id = randomBytes(8).toString("hex");
  const channel = request.channels?.[0] ?? "card";
  const order = {
    id,
    reference: request.reference ?? id,
    amount: request.amount,
    userId,
    phone: "",
    method: channel,
  };
  const details = {
    email: request.email,
    channel,
    metadata: request.metadata ?? "",
    cancelUrl: cancelUrl ?? null,
    reason: null,
    recipient: null,
    hiddenUntil: null,
  };
  const entry = newEntry("collection", order, scenario, details, options.account.webhookUrl);
  return { ...entry, locale, returnUrl: request.callback_url ?? null };
}

/** POST /transaction/initialize. Null: accepted, and never answered. */
export function initialize(incoming: Incoming, options: PaystackOptions): Reply | null {
  const parsed = initializeSchema.safeParse(parseJson(incoming));
  if (!parsed.success) return explainInvalid(parsed.error);
  const request = parsed.data;
  if (request.currency !== "NGN") {
    return refuse(403, "unsupported_currency", "Currency not supported by merchant");
  }
  const known = request.reference === undefined ? null : options.book.find("collection", request.reference);
  if (known) {
    known.submissions += 1;
    options.book.save(known);
    return refuse(400, "duplicate_reference", "Duplicate Transaction Reference");
  }
  const { reference = "", amount } = request;
  const scenario = scenarioOf("collection", { reference, amount }, options);
  const refusal = refusalOf(scenario);
  if (refusal) return refusal;
  const entry = toCharge(request, scenario, options);
  options.book.save(entry);
  if (entry.approval !== null) options.settlement.settleLater(entry);
  const host =
    scenario?.answer === "foreign_page" ? "https://checkout.paystack.com.example.test" : incoming.base;
  const accepted = worked(200, "Authorization URL created", {
    authorization_url: `${host}/paystack/checkout/${entry.id}`,
    access_code: entry.id,
    reference: entry.reference,
  });
  return answerAfterAccepting(scenario, accepted);
}

/** GET /transaction/verify/:reference. */
export function verifyCharge(reference: string, { book }: PaystackOptions): Reply {
  const entry = book.find("collection", reference);
  if (!isPaystack(entry)) return refuse(400, "transaction_not_found", "Transaction reference not found.");
  return worked(200, "Verification successful", chargeData(entry, !isHidden(entry)));
}
