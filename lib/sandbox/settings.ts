import { z } from "zod";
import { parseSettings, type Source } from "@/lib/parse-settings";
import type { SandboxOptions } from "./server";

const webUrl = z.url({ protocol: /^https?$/ });

const variables = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(4010),
  SANDBOX_GETMIPAY_API_KEY: z.string().min(8),
  SANDBOX_GETMIPAY_SECRET_KEY: z.string().min(16),
  SANDBOX_GETMIPAY_WEBHOOK_SECRET: z.string().min(16),
  SANDBOX_GETMIPAY_WEBHOOK_URL: webUrl.optional(),
  SANDBOX_PAYSTACK_SECRET_KEY: z.string().min(16).optional(),
  SANDBOX_PAYSTACK_WEBHOOK_URL: webUrl.optional(),
  SANDBOX_GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  SANDBOX_GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  SANDBOX_SMTP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  SANDBOX_SMTP_PASSWORD: z.string().min(8).optional(),
  SANDBOX_ORANGE_SMS_CLIENT_ID: z.string().min(8).optional(),
  SANDBOX_ORANGE_SMS_CLIENT_SECRET: z.string().min(8).optional(),
  SANDBOX_ORANGE_SMS_CALLBACK_URL: webUrl.optional(),
  SANDBOX_TERMII_API_KEY: z.string().min(8).optional(),
  SANDBOX_TERMII_CALLBACK_URL: webUrl.optional(),
  SANDBOX_AFRICASTALKING_API_KEY: z.string().min(8).optional(),
  SANDBOX_AFRICAS_TALKING_CALLBACK_URL: webUrl.optional(),
  SANDBOX_DATA_DIR: z.string().min(1).optional(),
  SANDBOX_PAYOUT_DELAY_MS: z.coerce.number().int().min(0).max(600_000).default(4000),
});

/** Every variable that the sandbox reads. */
export const SANDBOX_VARIABLES: readonly string[] = Object.keys(variables.shape);

export const sandboxSettings = variables.refine(
  (env) => !env.SANDBOX_PAYSTACK_SECRET_KEY || env.SANDBOX_PAYSTACK_WEBHOOK_URL,
  {
    path: ["SANDBOX_PAYSTACK_WEBHOOK_URL"],
    message: "is where Paystack's webhooks go; required with SANDBOX_PAYSTACK_SECRET_KEY",
  },
);

/**
 * Throws StartError with one line for each wrong variable. Google is simulated when its client id and secret are given,
 * Paystack when its key is.
 */
export function parseSandboxSettings(source: Source): SandboxOptions {
  const env = parseSettings(sandboxSettings, source);
  const clientId = env.SANDBOX_GOOGLE_CLIENT_ID;
  const clientSecret = env.SANDBOX_GOOGLE_CLIENT_SECRET;
  const paystackKey = env.SANDBOX_PAYSTACK_SECRET_KEY;
  const paystackWebhooks = env.SANDBOX_PAYSTACK_WEBHOOK_URL;
  return {
    port: env.SANDBOX_PORT,
    getmipay: {
      apiKey: env.SANDBOX_GETMIPAY_API_KEY,
      secretKey: env.SANDBOX_GETMIPAY_SECRET_KEY,
      webhookSecret: env.SANDBOX_GETMIPAY_WEBHOOK_SECRET,
    },
    paystack:
      paystackKey && paystackWebhooks ? { secretKey: paystackKey, webhookUrl: paystackWebhooks } : null,
    google: clientId && clientSecret ? { clientId, clientSecret } : null,
    webhookUrl: env.SANDBOX_GETMIPAY_WEBHOOK_URL ?? null,
    dataDir: env.SANDBOX_DATA_DIR ?? null,
    payoutDelayMs: env.SANDBOX_PAYOUT_DELAY_MS,
    mail: mailOf(env),
    sms: smsOf(env),
  };
}

/** The one user that signs in to the mail server. */
export const MAIL_USER = "cauris";

type SandboxVariables = z.output<typeof variables>;

function mailOf({
  SANDBOX_SMTP_PORT: port,
  SANDBOX_SMTP_PASSWORD: password,
}: SandboxVariables): NonNullable<SandboxOptions["mail"]> | null {
  return port === undefined || password === undefined ? null : { port, user: MAIL_USER, password };
}

function smsOf(env: SandboxVariables): NonNullable<SandboxOptions["sms"]> {
  const account = (key: string | undefined, callbackUrl: string | undefined) =>
    key === undefined ? null : { key, callbackUrl: callbackUrl ?? null };
  const orange = account(env.SANDBOX_ORANGE_SMS_CLIENT_SECRET, env.SANDBOX_ORANGE_SMS_CALLBACK_URL);
  const clientId = env.SANDBOX_ORANGE_SMS_CLIENT_ID;
  return {
    orange: orange === null || clientId === undefined ? null : { ...orange, clientId },
    termii: account(env.SANDBOX_TERMII_API_KEY, env.SANDBOX_TERMII_CALLBACK_URL),
    africasTalking: account(env.SANDBOX_AFRICASTALKING_API_KEY, env.SANDBOX_AFRICAS_TALKING_CALLBACK_URL),
  };
}
