// Bodies of webhooks, which the OpenAPI document doesn't describe, from the fixtures of the providers' tests.
import { createHmac } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Random } from "../random";
import { ROOT } from "../read-build";
import type { Draft } from "./draft";
import type { World } from "./world";

const UNKNOWN_REFERENCE = "TXN-222222222222";

/** By their row in the table of calls. */
const WEBHOOKS = {
  "POST /webhook/getmipay": {
    header: "x-signature",
    digest: "sha256",
    secret: "GETMIPAY_WEBHOOK_SECRET",
    fixtures: ["getmipay/fixtures/payment-completed.json", "getmipay/fixtures/payout-failed.json"],
    events: "payment.completed payment.failed payment.dispute payout.completed payout.failed payout.reversed",
  },
  "POST /api/wallet/paystack/webhook": {
    header: "x-paystack-signature",
    digest: "sha512",
    secret: "PAYSTACK_SECRET_KEY",
    fixtures: ["paystack/fixtures/charge-success.json", "paystack/fixtures/transfer-success.json"],
    events: "charge.success charge.dispute.create transfer.success transfer.failed transfer.reversed",
  },
} as const;

export type WebhookRow = keyof typeof WEBHOOKS;
export const isWebhook = (row: string): row is WebhookRow => row in WEBHOOKS;

/** A body about a payment of an attacker, or about one that doesn't exist. */
export function drawWebhook(world: World, row: WebhookRow, random: Random): Record<string, unknown> {
  const { fixtures, events } = WEBHOOKS[row];
  const text = fs.readFileSync(path.join(ROOT, "lib/providers", random.pick(fixtures)), "utf8");
  const { data, ...envelope } = JSON.parse(text) as { data: object };
  const known = random.chance(0.5) ? world.attacker(random).reference : UNKNOWN_REFERENCE;
  const reference = random.pick([known, `${known.toLowerCase()}-payout`]);
  // Never an amount that selects a scenario of the sandbox.
  const amount = random.int(3, 99) * 10;
  return { ...envelope, event: random.pick(events.split(" ")), data: { ...data, reference, amount } };
}

/** Signs most bodies after they were mutated, so that they pass the check of the signature. */
export function signerOf({ deployment }: World, row: WebhookRow, random: Random): NonNullable<Draft["sign"]> {
  const { header, digest, secret } = WEBHOOKS[row];
  const key = random.chance(0.8) ? deployment.secrets[secret] : random.hex(16);
  return (body) => ({ [header]: createHmac(digest, key).update(body).digest("hex") });
}
