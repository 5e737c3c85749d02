import fs from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { tokenSettings } from "./auth/token-settings";
import { configProblems, environment, madeOfConfig, parseConfig, replaceEnvironment } from "./config";
import { CONFIG_VARIABLES } from "./config-variables";
import { listChannels } from "./messaging/registry";
import type { Source } from "./parse-settings";
import { listProviders } from "./providers/registry";
import { SANDBOX_VARIABLES } from "./sandbox/settings";
import { SERVER_VARIABLES } from "./server/server-settings";
import { successorOf } from "./services/api-access/sessions/refresh-token";

const REQUIRED = {
  DATABASE_URL: "postgres://app@localhost/cauris",
  AUTH_SECRET: "s".repeat(32),
  PIN_SECRET: "p".repeat(32),
};

const GETMIPAY = {
  GETMIPAY_API_KEY: "pk_live_0123456789",
  GETMIPAY_SECRET_KEY: "sk_live_0123456789abcdef",
  GETMIPAY_API_URL: "https://api.getmipay.com",
  GETMIPAY_WEBHOOK_SECRET: "wh_live_0123456789abcdef",
};
const PAYSTACK = { PAYSTACK_SECRET_KEY: "sk_live_0123456789abcdef" };

const ORANGE_SMS = {
  ORANGE_SMS_CLIENT_ID: "client-0123456789",
  ORANGE_SMS_CLIENT_SECRET: "secret-0123456789",
  ORANGE_SMS_SENDER_NUMBER: "+2260000",
};
const TERMII = { TERMII_API_KEY: "key-0123456789", TERMII_SENDER_ID: "Cauris" };
const AFRICASTALKING = { AFRICASTALKING_USERNAME: "cauris", AFRICASTALKING_API_KEY: "key-0123456789" };
const WEB_PUSH = {
  WEB_PUSH_PUBLIC_KEY: Buffer.alloc(65, 4).toString("base64url"),
  WEB_PUSH_PRIVATE_KEY: Buffer.alloc(32, 1).toString("base64url"),
  WEB_PUSH_SUBJECT: "mailto:help@cauris.test",
};
const SMTP = { SMTP_URL: "smtps://mail.test", MAIL_FROM: "cauris@mail.test" };

const parse = (source: Source = {}) => parseConfig({ ...REQUIRED, ...source });

