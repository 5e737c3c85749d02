import { createECDH, createHash } from "node:crypto";
import { environment } from "@/lib/config";
import { CHANNEL_CREDENTIALS, CHANNEL_MANIFESTS } from "@/lib/messaging/manifests";
import type { Source } from "@/lib/parse-settings";
import { PROVIDER_CREDENTIALS, PROVIDER_MANIFESTS } from "@/lib/providers/manifests";
import { SANDBOX_BEACON } from "@/lib/sandbox/beacon";
import { type DemoSecrets, demoSecrets } from "./secrets";
import type { ServerSettings } from "./server-settings";

type Environment = NodeJS.ProcessEnv;

const OWNERS_ONLY = new Set([
  "DATABASE_URL",
  "DATABASE_APP_PASSWORD",
  "PGPASSWORD",
  "PGPASSFILE",
  "PGUSER",
  "PGSERVICE",
]);

/** What a child inherits: everything but the database owner's credentials. */
export function inheritedEnvironment(source: Source = environment()): Source {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !OWNERS_ONLY.has(name)));
}

/** The environment of PostgreSQL's own programs: nothing of ours reaches them. */
export function plainEnvironment(): Environment {
  const { PATH, SystemRoot } = environment();
  return {
    NODE_ENV: "production",
    LC_ALL: "C",
    TZ: "UTC",
    ...(PATH === undefined ? {} : { PATH }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
  };
}

/** Stands for the application's database until it runs, so that the rest of the configuration can be checked before. */
export const URL_TO_COME = "postgres://cauris_app@localhost/cauris";

/** Where the sandbox listens: another host name than the app's, so that they share no cookie. */
export function sandboxUrl(settings: ServerSettings): string {
  return `http://127.0.0.1:${settings.port + 1}`;
}

/** Where the sandbox's mail server listens. */
export function mailPort(settings: ServerSettings): number {
  return settings.port + 3;
}

/** The environment of the app and the worker. `appUrl` is the database as the application's role. */
export function applicationEnvironment(settings: ServerSettings, appUrl: string, dev: boolean): Environment {
  return {
    ...inheritedEnvironment(),
    ...(settings.mode === "demo" ? demoEnvironment(settings) : {}),
    DATABASE_URL: appUrl,
    BASE_URL: settings.baseUrl,
    // next-auth reads its own name for the same thing.
    AUTH_URL: settings.baseUrl,
    PORT: String(settings.port),
    HOST: settings.host,
    CAURIS_MODE: settings.mode,
    CAURIS_DEV: String(dev),
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    // Where Next fetches a page of its own from: otherwise it takes the scheme that people reach us by, and speaks TLS to itself.
    __NEXT_PRIVATE_ORIGIN: `http://${ownHost(settings.host)}:${settings.port}`,
  };
}

/** The address of this machine under which a server that listens on `host` is reached. */
function ownHost(host: string): string {
  const isAny = host === "0.0.0.0" || host === "::";
  return isAny ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
}

function demoEnvironment(settings: ServerSettings): Record<string, string> {
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, ...secrets } = demoSecrets(settings.dataDir);
  const google = { GOOGLE_ISSUER: `${sandboxUrl(settings)}/google`, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET };
  return {
    ...sandboxedProviders(settings),
    ...sandboxedChannels(settings),
    ...pushKeys(secrets.AUTH_SECRET),
    ...sandboxedBeacon(settings),
    ...secrets,
    // The payment page and Google's are the sandbox's: the only places that our forms may end at.
    FORM_ACTION_HOSTS: sandboxUrl(settings),
    ...(settings.hasGoogle ? {} : google),
  };
}

/** Every vendor at the sandbox; what a real account's configuration left in the shell is taken away. */
function sandboxedProviders(settings: ServerSettings): Record<string, string> {
  const variables = PROVIDER_MANIFESTS.map((manifest) => ({
    ...Object.fromEntries(manifest.variables.map((name) => [name, ""])),
    [manifest.apiUrlVariable]: sandboxUrl(settings) + manifest.sandbox.path,
    ...manifest.sandbox.variables,
  }));
  return Object.assign({}, ...variables);
}

