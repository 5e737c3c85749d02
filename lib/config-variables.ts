import { z } from "zod";
import { isLoopbackUrl } from "./loopback";
import { CHANNEL_MANIFESTS } from "./messaging/manifests";
import { PROVIDER_MANIFESTS } from "./providers/manifests";
import { paymentMethodsSetting } from "./providers/payment-methods";
import { secretsIn } from "./secret-list";

// What each variable may be. `lib/config.ts` reads them.

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

// RFC 7518 §3.2: a key at least as long as the hash.
const TOKEN_KEY_BYTES_MIN = { HS256: 32, HS384: 48, HS512: 64 } as const;

export type TokenAlgorithm = keyof typeof TOKEN_KEY_BYTES_MIN;

/** `https://pay.example`, `http://127.0.0.1:3001`, `*.pay.example`: what a host source of CSP level 3 may look like. */
const HOST_SOURCE = /^(?:https?:\/\/)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;

const webUrl = z.url({ protocol: /^https?$/ });
const SECRET_LENGTH_MIN = 32;
const secret = z.string().min(SECRET_LENGTH_MIN, "must have at least 32 characters");

function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
}

/** Text that pages show as it is; an empty value counts as none. */
const shownText = z.string().trim().min(1).max(120).optional();
const internationalNumber = z
  .string()
  .regex(/^\+[1-9][0-9 ]{6,20}$/, "must be an international number such as +226 25 30 00 00")
  .optional();

const callsPerMinute = integer(1, 10_000_000);

/** Items with commas between, each of which must pass `isItem`. */
function list(isItem: (item: string) => boolean, message: string) {
  return z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    )
    .refine((items) => items.every(isItem), message);
}

function isOrigin(text: string): boolean {
  const origin = text.replace(/\/$/, "");
  return URL.canParse(origin) && new URL(origin).origin === origin;
}

/** An https address, or the sandbox's. */
const isMirror = (text: string): boolean =>
  /^https:\/\/[^/]/.test(text) ? URL.canParse(text) : isLoopbackUrl(text);

/** drand's network quicknet, as its operators publish it; the mirrors are those of docs.drand.love/developer/http-api. */
const QUICKNET = {
  urls: "https://api.drand.sh,https://api2.drand.sh,https://api3.drand.sh,https://drand.cloudflare.com",
  chainHash: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
  publicKey:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
};

const AMOUNT_OF_CURRENCY = /^([A-Z]{3})=(0|[1-9]\d{0,11})$/;

/** Whole major units by currency: `XOF=25000,NGN=25000`. */
const amountsByCurrency = list(
  (item) => AMOUNT_OF_CURRENCY.test(item),
  "must be whole amounts by currency, such as XOF=25000,NGN=25000",
).transform(
  (items): ReadonlyMap<string, bigint> =>
    new Map(items.map((item) => [item.slice(0, 3), BigInt(item.slice(4))] as const)),
);

/** One of them set means that sign-in with Google is wanted. */
const GOOGLE_VARIABLES = ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "GOOGLE_REDIRECT_URI"] as const;