/** What each variable must not be, with what else has to be set for it to be wrong. */
const WRONG: Record<string, { values: string[]; beside?: Source }> = {
  CAURIS_MODE: { values: ["live"] },
  BASE_URL: { values: ["wallet.example", "ftp://wallet.example"] },
  LOG_LEVEL: { values: ["loud"] },
  DATABASE_URL: { values: ["", "mysql://localhost/cauris", "localhost"] },
  DATABASE_POOL_MAX: { values: ["0", "101", "many"] },
  PORT: { values: ["0", "65536", "http"] },
  CAURIS_DEV: { values: ["perhaps"] },
  TRUSTED_PROXIES: { values: ["-1", "11", "all"] },
  API_SERVER: { values: ["perhaps"] },
  FORM_RATE_LIMIT_ADDRESS: { values: ["0", "many"] },
  FORM_ACTION_HOSTS: {
    values: [
      "https://pay.test/path",
      "'unsafe-inline'",
      "pay test",
      "*",
      "https://",
      "https://pay.test; script-src *",
    ],
  },
  OPERATOR_NAME: { values: ["x".repeat(121)] },
  CONTACT_PHONE: { values: ["25 30 00 00", "call us"] },
  CONTACT_WHATSAPP: { values: ["https://wa.me/22670000000"] },
  CONTACT_EMAIL: { values: ["help"] },
  CONTACT_HOURS: { values: ["x".repeat(121)] },
  CONTACT_HOURS_EN: { values: ["x".repeat(121)] },
  WAITING_PAGE_POLL_MS: { values: ["99", "60001", "often"] },
  AUTH_SECRET: { values: ["", "short"] },
  PIN_SECRET: { values: ["", "short", `${"p".repeat(32)},short`, `${"p".repeat(32)},`] },
  GOOGLE_CLIENT_ID: { values: [""], beside: { GOOGLE_CLIENT_SECRET: "client-secret-0123456789" } },
  GOOGLE_CLIENT_SECRET: { values: [""], beside: { GOOGLE_CLIENT_ID: "client" } },
  GOOGLE_ISSUER: { values: ["google"] },
  GOOGLE_REDIRECT_URI: {
    values: ["javascript:alert(1)", "/back"],
    beside: { GOOGLE_CLIENT_ID: "client", GOOGLE_CLIENT_SECRET: "client-secret" },
  },
  JWT_SECRET_KEY: { values: ["short", "x".repeat(32)], beside: { JWT_ALGORITHM: "HS512" } },
  JWT_ALGORITHM: { values: ["none", "RS256"] },
  JWT_ACCESS_TOKEN_EXPIRE_MINUTES: { values: ["0", "1441"] },
  JWT_REFRESH_TOKEN_EXPIRE_DAYS: { values: ["0", "366"] },
  API_KEY_PREFIX: { values: ["a-key-", "sk_production_"] },
  API_KEY_LENGTH: { values: ["23", "65", "many"] },
  API_RATE_LIMIT_KEY: { values: ["0", "many"] },
  API_RATE_LIMIT_ACCOUNT: { values: ["0", "many"] },
  API_RATE_LIMIT_ADDRESS: { values: ["0", "many"] },
  API_RATE_LIMIT_TRANSFERS: { values: ["499", "many"] },
  API_RATE_LIMIT_REFUSED: { values: ["0", "many"] },
  CORS_ALLOWED_ORIGINS: { values: ["app.example", "https://app.example/path", "*"] },
  WITHDRAWAL_FEE_BASIS_POINTS: { values: ["-1", "1001", "1.5", "one percent"] },
  DRAND_URLS: { values: ["http://api.drand.sh", "api.drand.sh", "https://api.drand.sh,ftp://a.test"] },
  DRAND_CHAIN_HASH: { values: ["52db9ba7", "Z".repeat(64)] },
  DRAND_PUBLIC_KEY: { values: ["83cf0f28"] },
  SMS_DAILY_MAX: { values: ["-1", "1.5", "lots"] },
  SMTP_URL: { values: ["https://mail.test", "smtp://mail.test?tls=none"], beside: SMTP },
  SMTP_USER: { values: [""], beside: { ...SMTP, SMTP_PASSWORD: "mail-password" } },
  SMTP_PASSWORD: { values: [""], beside: { ...SMTP, SMTP_USER: "cauris" } },
  MAIL_FROM: { values: ["", "Cauris", "a@b.test\r\nBcc: c@d.test"], beside: SMTP },
  MONEY_OUT_LIMITS: { values: ["25000", "XOF=-1", "XOF=1.5", "XOF=25000;NGN=1"] },
  ORANGE_SMS_CLIENT_ID: { values: ["", "short"], beside: ORANGE_SMS },
  ORANGE_SMS_CLIENT_SECRET: { values: ["", "short"], beside: ORANGE_SMS },
  ORANGE_SMS_SENDER_NUMBER: { values: ["", "2260000", "+330000"], beside: ORANGE_SMS },
  ORANGE_SMS_SENDER_NAME: { values: ["twelve chars", "Cauris!"], beside: ORANGE_SMS },
  ORANGE_SMS_COUNTRIES: { values: ["FR", "BF,XX"], beside: ORANGE_SMS },
  ORANGE_SMS_API_URL: { values: ["http://api.orange.test"], beside: ORANGE_SMS },
  ORANGE_SMS_CALLBACK_SECRET: { values: ["s".repeat(40), "/".repeat(44)], beside: ORANGE_SMS },
  TERMII_API_KEY: { values: ["", "short"], beside: TERMII },
  TERMII_SENDER_ID: { values: ["", "ab", "twelve chars"], beside: TERMII },
  TERMII_CHANNEL: { values: ["whatsapp"], beside: TERMII },
  TERMII_COUNTRIES: { values: ["Nigeria"], beside: TERMII },
  TERMII_API_URL: { values: ["http://api.termii.test"], beside: TERMII },
  TERMII_CALLBACK_SECRET: { values: ["s".repeat(40)], beside: TERMII },
  AFRICASTALKING_USERNAME: { values: ["", "a name"], beside: AFRICASTALKING },
  AFRICASTALKING_API_KEY: { values: ["", "short"], beside: AFRICASTALKING },
  AFRICASTALKING_SENDER_ID: { values: ["ab", "twelve chars"], beside: AFRICASTALKING },
  AFRICASTALKING_COUNTRIES: { values: ["KE"], beside: AFRICASTALKING },
  AFRICASTALKING_API_URL: { values: ["http://api.africastalking.test"], beside: AFRICASTALKING },
  AFRICASTALKING_CALLBACK_SECRET: { values: ["s".repeat(40)], beside: AFRICASTALKING },
  WEB_PUSH_PUBLIC_KEY: { values: ["", "BOZ", "a key that isn't base64url"], beside: WEB_PUSH },
  WEB_PUSH_PRIVATE_KEY: { values: ["", "BOZ"], beside: WEB_PUSH },
  WEB_PUSH_SUBJECT: { values: ["", "help@cauris.test", "http://cauris.test"], beside: WEB_PUSH },
  WEB_PUSH_HOSTS: { values: ["https://push.test/"], beside: WEB_PUSH },
  PAYMENT_METHODS: {
    values: ["wave", '{"paypal":{"name":"PayPal","enabled":true}}', '{"wave":{"enabled":1}}'],
  },
  GETMIPAY_API_KEY: { values: ["", "short"], beside: GETMIPAY },
  GETMIPAY_SECRET_KEY: { values: ["", "short"], beside: GETMIPAY },
  GETMIPAY_API_URL: { values: ["", "http://api.getmipay.com"], beside: GETMIPAY },
  GETMIPAY_WEBHOOK_SECRET: { values: ["", GETMIPAY.GETMIPAY_SECRET_KEY], beside: GETMIPAY },
  GETMIPAY_DIALECT: { values: ["v2"], beside: GETMIPAY },
  GETMIPAY_PAYMENT_HOSTS: { values: ["https://pay.test/"], beside: GETMIPAY },
  GETMIPAY_REFERENCE_IDEMPOTENT: { values: ["perhaps"], beside: GETMIPAY },
  GETMIPAY_SERVICES: { values: ["wave=21"], beside: GETMIPAY },
  PAYSTACK_SECRET_KEY: { values: ["short", "sk_live_with a space_0123"] },
  PAYSTACK_PUBLIC_KEY: { values: ["short"], beside: PAYSTACK },
  PAYSTACK_API_URL: { values: ["http://api.paystack.co"], beside: PAYSTACK },
  PAYSTACK_PAYMENT_HOSTS: { values: ["https://pay.test/"], beside: PAYSTACK },
};

