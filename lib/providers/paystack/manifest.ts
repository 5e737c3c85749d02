import { z } from "zod";
import {
  apiUrl,
  hostList,
  isOnThisMachine,
  type ProviderManifest,
  type ProviderSettingsBase,
  withoutSlash,
} from "../manifest";
import { PAYSTACK_METHODS } from "./methods";

const CHECKOUT_HOST = "checkout.paystack.com";

const key = z.string().regex(/^[\x21-\x7e]{16,200}$/, "must be at least 16 visible characters");

const variables = z.object({
  PAYSTACK_SECRET_KEY: key,
  PAYSTACK_PUBLIC_KEY: key.optional(),
  PAYSTACK_API_URL: apiUrl.default("https://api.paystack.co"),
  PAYSTACK_PAYMENT_HOSTS: hostList.optional(),
});

export interface PaystackSettings extends ProviderSettingsBase {
  /** Authenticates our requests and signs their callbacks: Paystack has no other secret. */
  secretKey: string;
  /** For their browser library, which we don't use; taken because the seed's configuration names it. */
  publicKey: string | null;
}

const settings = variables.transform((env): PaystackSettings => {
  const api = new URL(env.PAYSTACK_API_URL);
  return {
    secretKey: env.PAYSTACK_SECRET_KEY,
    publicKey: env.PAYSTACK_PUBLIC_KEY ?? null,
    apiUrl: withoutSlash(env.PAYSTACK_API_URL),
    paymentHosts: env.PAYSTACK_PAYMENT_HOSTS ?? [isOnThisMachine(api) ? api.host : CHECKOUT_HOST],
  };
});

export const paystackManifest = {
  name: "paystack",
  title: "Paystack",
  variables: Object.keys(variables.shape),
  credentials: ["PAYSTACK_SECRET_KEY"],
  apiUrlVariable: "PAYSTACK_API_URL",
  testKey: { variable: "PAYSTACK_SECRET_KEY", prefix: "sk_test_" },
  settings,
  webhook: {
    // Set in Paystack's dashboard, one address for all its callbacks.
    path: "/api/wallet/paystack/webhook",
    signatureHeader: "x-paystack-signature",
    signature: "HMAC-SHA512 of the raw body with the secret key, in hex.",
    // A dispute with its history and messages has some tens of kilobytes.
    bodyBytesMax: 128 * 1024,
  },
  methods: PAYSTACK_METHODS,
  sandbox: { path: "/paystack", variables: {} },
} as const satisfies ProviderManifest<PaystackSettings>;
