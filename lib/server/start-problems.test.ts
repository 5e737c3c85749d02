import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Source } from "@/lib/parse-settings";
import { serverSettings } from "./server-settings";
import { startProblems } from "./start-problems";

const CHILD = fileURLToPath(new URL("../cli/bootstrap/child.mjs", import.meta.url));

function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-test-"));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What the launcher finds wrong with these variables. */
function problemsOf(variables: Record<string, string>): string[] {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return startProblems(serverSettings({ ...variables, DATA_DIR: temporaryDirectory() }));
}

afterEach(() => {
  vi.unstubAllEnvs();
});

const PRODUCTION = {
  BASE_URL: "https://wallet.example",
  AUTH_SECRET: "Xq3vT9mB7kLw2ZpR8sNd5hYc4GfJ6uEa",
  JWT_SECRET_KEY: "h5Nz1RbYw8TkXc6LmQv0PsDf9GjKu2Ee",
  PIN_SECRET: "t7Wc0MnR4yKq9BvZx2LpHs8JdGf3uEaQ",
  PAYSTACK_SECRET_KEY: "sk_live_0123456789abcdef",
};

const GETMIPAY_KEYS = ["GETMIPAY_API_KEY", "GETMIPAY_SECRET_KEY", "GETMIPAY_WEBHOOK_SECRET"];

describe("the launcher", () => {
  test("starts a demo with nothing set, and production with what it needs", () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf(PRODUCTION)).toEqual([]);
  });

  test.each([
    ["WITHDRAWAL_FEE_BASIS_POINTS", "1001"],
    ["PAYMENT_METHODS", '{"paypal":{"name":"PayPal","enabled":true}}'],
    ["API_RATE_LIMIT_KEY", "0"],
    ["JWT_ALGORITHM", "none"],
    ["SANDBOX_PAYOUT_DELAY_MS", "soon"],
  ])("refuses a demo with %s=%s before anything runs", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  test("names what a half-configured provider lacks, also where another one is complete", () => {
    const half = { GETMIPAY_API_KEY: "pk_live_0123456789", GETMIPAY_SECRET_KEY: "sk_live_0123456789abcdef" };
    expect(problemsOf({ ...PRODUCTION, ...half })).toEqual([
      "GETMIPAY_API_URL: is missing",
      "GETMIPAY_WEBHOOK_SECRET: is missing",
    ]);
  });

  test.each([
    [{ GOOGLE_CLIENT_ID: "client" }, ["GOOGLE_CLIENT_SECRET"]],
    [{ GOOGLE_CLIENT_SECRET: "client-secret" }, ["GOOGLE_CLIENT_ID"]],
    [{ GOOGLE_REDIRECT_URI: "https://app.example/back" }, ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"]],
    [
      { PAYSTACK_SECRET_KEY: "", PAYSTACK_PUBLIC_KEY: "pk_live_0123456789abcdef" },
      ["PAYSTACK_SECRET_KEY", "GETMIPAY_API_KEY"],
    ],
    [{ GETMIPAY_API_URL: "https://api.getmipay.com" }, GETMIPAY_KEYS],
    [
      { GETMIPAY_DIALECT: "public" },
      ["GETMIPAY_API_KEY", "GETMIPAY_SECRET_KEY", "GETMIPAY_API_URL", GETMIPAY_KEYS[2]],
    ],
  ])("names what half a feature lacks: %j", (given, missing) => {
    const problems = problemsOf({ ...PRODUCTION, CAURIS_MODE: "production", ...given });
    const named = problems.map((line) => line.split(/[: ]/)[0]);
    expect(new Set(named)).toEqual(new Set(missing));
  });

  test("refuses a database of whose owner no password is known, in a demo too", () => {
    const DATABASE_URL = "postgres://owner@db.example/cauris";
    for (const source of [{ DATABASE_URL }, { ...PRODUCTION, DATABASE_URL }]) {
      expect(problemsOf(source)).toEqual([expect.stringMatching(/^DATABASE_URL has no password/)]);
    }
    expect(problemsOf({ ...PRODUCTION, DATABASE_URL, PGPASSWORD: "owner's" })).toEqual([]);
  });

  test("gives each variable one line in production", () => {
    const problems = problemsOf({ ...PRODUCTION, AUTH_SECRET: "short", WITHDRAWAL_FEE_BASIS_POINTS: "x" });
    expect(problems.map((line) => line.split(/[: ]/)[0])).toEqual([
      "AUTH_SECRET",
      "WITHDRAWAL_FEE_BASIS_POINTS",
    ]);
  });
});

/** Runs one of the deployment's processes until it ends. */
function run(entry: string, variables: Source): Promise<{ code: number; output: string }> {
  const env: NodeJS.ProcessEnv = { NODE_ENV: "production", PATH: process.env.PATH, ...variables };
  const file = fileURLToPath(new URL(entry, import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [CHILD, file], { env, timeout: 25_000 }, (error, _stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stderr }),
    );
  });
}

describe("a process", () => {
  const wrong = { WITHDRAWAL_FEE_BASIS_POINTS: "1001", AUTH_SECRET: "secret-but-short" };

  test.each(["./app-main.ts", "./worker-main.ts"])(
    "%s doesn't start with a wrong variable",
    async (entry) => {
      const { code, output } = await run(entry, { ...wrong, DATABASE_URL: "postgres://127.0.0.1:1/none" });
      expect(code).toBe(1);
      const lines = output.trim().split("\n");
      expect(lines.map((line) => line.split(":")[0])).toEqual(
        expect.arrayContaining(["AUTH_SECRET", "WITHDRAWAL_FEE_BASIS_POINTS"]),
      );
      expect(output).not.toContain(wrong.AUTH_SECRET);
      expect(output).not.toContain("    at ");
    },
  );

  test("of Next alone ends with the variable's name", async () => {
    for (const [name, value] of Object.entries(wrong)) vi.stubEnv(name, value);
    vi.stubEnv("NEXT_RUNTIME", "nodejs");
    const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const { register } = await import("@/instrumentation");
    await register();
    expect(exit).toHaveBeenCalledWith(1);
    expect(String(write.mock.calls[0]?.[0])).toMatch(/^WITHDRAWAL_FEE_BASIS_POINTS: /m);
  });
});
