import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { applicationUrl } from "@/db/roles";
import { parseSettings } from "@/lib/parse-settings";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { paystackManifest } from "@/lib/providers/paystack/manifest";
import { parseSandboxSettings } from "@/lib/sandbox/settings";
import { applicationEnvironment, inheritedEnvironment, sandboxEnvironment } from "./environment";
import { PortBusyError, requireFreePort } from "./ports";
import { explain } from "./postgres-failure";
import { databaseProblems, productionProblems } from "./production-checks";
import { demoSecrets } from "./secrets";
import { type ServerSettings, serverSettings } from "./server-settings";
import { createRestartLimit } from "./supervisor";

function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-test-"));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const FIT = {
  GETMIPAY_API_KEY: "pk_live_0123456789",
  AUTH_SECRET: "Xq3vT9mB7kLw2ZpR8sNd5hYc4GfJ6uEa",
  PIN_SECRET: "t7Wc0MnR4yKq9BvZx2LpHs8JdGf3uEaQ",
  JWT_SECRET_KEY: "h5Nz1RbYw8TkXc6LmQv0PsDf9GjKu2Ee",
  BASE_URL: "https://wallet.example",
};

/** Long enough, and guessed first. */
const WEAK_SECRETS = [
  "a".repeat(32),
  "ab".repeat(20),
  "changemechangemechangemechangeme",
  "abcdefghijklmnopqrstuvwxyz012345",
  "01234567890123456789012345678901",
  "aabbccddeeffgghhiijjkkllmmnnoopp",
  "your-256-bit-secret-goes-in-here-",
  "MyVeryLongPassword-For-Cauris-2026",
  `${" ".repeat(30)}ab`,
];

const problems = (source: Record<string, string>) => productionProblems(serverSettings(source), source);

describe("settings", () => {
  test("it is a demo, on loopback, until a provider is configured", () => {
    expect(serverSettings({ HOST: "0.0.0.0" })).toMatchObject({
      mode: "demo",
      host: "127.0.0.1",
      port: 3000,
    });
    expect(serverSettings({ GETMIPAY_API_KEY: "" })).toMatchObject({ mode: "demo" });
    expect(serverSettings({ GETMIPAY_API_KEY: "pk" })).toMatchObject({ mode: "production", host: "0.0.0.0" });
    expect(serverSettings({ PAYSTACK_SECRET_KEY: "sk" })).toMatchObject({ mode: "production" });
    expect(serverSettings({ CAURIS_MODE: "production" })).toMatchObject({ mode: "production" });
  });

  test("a wrong variable is named", () => {
    expect(() => serverSettings({ PORT: "abc" })).toThrow(/PORT/);
    expect(() => serverSettings({ DATABASE_URL: "mysql://x" })).toThrow(/DATABASE_URL/);
  });

  test("the owner's credentials never reach a child", () => {
    const inherited = inheritedEnvironment({ DATABASE_URL: "postgres://o", PGPASSWORD: "x", PATH: "/bin" });
    expect(inherited).toEqual({ PATH: "/bin" });
    const settings = serverSettings({ DATA_DIR: temporaryDirectory() });
    expect(applicationEnvironment(settings, "postgres://app@h/d", false).DATABASE_URL).toBe(
      "postgres://app@h/d",
    );
    expect(sandboxEnvironment(settings).DATABASE_URL).toBeUndefined();
  });

  test("app and sandbox hold the same keys", () => {
    const settings = serverSettings({ DATA_DIR: temporaryDirectory(), PORT: "4000" });
    const app = applicationEnvironment(settings, "postgres://app@h/d", false);
    const sandbox = sandboxEnvironment(settings);
    expect(app.GETMIPAY_API_KEY).toBe(sandbox.SANDBOX_GETMIPAY_API_KEY);
    expect(app.GETMIPAY_SECRET_KEY).toBe(sandbox.SANDBOX_GETMIPAY_SECRET_KEY);
    expect(app.GETMIPAY_WEBHOOK_SECRET).toBe(sandbox.SANDBOX_GETMIPAY_WEBHOOK_SECRET);
    expect(app.GOOGLE_CLIENT_SECRET).toBe(sandbox.SANDBOX_GOOGLE_CLIENT_SECRET);
    expect(app.GETMIPAY_API_URL).toBe("http://127.0.0.1:4001");
    expect(sandbox.SANDBOX_PORT).toBe("4001");
    expect(app.PAYSTACK_SECRET_KEY).toBe(sandbox.SANDBOX_PAYSTACK_SECRET_KEY);
    expect(app.PAYSTACK_API_URL).toBe("http://127.0.0.1:4001/paystack");
    expect(sandbox.SANDBOX_PAYSTACK_WEBHOOK_URL).toBe("http://127.0.0.1:4000/api/wallet/paystack/webhook");
  });

  test("a demo takes nothing of a real provider's settings that the shell still holds", () => {
    vi.stubEnv("PAYSTACK_PAYMENT_HOSTS", "checkout.paystack.com");
    vi.stubEnv("GETMIPAY_PAYMENT_HOSTS", "getmipay.com");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const settings = serverSettings({ DATA_DIR: temporaryDirectory(), PORT: "4000" });
    const app = applicationEnvironment(settings, "postgres://app@h/d", false);
    expect(parseSettings(paystackManifest.settings, app).paymentHosts).toEqual(["127.0.0.1:4001"]);
    expect(parseSettings(getMiPayManifest.settings, app).paymentHosts).toContain("127.0.0.1:4001");
    const keys = parseSandboxSettings(sandboxEnvironment(settings)).paystack;
    expect(keys?.secretKey).toBe(app.PAYSTACK_SECRET_KEY);
  });
});

