import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { isLoopbackUrl } from "@/lib/loopback";
import type { GetMiPayKeys, GetMiPayOptions } from "./getmipay";
import { accepted, isPublic, type PublicEntry, refuse, stateOf, worked } from "./getmipay-public-shapes";
import { findService, type PublicService } from "./getmipay-services";
import { type Handler, type Incoming, isSame, parseJson, type Reply } from "./http";
import type { EntryKind, Scenario } from "./scenario";
import { findScenario, matchScenario } from "./scenarios";

const TOKEN_LIFETIME_MS = 24 * 60 * 60_000;

/** The documented body of /payins and /payouts. No field takes the merchant's own reference. */
const orderSchema = z.object({
  amount: z.number().int().min(100).max(1_000_000),
  currency: z.literal("XOF"),
  wallet: z.string().regex(/^[1-9][0-9]{7,14}$/),
  description: z.string().min(1).max(255),
  customer_name: z.string().min(1).max(255),
  customer_email: z.email().max(255).optional(),
  callback_url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .refine(isLoopbackUrl)
    .optional(),
});

type Order = z.infer<typeof orderSchema>;

const checkSchema = z.object({ order_id: z.string().max(64), pay_id: z.string().max(64) });

/** Signed with the private key, so that it is still valid after a restart. */
function tokenUntil(expiresAt: number, keys: GetMiPayKeys): string {
  return `${expiresAt}.${createHmac("sha256", keys.secretKey).update(String(expiresAt)).digest("hex")}`;
}

/** POST /action/auth. */
function authenticate(incoming: Incoming, keys: GetMiPayKeys): Reply {
  const pair = z.object({ public_apikey: z.string(), private_secretkey: z.string() });
  const { success, data } = pair.safeParse(parseJson(incoming));
  const isKnown =
    success && isSame(data.public_apikey, keys.apiKey) && isSame(data.private_secretkey, keys.secretKey);
  if (!isKnown) return refuse(401, "Invalid API keys");
  const expiresAt = Date.now() + TOKEN_LIFETIME_MS;
  return worked({
    token: tokenUntil(expiresAt, keys),
    expires_at: new Date(expiresAt).toISOString(),
    token_type: "bearer",
  });
}

function isAuthentic(incoming: Incoming, keys: GetMiPayKeys): boolean {
  const header = incoming.headers.get("authorization") ?? "";
  const expiresAt = Number(/^Bearer ([0-9]{13})\./.exec(header)?.[1] ?? 0);
  return isSame(header, `Bearer ${tokenUntil(expiresAt, keys)}`) && expiresAt > Date.now();
}

/** The merchant's reference, found in the description: only `/_book` and `/_scenario` use it. */
function referenceIn(description: string): string | null {
  return /\bTXN-[A-Z0-9]{1,32}\b/.exec(description)?.[0] ?? null;
}

/** What is wrong with a call's headers; null when nothing is. */
function objection(kind: EntryKind, incoming: Incoming, service: PublicService | null): Reply | null {
  const operation = kind === "payout" ? "4" : "2";
  if (incoming.headers.get("operation") !== operation) return refuse(400, "The operation header is invalid");
  if (!service) return refuse(422, "The service header is invalid");
  const hasCode = /^\S{1,8}$/.test(incoming.headers.get("otp") ?? "");
  return kind === "collection" && service.needsCode && !hasCode
    ? refuse(422, "The otp header is required for this service")
    : null;
}

/** A scenario's refusal; this dialect has neither 402 nor codes. */
function refusalOf(scenario: Scenario | null): Reply | null {
  const answer = scenario?.answer;
  if (typeof answer === "object") return refuse(answer.status === 402 ? 422 : answer.status, answer.message);
  return answer === "error_before" ? refuse(500, "Server Error") : null;
}