const attempts = Object.entries(WRONG).flatMap(([name, { values, beside }]) =>
  values.map((value) => [name, value, beside ?? {}] as const),
);

describe("a wrong variable", () => {
  it.each(attempts)("%s = %j is refused in one line that begins with its name", (name, value, beside) => {
    const source = { ...REQUIRED, ...beside, [name]: value };
    expect(configProblems(source)).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
    expect(() => parseConfig(source)).toThrow(name);
  });

  it("every variable that can be wrong is tested here", () => {
    const anyText = ["HOST", "LEGAL_TEXTS_DIR", "NODE_ENV"];
    expect([...Object.keys(WRONG), ...anyText].toSorted()).toEqual(CONFIG_VARIABLES.toSorted());
  });

  it.each(attempts.filter(([, value]) => value.length > 12))(
    "%s never shows its value (%#)",
    (name, value, beside) => {
      expect(configProblems({ ...REQUIRED, ...beside, [name]: value }).join("\n")).not.toContain(value);
    },
  );

  it("doesn't hide the others: each has its line", () => {
    const problems = configProblems({
      AUTH_SECRET: "short",
      PIN_SECRET: "short",
      WITHDRAWAL_FEE_BASIS_POINTS: "lots",
      PAYSTACK_SECRET_KEY: "short",
      GETMIPAY_API_KEY: GETMIPAY.GETMIPAY_API_KEY,
    });
    expect(problems.map((line) => line.split(":")[0])).toEqual([
      "DATABASE_URL",
      "AUTH_SECRET",
      "PIN_SECRET",
      "WITHDRAWAL_FEE_BASIS_POINTS",
      "GETMIPAY_SECRET_KEY",
      "GETMIPAY_API_URL",
      "GETMIPAY_WEBHOOK_SECRET",
      "PAYSTACK_SECRET_KEY",
    ]);
  });
});