describe("production", () => {
  test("starts with a provider, a secret and https", () => {
    expect(problems(FIT)).toEqual([]);
    const { GETMIPAY_API_KEY: _, ...others } = FIT;
    expect(problems({ ...others, PAYSTACK_SECRET_KEY: "sk_live_0123456789" })).toEqual([]);
  });

  test("starts without a channel for messages, and with a mail server on the same machine", () => {
    const mail = { SMTP_URL: "smtp://127.0.0.1:25?tls=none", MAIL_FROM: "cauris@wallet.example" };
    expect(problems({ ...FIT, ...mail })).toEqual([]);
  });

  test.each([
    ["GETMIPAY_API_KEY", ""],
    ["AUTH_SECRET", "short"],
    ["AUTH_SECRET", ""],
    ["PIN_SECRET", "short"],
    ["PIN_SECRET", ""],
    ["JWT_SECRET_KEY", "short"],
    ["JWT_SECRET_KEY", ""],
    ["BASE_URL", ""],
    ["BASE_URL", "http://wallet.example"],
    ["BASE_URL", "http://localhost"],
    ["BASE_URL", "http://localhost:3000"],
    ["BASE_URL", "http://127.0.0.1"],
    ...["AUTH_SECRET", "PIN_SECRET", "JWT_SECRET_KEY"].flatMap((name) =>
      WEAK_SECRETS.map((secret): [string, string] => [name, secret]),
    ),
    ["JWT_SECRET_KEY", FIT.AUTH_SECRET],
    ["JWT_SECRET_KEY", FIT.PIN_SECRET],
    ["PIN_SECRET", FIT.AUTH_SECRET],
    ["PIN_SECRET", `${FIT.PIN_SECRET},${"p".repeat(32)}`],
    ["PIN_SECRET", `${FIT.PIN_SECRET}, ${FIT.PIN_SECRET}`],
    ["GETMIPAY_API_URL", "http://127.0.0.1:3001"],
    ["GETMIPAY_API_URL", "http://localhost:3001"],
    ["PAYSTACK_API_URL", "http://127.0.0.1:3001/paystack"],
    ["ORANGE_SMS_API_URL", "http://127.0.0.1:3001/sms/orange"],
    ["TERMII_API_URL", "http://localhost:3001/sms/termii"],
    ["TERMII_API_KEY", "sandbox_0123456789"],
    ["SMTP_PASSWORD", "sandbox_0123456789"],
    ["GOOGLE_ISSUER", "http://[::1]:3001/google"],
    ["DRAND_URLS", "https://api.drand.sh, http://127.0.0.1:3001/drand/a"],
    ["GETMIPAY_API_KEY", "sandbox_0123456789"],
    ["GETMIPAY_WEBHOOK_SECRET", "sandbox_0123456789"],
    ["PAYSTACK_SECRET_KEY", "sandbox_0123456789"],
    ["PAYSTACK_SECRET_KEY", "sk_test_0123456789"],
  ])("refuses %s=%s in one sentence that names it", (name, value) => {
    expect(problems({ ...FIT, CAURIS_MODE: "production", [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} `)),
    ]);
  });

  test("a demo's secrets are refused", () => {
    const secrets = demoSecrets(temporaryDirectory());
    expect(problems({ ...FIT, AUTH_SECRET: secrets.AUTH_SECRET })).toHaveLength(1);
    expect(problems({ ...FIT, PIN_SECRET: secrets.PIN_SECRET })).toHaveLength(1);
    expect(problems({ ...FIT, JWT_SECRET_KEY: secrets.JWT_SECRET_KEY })).toHaveLength(1);
    expect(problems({ ...FIT, PAYSTACK_SECRET_KEY: secrets.PAYSTACK_SECRET_KEY })).toHaveLength(1);
  });

  test("takes random secrets of every usual form", () => {
    for (let count = 0; count < 50; count += 1) {
      for (const encoding of ["hex", "base64", "base64url"] as const) {
        expect(problems({ ...FIT, AUTH_SECRET: randomBytes(24).toString(encoding) })).toEqual([]);
      }
    }
    const older = randomBytes(32).toString("base64");
    expect(problems({ ...FIT, PIN_SECRET: `${FIT.PIN_SECRET}, ${older}` })).toEqual([]);
  });

  test("no secret of ours is a provider's", () => {
    const same = { ...FIT, GETMIPAY_WEBHOOK_SECRET: FIT.AUTH_SECRET };
    expect(problems(same)).toEqual(["AUTH_SECRET must differ from GETMIPAY_WEBHOOK_SECRET."]);
  });
});

describe("the application's database password", () => {
  const DATABASE_URL = "postgres://owner@db.example/cauris";
  const settings = (source: Record<string, string>) => serverSettings({ ...FIT, DATABASE_URL, ...source });

  test("is never made of nothing: a URL without a password is refused", () => {
    expect(databaseProblems(settings({}))).toEqual([expect.stringMatching(/^DATABASE_URL /)]);
    expect(databaseProblems(settings({ PGPASSWORD: "" }))).toHaveLength(1);
    expect(databaseProblems(settings({ DATABASE_URL: "postgres://owner:@db.example/cauris" }))).toHaveLength(
      1,
    );
    expect(databaseProblems(serverSettings({ DATABASE_URL }))).toHaveLength(1);
    expect(databaseProblems(serverSettings(FIT))).toEqual([]);
    expect(() => applicationUrl(DATABASE_URL)).toThrow("DATABASE_URL");
  });

  test("is made of PGPASSWORD as of a password in the URL", () => {
    const password = "päss/wörd%20@:?#";
    const one = settings({ PGPASSWORD: password });
    expect(databaseProblems(one)).toEqual([]);
    const other = settings({
      DATABASE_URL: `postgres://owner:${encodeURIComponent(password)}@db.example/cauris`,
      PGPASSWORD: "ignored",
    });
    const appUrl = (of: ServerSettings) => applicationUrl(of.databaseUrl ?? "", of.applicationPassword);
    expect(appUrl(one)).toBe(appUrl(other));
    expect(appUrl(one)).not.toBe(appUrl(settings({ PGPASSWORD: "another" })));
  });

  test("is made of a secret of its own where the owner has no password", () => {
    const one = settings({ DATABASE_APP_PASSWORD: "s".repeat(32) });
    expect(databaseProblems(one)).toEqual([]);
    const urls = ["s", "t"].map((letter) => applicationUrl(DATABASE_URL, letter.repeat(32)));
    expect(urls[0]).not.toBe(urls[1]);
    expect(applicationUrl(one.databaseUrl ?? "", one.applicationPassword)).toBe(urls[0]);
    expect(() => settings({ DATABASE_APP_PASSWORD: "short" })).toThrow("DATABASE_APP_PASSWORD");
  });
});

describe("a demo's secrets", () => {
  test("are made once, differ from each other, and only the owner reads the file", () => {
    const directory = temporaryDirectory();
    const secrets = demoSecrets(directory);
    expect(demoSecrets(directory)).toEqual(secrets);
    expect(new Set(Object.values(secrets)).size).toBe(17);
    expect(fs.statSync(path.join(directory, "secrets.json")).mode & 0o777).toBe(0o600);
  });

  test("from before Paystack are kept, and completed", () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, "secrets.json");
    const { PAYSTACK_SECRET_KEY: _, JWT_SECRET_KEY: __, ...old } = demoSecrets(temporaryDirectory());
    fs.writeFileSync(file, JSON.stringify(old), { mode: 0o600 });
    const secrets = demoSecrets(directory);
    expect(secrets).toMatchObject(old);
    expect(secrets.PAYSTACK_SECRET_KEY).toMatch(/^sandbox_/);
    expect(demoSecrets(directory)).toEqual(secrets);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each(["{", "{}", '{"AUTH_SECRET":"short"}'])(
    "in a broken file (%s) are reported, not replaced",
    (text) => {
      const directory = temporaryDirectory();
      fs.writeFileSync(path.join(directory, "secrets.json"), text);
      expect(() => demoSecrets(directory)).toThrow(/secrets\.json can't be read/);
    },
  );
});

test("a busy port is an error of its own", async () => {
  const holder = net.createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const address = holder.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(requireFreePort(port)).rejects.toThrow(PortBusyError);
  await new Promise((resolve) => holder.close(resolve));
  await expect(requireFreePort(port)).resolves.toBeUndefined();
});

test("the sixth restart within a minute is refused, a later one isn't", () => {
  let now = 0;
  const mayRestart = createRestartLimit(() => now);
  expect([1, 2, 3, 4, 5, 6].map(() => mayRestart())).toEqual([true, true, true, true, true, false]);
  now = 60_000;
  expect(mayRestart()).toBe(true);
});

test("PostgreSQL's errors are explained in one sentence", () => {
  const missing = "postgres: error while loading shared libraries: libz.so.1: cannot open shared object file";
  expect(explain(missing).message).toContain("needs the system library libz.so.1");
  expect(explain("could not write: No space left on device").message).toContain("disk is full");
  expect(explain("could not bind: Address already in use", 5432)).toBeInstanceOf(PortBusyError);
});