/** The same for the vendors of messages. */
function sandboxedChannels(settings: ServerSettings): Record<string, string> {
  const variables = CHANNEL_MANIFESTS.map((manifest) => ({
    ...Object.fromEntries(manifest.variables.map((name) => [name, ""])),
    ...(manifest.urlVariable === null || manifest.sandbox.path === null
      ? {}
      : { [manifest.urlVariable]: sandboxUrl(settings) + manifest.sandbox.path }),
    ...manifest.sandbox.variables,
  }));
  return Object.assign({}, ...variables, {
    SMTP_URL: `smtp://127.0.0.1:${mailPort(settings)}?tls=none`,
    WEB_PUSH_HOSTS: `${new URL(sandboxUrl(settings)).host},fcm.googleapis.com,*.push.services.mozilla.com`,
  });
}

function sandboxedBeacon(settings: ServerSettings): Record<string, string> {
  return {
    DRAND_URLS: `${sandboxUrl(settings)}/drand/a,${sandboxUrl(settings)}/drand/b`,
    DRAND_CHAIN_HASH: SANDBOX_BEACON.chainHash,
    DRAND_PUBLIC_KEY: SANDBOX_BEACON.publicKey,
  };
}

/** A demo's key pair for push messages (P-256), always the same for its secret: browsers stay subscribed. */
function pushKeys(secret: string): Record<string, string> {
  const privateKey = createHash("sha256").update(`web push:${secret}`).digest();
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(privateKey);
  return {
    WEB_PUSH_PUBLIC_KEY: pair.getPublicKey("base64url"),
    WEB_PUSH_PRIVATE_KEY: privateKey.toString("base64url"),
  };
}

/** The environment of the sandbox: its side of the same keys, and where to call back. It gets no database. */
export function sandboxEnvironment(settings: ServerSettings): Environment {
  const secrets = demoSecrets(settings.dataDir);
  return {
    ...inheritedEnvironment(),
    NODE_ENV: "production",
    SANDBOX_PORT: String(settings.port + 1),
    ...sandboxSecrets(secrets),
    ...Object.fromEntries(
      PROVIDER_MANIFESTS.map(({ name, webhook }) => [
        `SANDBOX_${name.toUpperCase()}_WEBHOOK_URL`,
        `http://127.0.0.1:${settings.port}${webhook.path}`,
      ]),
    ),
    SANDBOX_SMTP_PORT: String(mailPort(settings)),
    ...reportUrls(settings, secrets),
    SANDBOX_DATA_DIR: `${settings.dataDir}/sandbox`,
  };
}

/** Where each SMS gateway of the sandbox posts its delivery reports. */
function reportUrls({ port }: ServerSettings, secrets: Source): Record<string, string> {
  const urls = CHANNEL_MANIFESTS.flatMap(({ name, callback }): [string, string][] => {
    if (callback === null) return [];
    const { path, secretVariable } = callback;
    return [
      [
        `SANDBOX_${name.toUpperCase()}_CALLBACK_URL`,
        `http://127.0.0.1:${port}${path}/${secrets[secretVariable]}`,
      ],
    ];
  });
  return Object.fromEntries(urls);
}

/** The sandbox knows each key under the application's name for it, with SANDBOX_ before it. */
function sandboxSecrets(secrets: DemoSecrets): Record<string, string> {
  const shared = [
    ...PROVIDER_CREDENTIALS,
    ...CHANNEL_CREDENTIALS,
    "GOOGLE_CLIENT_ID",
    "GOOGLE_CLIENT_SECRET",
  ] as const;
  return Object.fromEntries(shared.map((name) => [`SANDBOX_${name}`, secrets[name]]));
}