describe("the configuration", () => {
  it("needs a database and two secrets; an empty value counts as none", () => {
    expect(parse({ BASE_URL: "", WITHDRAWAL_FEE_BASIS_POINTS: "" })).toMatchObject({
      mode: "demo",
      baseUrl: "http://localhost:3000",
      isHttps: false,
      database: { url: REQUIRED.DATABASE_URL, poolMax: 10 },
      auth: { secret: REQUIRED.AUTH_SECRET, origin: "http://localhost:3000", google: null },
      apiKeys: { prefix: "sk_live_", randomBytes: 32 },
      withdrawalFeeBasisPoints: 0n,
      providers: { getmipay: null, paystack: null },
    });
  });

  it("derives https and the origin from BASE_URL", () => {
    expect(parse({ BASE_URL: "https://wallet.example/" })).toMatchObject({
      baseUrl: "https://wallet.example",
      isHttps: true,
      auth: { origin: "https://wallet.example", isHttps: true },
      tokens: { googleRedirectUri: "https://wallet.example/api/auth/google/callback" },
    });
    const GOOGLE_REDIRECT_URI = "https://app.example/back";
    const google = { GOOGLE_CLIENT_ID: "client", GOOGLE_CLIENT_SECRET: "client-secret" };
    expect(parse({ ...google, GOOGLE_REDIRECT_URI }).tokens.googleRedirectUri).toBe(GOOGLE_REDIRECT_URI);
  });

  it("takes origins with or without a slash at their end", () => {
    const { allowedOrigins } = parse({
      CORS_ALLOWED_ORIGINS: "https://a.example/, http://localhost:8080,",
    }).api;
    expect([...allowedOrigins]).toEqual(["https://a.example", "http://localhost:8080"]);
  });
});

describe("what is made of the configuration", () => {
  it("is made once, and again when the configuration is replaced", () => {
    const before = environment();
    onTestFinished(() => replaceEnvironment(before));
    replaceEnvironment({ ...REQUIRED, SMS_DAILY_MAX: "7" });
    const limit = madeOfConfig(({ smsDailyMax }) => ({ smsDailyMax }));
    expect(limit()).toEqual({ smsDailyMax: 7 });
    expect(limit()).toBe(limit());
    replaceEnvironment({ SMS_DAILY_MAX: "8" });
    expect(limit()).toEqual({ smsDailyMax: 8 });
  });

  it("follows the secrets: keys of tokens, providers and channels", () => {
    const before = environment();
    onTestFinished(() => replaceEnvironment(before));
    const seen = ["a", "b"].map((letter) => {
      const secret = letter.repeat(40);
      replaceEnvironment({ ...REQUIRED, AUTH_SECRET: secret, JWT_SECRET_KEY: secret });
      return { token: successorOf("t"), key: tokenSettings().key.export().toString() };
    });
    expect(seen[1]?.token).not.toBe(seen[0]?.token);
    expect(seen[1]?.key).toBe("b".repeat(40));
    expect(listProviders()).toEqual([]);
    replaceEnvironment({ ...PAYSTACK, ...SMTP });
    expect(listProviders().map(({ name }) => name)).toEqual(["paystack"]);
    expect(listChannels().map(({ kind }) => kind)).toEqual(["email"]);
  });
});

