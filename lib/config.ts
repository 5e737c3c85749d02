import { z } from "zod";
import { collectSettings, configurationError, type Source } from "./parse-settings";
import { originOfHost } from "./providers/manifest";
import { collectProviderSettings, PROVIDER_MANIFESTS, type ProviderSettings } from "./providers/manifests";
import { type PaymentMethods, paymentMethodsSetting } from "./providers/payment-methods";

// The only file of the product that reads `process.env`. Every process parses its whole configuration here, once, at
// its start. `lib/server/README.md` documents each variable, and a test compares the two.

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

// RFC 7518 §3.2: a key at least as long as the hash.
const TOKEN_KEY_BYTES_MIN = { HS256: 32, HS384: 48, HS512: 64 } as const;

export type TokenAlgorithm = keyof typeof TOKEN_KEY_BYTES_MIN;

/** `https://pay.example`, `http://127.0.0.1:3001`, `*.pay.example`: what a host source of CSP level 3 may look like. */
const HOST_SOURCE = /^(?:https?:\/\/)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;

const webUrl = z.url({ protocol: /^https?$/ });
const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
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
  FORM_ACTION_HOSTS: list((host) => HOST_SOURCE.test(host), "must be origins such as https://pay.example"),
  // Sign-in
  AUTH_SECRET: z.string().min(32),
  PIN_SECRET: z.string().min(32),
  GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  GOOGLE_ISSUER: z.url().default("https://accounts.google.com"),
  GOOGLE_REDIRECT_URI: webUrl.optional(),
  // The API's tokens and keys
  JWT_SECRET_KEY: z.string().min(32).optional(),
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
  CORS_ALLOWED_ORIGINS: list(isOrigin, "must be origins such as https://app.example"),
  // Payments
  WITHDRAWAL_FEE_BASIS_POINTS: integer(0, 1_000).default(0),
  PAYMENT_METHODS: paymentMethodsSetting,
});

const settings = variables
  .refine(
    ({ JWT_SECRET_KEY: key, JWT_ALGORITHM: algorithm }) =>
      key === undefined || Buffer.byteLength(key) >= TOKEN_KEY_BYTES_MIN[algorithm],
    {
      path: ["JWT_SECRET_KEY"],
      message: "is too short for JWT_ALGORITHM: HS384 needs 48 random characters, HS512 needs 64",
    },
  )
  .refine((env) => env.GOOGLE_CLIENT_ID === undefined || env.GOOGLE_CLIENT_SECRET !== undefined, {
    path: ["GOOGLE_CLIENT_SECRET"],
    message: "is missing: GOOGLE_CLIENT_ID is set",
  })
  .refine((env) => env.GOOGLE_CLIENT_SECRET === undefined || env.GOOGLE_CLIENT_ID !== undefined, {
    path: ["GOOGLE_CLIENT_ID"],
    message: "is missing: GOOGLE_CLIENT_SECRET is set",
  });

type Settings = z.output<typeof settings>;

/** Every variable that the application reads. */
export const CONFIG_VARIABLES: readonly string[] = [
  ...Object.keys(variables.shape),
  ...PROVIDER_MANIFESTS.flatMap((manifest) => manifest.variables),
];

export type Mode = "demo" | "production";

export interface GoogleSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** The configuration of the application and its worker. */
export interface Config {
  mode: Mode;
  /** Where people reach us, without a slash at the end: never what a Host header claims. */
  baseUrl: string;
  /** True when people reach us by https: only then do browsers get HSTS and secure cookies. */
  isHttps: boolean;
  /** `next dev` needs eval and inline styles for its overlay; nothing else does. */
  isDevelopment: boolean;
  /** Where our forms may end: the providers' payment pages and the issuer of sign-in (CSP form-action). */
  formActionHosts: readonly string[];
  database: { url: string; poolMax: number };
  server: ServerConfig;
  auth: AuthConfig;
  /** What PINs are keyed with, apart from sign-in: `auth.secret` may be changed without touching them. */
  pinSecret: string;
  tokens: {
    /** Null in a demo without one: keys are then derived from `auth.secret`. */
    secret: string | null;
    algorithm: TokenAlgorithm;
    accessMinutes: number;
    refreshDays: number;
    /** Where Google sends people back to after signing in for an API client. */
    googleRedirectUri: string;
  };
  apiKeys: { prefix: string; randomBytes: number };
  api: { allowedOrigins: ReadonlySet<string>; limits: ApiLimitSettings };
  /** A withdrawal's fee in hundredths of a percent of its amount. */
  withdrawalFeeBasisPoints: bigint;
  paymentMethods: PaymentMethods;
  providers: ProviderSettings;
}

/** What sign-in needs. */
export interface AuthConfig {
  secret: string;
  /** Scheme, host and port of `baseUrl`. */
  origin: string;
  isHttps: boolean;
  /** Null when sign-in with Google is off. */
  google: GoogleSettings | null;
}

