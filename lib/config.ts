import { z } from "zod";
import { type ConfigVariables, configVariables, LOG_LEVELS, type TokenAlgorithm } from "./config-variables";
import { type Contact, DEMO_CONTACT, isReachable } from "./contact";
import { collectMessagingSettings, type MessagingSettings } from "./messaging/manifests";
import { collectSettings, configurationError, type Source } from "./parse-settings";
import { originOfHost } from "./providers/manifest";
import { collectProviderSettings, type ProviderSettings } from "./providers/manifests";
import type { PaymentMethods } from "./providers/payment-methods";

// The only file of the product that reads `process.env`. Every process parses its whole configuration here, once, at
// its start. `lib/server/README.md` documents each variable, and a test compares the two.

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
  /** What PINs are keyed with, newest first, apart from sign-in: `auth.secret` may be changed without touching them. */
  pinSecrets: readonly [string, ...string[]];
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
  /** How often the server looks for a change on behalf of a waiting page; without JavaScript it reloads every four of these. */
  waitingPagePollMs: number;
  /** Whom people can ask; shown on every page. */
  contact: Contact;
  /** The folder of the deployment's own terms and privacy texts; null for the default ones. */
  legalTextsDir: string | null;
  /** What a person may send out in the 24 hours after a change of sign-in or PIN, in major units by currency; defaults are left out. */
  moneyOutLimits: ReadonlyMap<string, bigint>;
  /** A withdrawal's fee in hundredths of a percent of its amount. */
  withdrawalFeeBasisPoints: bigint;
  paymentMethods: PaymentMethods;
  providers: ProviderSettings;
  /** Each vendor of messages that is configured. */
  messaging: MessagingSettings;
  /** The public randomness of draws. */
  beacon: BeaconSettings;
  /** How many times SMS gateways may be called a day (UTC), for all purposes together. */
  smsDailyMax: number;
}

/** A drand network: where its rounds are read, and what they are verified with. */
export interface BeaconSettings {
  /** Mirrors, without a slash at the end, in the order in which they are asked. */
  urls: readonly string[];
  chainHash: string;
  publicKey: string;
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
  /** How many proxies of ours stand in front; without any, X-Forwarded-* is set by the caller and ignored. */
  trustedProxies: number;
  /** How many forms one address may send to pages in a minute. */
  postsPerMinute: number;
  /** False: the API is answered by Next's route handlers, as where only Next runs. */
  hasApiServer: boolean;
}

/** Calls a minute with one API key, of one account, from one address, and from one address with wrong credentials; transfers of one account. */
export interface ApiLimitSettings {
  key: number;
  account: number;
  address: number;
  refused: number;
  transfers: number;
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
  const env = collectSettings(configVariables, source, problems);
  const providers = collectProviderSettings(source, problems);
  const messaging = collectMessagingSettings(source, problems);
  return env === null || problems.length > 0 ? null : toConfig(env, providers, messaging);
}

function toConfig(env: ConfigVariables, providers: ProviderSettings, messaging: MessagingSettings): Config {
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
      postsPerMinute: env.FORM_RATE_LIMIT_ADDRESS,
    },
    auth: { secret: env.AUTH_SECRET, origin, isHttps, google },
    pinSecrets: env.PIN_SECRET,
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
        transfers: env.API_RATE_LIMIT_TRANSFERS,
      },
    },
    waitingPagePollMs: env.WAITING_PAGE_POLL_MS,
    contact: contactOf(env),
    legalTextsDir: env.LEGAL_TEXTS_DIR ?? null,
    moneyOutLimits: env.MONEY_OUT_LIMITS,
    withdrawalFeeBasisPoints: BigInt(env.WITHDRAWAL_FEE_BASIS_POINTS),
    paymentMethods: env.PAYMENT_METHODS,
    providers,
    messaging,
    beacon: {
      urls: env.DRAND_URLS.map((url) => url.replace(/\/+$/, "")),
      chainHash: env.DRAND_CHAIN_HASH,
      publicKey: env.DRAND_PUBLIC_KEY,
    },
    smsDailyMax: env.SMS_DAILY_MAX,
  };
}

function googleOf(env: ConfigVariables): GoogleSettings | null {
  const { GOOGLE_ISSUER: issuer, GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = env;
  return clientId === undefined || clientSecret === undefined ? null : { issuer, clientId, clientSecret };
}

function contactOf(env: ConfigVariables): Contact {
  const hours = env.CONTACT_HOURS ?? env.CONTACT_HOURS_EN;
  const contact: Contact = {
    operator: env.OPERATOR_NAME ?? null,
    phone: env.CONTACT_PHONE ?? null,
    whatsapp: env.CONTACT_WHATSAPP ?? null,
    email: env.CONTACT_EMAIL ?? null,
    hours: hours === undefined ? null : { fr: env.CONTACT_HOURS ?? hours, en: env.CONTACT_HOURS_EN ?? hours },
  };
  return env.CAURIS_MODE === "demo" && !isReachable(contact) ? DEMO_CONTACT : contact;
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

/** Takes this process's configuration from these variables instead: the launcher's own, and what it starts, aren't changed. Throws StartError. */
export function configureFrom(source: Source): void {
  parsed = parseConfig(source);
}

/** What `make` makes of this process's configuration: made once, and again when it has been replaced. */
export function madeOfConfig<T>(make: (config: Config) => T): () => T {
  let made: { of: Config; value: T } | undefined;
  return () => {
    const current = config();
    if (made?.of !== current) made = { of: current, value: make(current) };
    return made.value;
  };
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

/** next-auth reads this variable, or else the Host header: then a caller could choose the host of its links. */
export function setNextAuthUrl(origin: string): void {
  process.env.AUTH_URL = origin;
}