describe("whom people can ask", () => {
  it("is invented in a demo, and never in production", () => {
    expect(parse().contact.email).toBe("aide@cauris.test");
    expect(parse({ CAURIS_MODE: "production" }).contact).toEqual({
      operator: null,
      phone: null,
      whatsapp: null,
      email: null,
      hours: null,
    });
  });

  it("is what is configured, with one text of hours for both languages", () => {
    const source = {
      OPERATOR_NAME: "Tontine SARL",
      CONTACT_PHONE: "+226 25 30 00 00",
      CONTACT_HOURS: "8 h à 18 h",
    };
    expect(parse(source).contact).toMatchObject({
      operator: "Tontine SARL",
      phone: "+226 25 30 00 00",
      email: null,
      hours: { fr: "8 h à 18 h", en: "8 h à 18 h" },
    });
  });
});

describe("where forms may end", () => {
  const google = { GOOGLE_CLIENT_ID: "client", GOOGLE_CLIENT_SECRET: "secret" };
  const hosts = (source: Source) => parse(source).formActionHosts;

  it("follows from the providers and the sign-in that are configured", () => {
    expect(hosts({})).toEqual([]);
    expect(hosts({ ...GETMIPAY, ...google })).toEqual([
      "https://api.getmipay.com",
      "https://getmipay.com",
      "https://accounts.google.com",
    ]);
    expect(hosts({ ...GETMIPAY, ...PAYSTACK, GETMIPAY_PAYMENT_HOSTS: "pay.test, wave.test" })).toEqual([
      "https://pay.test",
      "https://wave.test",
      "https://checkout.paystack.com",
    ]);
  });

  it("on this machine is the sandbox, without TLS", () => {
    const PAYSTACK_API_URL = "http://127.0.0.1:3001/paystack";
    expect(hosts({ ...PAYSTACK, PAYSTACK_API_URL })).toEqual(["http://127.0.0.1:3001"]);
  });

  it("is FORM_ACTION_HOSTS when it is set", () => {
    const FORM_ACTION_HOSTS = "http://127.0.0.1:3001, *.pay.test,";
    expect(hosts({ ...google, FORM_ACTION_HOSTS })).toEqual(["http://127.0.0.1:3001", "*.pay.test"]);
  });
});

it("every variable is documented, and every documented variable exists", () => {
  const guide = fs.readFileSync(new URL("./server/README.md", import.meta.url), "utf8");
  const section = guide.split("## Configuration")[1]?.split("\n## ")[0] ?? "";
  const documented = section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) =>
      [...(line.split(" | ")[0]?.matchAll(/`([A-Z][A-Z0-9_]+)`/g) ?? [])].map(([, name]) => name),
    );
  const sandbox = fs.readFileSync(new URL("./sandbox/README.md", import.meta.url), "utf8");
  const ofSandbox = [...sandbox.matchAll(/`(SANDBOX_[A-Z0-9_]+)`/g)].map(([, name]) => name);
  const own = new Set([...CONFIG_VARIABLES, ...SERVER_VARIABLES]);
  expect(documented.toSorted()).toEqual([...own].toSorted());
  expect([...new Set(ofSandbox)].toSorted()).toEqual(SANDBOX_VARIABLES.toSorted());
});