/** What the app's HTTP server needs. */
export interface ServerConfig {
  port: number;
  host: string;
  isHttps: boolean;
  isDev: boolean;
  /** How many proxies of ours stand in front; without any, X-Forwarded-* is what a stranger says. */
  trustedProxies: number;
  /** False: the API is answered by Next's route handlers, as where only Next runs. */
  hasApiServer: boolean;
}

/** Calls a minute with one API key, of one account, from one address, and from one address with wrong credentials. */
export interface ApiLimitSettings {
  key: number;
  account: number;
  address: number;
  refused: number;
}

/** Throws StartError with one line for each wrong variable; values never appear in it. */
export function parseConfig(source: Source): Config {
  const problems: string[] = [];
  const parsed = collectConfig(source, problems);
  if (parsed === null) throw configurationError(problems);
  return parsed;
}

/** One line for each wrong variable; empty when the application can start with `source`. */
export function configProblems(source: Source): string[] {
  const problems: string[] = [];
  collectConfig(source, problems);
  return problems;
}

function collectConfig(source: Source, problems: string[]): Config | null {
  const env = collectSettings(settings, source, problems);
  const providers = collectProviderSettings(source, problems);
  return env === null || problems.length > 0 ? null : toConfig(env, providers);
}

function toConfig(env: Settings, providers: ProviderSettings): Config {
  const baseUrl = env.BASE_URL.replace(/\/+$/, "");
  const { origin, protocol } = new URL(baseUrl);
  const isHttps = protocol === "https:";
  const google = googleOf(env);
  return {
    mode: env.CAURIS_MODE,
    baseUrl,
    isHttps,
    isDevelopment: env.NODE_ENV === "development",
    formActionHosts:
      env.FORM_ACTION_HOSTS.length > 0 ? env.FORM_ACTION_HOSTS : formActionHosts(providers, google),
    database: { url: env.DATABASE_URL, poolMax: env.DATABASE_POOL_MAX },
    server: {
      port: env.PORT,
      host: env.HOST,
      isHttps,
      isDev: env.CAURIS_DEV,
      trustedProxies: env.TRUSTED_PROXIES,
      hasApiServer: env.API_SERVER,
    },
    auth: { secret: env.AUTH_SECRET, origin, isHttps, google },
    pinSecret: env.PIN_SECRET,
    tokens: {
      secret: env.JWT_SECRET_KEY ?? null,
      algorithm: env.JWT_ALGORITHM,
      accessMinutes: env.JWT_ACCESS_TOKEN_EXPIRE_MINUTES,
      refreshDays: env.JWT_REFRESH_TOKEN_EXPIRE_DAYS,
      googleRedirectUri: env.GOOGLE_REDIRECT_URI ?? `${baseUrl}/api/auth/google/callback`,
    },
    apiKeys: { prefix: env.API_KEY_PREFIX, randomBytes: env.API_KEY_LENGTH },
    api: {
      allowedOrigins: new Set(env.CORS_ALLOWED_ORIGINS.map((each) => each.replace(/\/$/, ""))),
      limits: {
        key: env.API_RATE_LIMIT_KEY,
        account: env.API_RATE_LIMIT_ACCOUNT,
        address: env.API_RATE_LIMIT_ADDRESS,
        refused: env.API_RATE_LIMIT_REFUSED,
      },
    },
    withdrawalFeeBasisPoints: BigInt(env.WITHDRAWAL_FEE_BASIS_POINTS),
    paymentMethods: env.PAYMENT_METHODS,
    providers,
  };
}

function googleOf(env: Settings): GoogleSettings | null {
  const { GOOGLE_ISSUER: issuer, GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = env;
  return clientId === undefined || clientSecret === undefined ? null : { issuer, clientId, clientSecret };
}

/** Chrome applies form-action to the redirects after a POST, so each host that we redirect to must be here. */
function formActionHosts(providers: ProviderSettings, google: GoogleSettings | null): string[] {
  const pages = Object.values(providers).flatMap((each) => each?.paymentHosts.map(originOfHost) ?? []);
  return [...new Set([...pages, ...(google === null ? [] : [new URL(google.issuer).origin])])];
}

let parsed: Config | undefined;

/**
 * This process's configuration. Each process calls it at its start, so that a wrong variable stops the start; parsed
 * at the first call and not at import, because `next build` has no configuration. Throws StartError.
 */
export function config(): Config {
  parsed ??= parseConfig(process.env);
  return parsed;
}

/** How much is logged. The log also writes of a configuration that is wrong: anything but a level means info. */
export function logLevel(): (typeof LOG_LEVELS)[number] {
  return z.enum(LOG_LEVELS).catch("info").parse(process.env.LOG_LEVEL);
}

/** The variables as they were given, for the launcher, which hands them on and checks some of them by name. */
export function environment(): Source {
  return { ...process.env };
}

/** Replaces variables of this process: what is parsed from now on knows the new values. */
export function replaceEnvironment(values: Source): void {
  Object.assign(process.env, values);
  parsed = undefined;
}

/** next-auth reads this variable, and the Host header without it: a stranger could choose where its links lead. */
export function setNextAuthUrl(origin: string): void {
  process.env.AUTH_URL = origin;
}