/** The variables of the application and its worker but for the vendors', which are in their manifests. */
const variables = z.object({
  // The deployment
  CAURIS_MODE: z.enum(["demo", "production"]).default("demo"),
  BASE_URL: webUrl.default("http://localhost:3000"),
  LOG_LEVEL: z.enum(LOG_LEVELS).default("info"),
  NODE_ENV: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_MAX: integer(1, 100).default(10),
  // The HTTP server
  PORT: integer(1, 65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  CAURIS_DEV: z.stringbool().default(false),
  TRUSTED_PROXIES: integer(0, 10).default(0),
  API_SERVER: z.stringbool().default(true),
  FORM_RATE_LIMIT_ADDRESS: callsPerMinute.default(300),
  FORM_ACTION_HOSTS: list((host) => HOST_SOURCE.test(host), "must be origins such as https://pay.example"),
  // Sign-in
  AUTH_SECRET: secret,
  // Newest first: a PIN that was keyed with an older one is keyed anew when it is next typed.
  PIN_SECRET: z
    .string()
    .transform(secretsIn)
    .refine(
      (secrets) => secrets.every((each) => each.length >= SECRET_LENGTH_MIN),
      "must have at least 32 characters, each one where it is a list",
    ),
  GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  GOOGLE_ISSUER: z.url().default("https://accounts.google.com"),
  GOOGLE_REDIRECT_URI: webUrl.optional(),
  // The API's tokens and keys
  JWT_SECRET_KEY: secret.optional(),
  JWT_ALGORITHM: z.enum(["HS256", "HS384", "HS512"]).default("HS256"),
  JWT_ACCESS_TOKEN_EXPIRE_MINUTES: integer(1, 1_440).default(30),
  JWT_REFRESH_TOKEN_EXPIRE_DAYS: integer(1, 365).default(7),
  // Twelve characters of a key are shown: a prefix leaves some of them to tell keys apart.
  API_KEY_PREFIX: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{1,8}$/, "must be 2 to 9 letters, digits and underscores")
    .default("sk_live_"),
  API_KEY_LENGTH: integer(24, 64).default(32),
  // The API's limits
  API_RATE_LIMIT_KEY: callsPerMinute.default(600),
  API_RATE_LIMIT_ACCOUNT: callsPerMinute.default(1_200),
  API_RATE_LIMIT_ADDRESS: callsPerMinute.default(1_200),
  API_RATE_LIMIT_REFUSED: callsPerMinute.default(60),
  // Each of a list counts: a list has up to 500.
  API_RATE_LIMIT_TRANSFERS: integer(500, 10_000_000).default(6_000),
  CORS_ALLOWED_ORIGINS: list(isOrigin, "must be origins such as https://app.example"),
  // Pages
  OPERATOR_NAME: shownText,
  CONTACT_PHONE: internationalNumber,
  CONTACT_WHATSAPP: internationalNumber,
  CONTACT_EMAIL: z.email("must be an e-mail address").optional(),
  CONTACT_HOURS: shownText,
  CONTACT_HOURS_EN: shownText,
  LEGAL_TEXTS_DIR: z.string().min(1).optional(),
  WAITING_PAGE_POLL_MS: integer(100, 60_000).default(1_000),
  // The public randomness that tontines draw their order with
  DRAND_URLS: list(isMirror, "must be https addresses of drand mirrors")
    .refine((urls) => urls.length > 0, "must name a drand mirror")
    .prefault(QUICKNET.urls),
  DRAND_CHAIN_HASH: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hex digits")
    .default(QUICKNET.chainHash),
  DRAND_PUBLIC_KEY: z
    .string()
    .regex(/^[0-9a-f]{192}$/, "must be 192 hex digits")
    .default(QUICKNET.publicKey),
  // Messages
  SMS_DAILY_MAX: integer(0, 10_000_000).default(2_000),
  // Payments
  WITHDRAWAL_FEE_BASIS_POINTS: integer(0, 1_000).default(0),
  MONEY_OUT_LIMITS: amountsByCurrency,
  PAYMENT_METHODS: paymentMethodsSetting,
});

export const configVariables = variables
  .refine(
    ({ JWT_SECRET_KEY: key, JWT_ALGORITHM: algorithm }) =>
      key === undefined || Buffer.byteLength(key) >= TOKEN_KEY_BYTES_MIN[algorithm],
    {
      path: ["JWT_SECRET_KEY"],
      message: "is too short for JWT_ALGORITHM: HS384 needs 48 random characters, HS512 needs 64",
    },
  )
  .superRefine((env, context) => {
    const given = GOOGLE_VARIABLES.filter((name) => env[name] !== undefined);
    for (const name of ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"] as const) {
      if (given.length === 0 || env[name] !== undefined) continue;
      context.addIssue({ code: "custom", path: [name], message: `is missing: ${given[0]} is set` });
    }
  });

/** The variables as the schema parsed them. */
export type ConfigVariables = z.output<typeof configVariables>;

/** Every variable that the application reads. */
export const CONFIG_VARIABLES: readonly string[] = [
  ...Object.keys(variables.shape),
  ...PROVIDER_MANIFESTS.flatMap((manifest) => manifest.variables),
  ...CHANNEL_MANIFESTS.flatMap((manifest) => manifest.variables),
];