function toEntry(
  kind: EntryKind,
  order: Order,
  service: PublicService,
  scenario: Scenario | null,
  webhookUrl: string | null,
): PublicEntry {
  const { id: serviceId, name: serviceName, needsCode = false, hasPage = false } = service;
  const id = `${kind === "payout" ? "MPAYOUT" : "MPAYIN"}_${randomBytes(6).toString("hex").toUpperCase()}`;
  const now = new Date().toISOString();
  const isSettledAlone = kind === "payout" || !hasPage || scenario?.paysByItself === true;
  return {
    ...{ kind, id, reference: referenceIn(order.description) ?? id, userId: "" },
    ...{ amount: order.amount, currency: order.currency, phone: `+${order.wallet}`, method: service.method },
    // A payout has no callback address of its own: only the one of the merchant's account is called.
    callbackUrl: (kind === "payout" ? undefined : order.callback_url) ?? webhookUrl ?? "",
    ...{ returnUrl: null, locale: "fr", scenario: scenario?.code ?? null, state: "pending" },
    approval: isSettledAlone ? "confirmed" : null,
    ...{ stepsDone: 0, timesPaid: 0, paidAmount: null, paidCurrency: null, submissions: 1 },
    ...{ createdAt: now, changedAt: now, webhooks: [] },
    getmipayPublic: {
      payId: `MLS${randomBytes(7).toString("hex")}`,
      service: serviceId,
      serviceName,
      needsCode,
      hasPage,
    },
  };
}

function pageUrlOf(entry: PublicEntry, scenario: Scenario | null, base: string): string | null {
  if (scenario?.answer === "foreign_page") return `https://getmipay.com.example.test/pay/${entry.id}`;
  return entry.getmipayPublic.hasPage ? `${base}/pay/${entry.id}?lang=${entry.locale}` : null;
}

function answerAfterAccepting(scenario: Scenario | null, yes: Reply): Reply | null {
  switch (scenario?.answer) {
    case "error_after":
      return refuse(500, "Server Error");
    case "silence_after":
      return null;
    case "garbage_after":
      return { status: 200, headers: { "content-type": "text/html" }, body: "<html>OK</html>" };
    default:
      return yes;
  }
}

/** POST /payins or /payouts. Nothing is idempotent: a call made twice is carried out twice. Null: accepted, and never answered. */
async function place(kind: EntryKind, incoming: Incoming, options: GetMiPayOptions): Promise<Reply | null> {
  const service = findService(incoming.headers.get("service") ?? "");
  const refused = objection(kind, incoming, service);
  if (refused || !service) return refused;
  const parsed = orderSchema.safeParse(parseJson(incoming));
  if (!parsed.success) {
    return refuse(422, `The ${String(parsed.error.issues[0]?.path[0] ?? "body")} field is invalid`);
  }
  const order = parsed.data;
  if (!order.wallet.startsWith(service.callingCode)) return refuse(422, "The wallet field is invalid");

  const named = options.scenarios.get(referenceIn(order.description) ?? "");
  const match = { kind, amount: order.amount, phone: `+${order.wallet}` };
  const scenario = named === undefined ? matchScenario(match) : findScenario(named);
  const refusal = refusalOf(scenario);
  if (refusal) return refusal;

  const entry = toEntry(kind, order, service, scenario, options.webhookUrl);
  options.book.save(entry);
  const yes = accepted(entry, pageUrlOf(entry, scenario, incoming.base));
  if (scenario?.answer === "webhook_first") await options.settlement.settle(entry);
  else if (entry.approval !== null) options.settlement.settleLater(entry);
  return answerAfterAccepting(scenario, yes);
}

/** POST /transaction-check, by both names; the first one twice will do. */
function check(incoming: Incoming, { book }: GetMiPayOptions): Reply {
  const parsed = checkSchema.safeParse(parseJson(incoming));
  if (!parsed.success) return refuse(422, "The order_id and pay_id fields are required");
  const { order_id: orderId, pay_id: payId } = parsed.data;
  const entry = book.findById(orderId);
  const isKnown = isPublic(entry) && (payId === entry.getmipayPublic.payId || payId === orderId);
  return isKnown ? worked(stateOf(entry)) : refuse(404, "Transaction not found");
}

/** Simulates GetMiPay's public dialect below /api/v1, beside the seed's and in the same book. */
export function createPublicGetMiPay(options: GetMiPayOptions): Handler {
  return (incoming) => {
    const route = `${incoming.method} ${incoming.url.pathname.slice("/api/v1".length)}`;
    if (route === "POST /action/auth") return authenticate(incoming, options.keys);
    if (!isAuthentic(incoming, options.keys)) return refuse(401, "Unauthenticated");
    if (route === "POST /payins") return place("collection", incoming, options);
    if (route === "POST /payouts") return place("payout", incoming, options);
    if (route === "POST /transaction-check") return check(incoming, options);
    return refuse(404, "Not found");
  };
}
