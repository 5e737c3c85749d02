import { demoSecrets } from "./secrets";
import { inheritedEnvironment, type ServerSettings } from "./server.env";

type Environment = NodeJS.ProcessEnv;

/** The sandbox's place: another host name than the app's, so that they share no cookie. */
export function sandboxUrl(settings: ServerSettings): string {
  return `http://127.0.0.1:${settings.port + 1}`;
}

/** What the app and the worker are told. `appUrl` is the database as the application's role. */
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
  };
}

function demoEnvironment(settings: ServerSettings): Record<string, string> {
  const secrets = demoSecrets(settings.dataDir);
  const google = {
    GOOGLE_ISSUER: `${sandboxUrl(settings)}/google`,
    GOOGLE_CLIENT_ID: secrets.googleClientId,
    GOOGLE_CLIENT_SECRET: secrets.googleClientSecret,
  };
  return {
    AUTH_SECRET: secrets.authSecret,
    JWT_SECRET_KEY: secrets.jwtSecretKey,
    GETMIPAY_API_URL: sandboxUrl(settings),
    GETMIPAY_API_KEY: secrets.getmipayApiKey,
    GETMIPAY_SECRET_KEY: secrets.getmipaySecretKey,
    GETMIPAY_WEBHOOK_SECRET: secrets.getmipayWebhookSecret,
    GETMIPAY_DIALECT: "v1",
    // True of the sandbox: one reference pays once.
    GETMIPAY_REFERENCE_IDEMPOTENT: "true",
    PAYSTACK_SECRET_KEY: secrets.paystackSecretKey,
    PAYSTACK_API_URL: `${sandboxUrl(settings)}/paystack`,
    // What a real provider's configuration left in the shell would turn the sandbox's payment pages away.
    PAYSTACK_PUBLIC_KEY: "",
    PAYSTACK_PAYMENT_HOSTS: "",
    GETMIPAY_PAYMENT_HOSTS: "",
    // The payment page and Google's are the sandbox's: the only places that our forms may end at.
    FORM_ACTION_HOSTS: sandboxUrl(settings),
    ...(settings.hasGoogle ? {} : google),
  };
}

/** What the sandbox is told: its side of the same keys, and where to call back. It gets no database. */
export function sandboxEnvironment(settings: ServerSettings): Environment {
  const secrets = demoSecrets(settings.dataDir);
  return {
    ...inheritedEnvironment(),
    NODE_ENV: "production",
    SANDBOX_PORT: String(settings.port + 1),
    SANDBOX_GETMIPAY_API_KEY: secrets.getmipayApiKey,
    SANDBOX_GETMIPAY_SECRET_KEY: secrets.getmipaySecretKey,
    SANDBOX_GETMIPAY_WEBHOOK_SECRET: secrets.getmipayWebhookSecret,
    SANDBOX_PAYSTACK_SECRET_KEY: secrets.paystackSecretKey,
    // As in Paystack's dashboard: one address for everything.
    SANDBOX_PAYSTACK_WEBHOOK_URL: `http://127.0.0.1:${settings.port}/api/wallet/paystack/webhook`,
    SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${settings.port}/webhook/getmipay/`,
    SANDBOX_GOOGLE_CLIENT_ID: secrets.googleClientId,
    SANDBOX_GOOGLE_CLIENT_SECRET: secrets.googleClientSecret,
    SANDBOX_DATA_DIR: `${settings.dataDir}/sandbox`,
  };
}
