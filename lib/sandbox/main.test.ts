import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { KEYS } from "@/e2e/support/getmipay-fixture";
import { parseSandboxSettings } from "./settings";

const environment = {
  SANDBOX_PORT: "0",
  SANDBOX_GETMIPAY_API_KEY: KEYS.apiKey,
  SANDBOX_GETMIPAY_SECRET_KEY: KEYS.secretKey,
  SANDBOX_GETMIPAY_WEBHOOK_SECRET: KEYS.webhookSecret,
};

function start(change: Record<string, string> = {}): ChildProcess {
  return fork("lib/sandbox/main.ts", {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...environment, ...change },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

describe("the sandbox as a process", () => {
  it.each(["SIGTERM", "disconnect"])(
    "says when it listens, ignores Ctrl-C, and ends cleanly by %s",
    async (how) => {
      const child = start();
      const [message] = await once(child, "message");
      expect(message).toMatchObject({ ready: true, port: expect.any(Number) });
      child.kill("SIGINT");
      expect((await fetch(`http://127.0.0.1:${message.port}/_health`)).status).toBe(200);
      if (how === "SIGTERM") child.kill("SIGTERM");
      else child.disconnect();
      expect(await once(child, "exit")).toEqual([0, null]);
    },
  );

  it("says in one sentence that its port is taken", async () => {
    const first = start();
    const [{ port }] = await once(first, "message");
    const second = start({ SANDBOX_PORT: String(port) });
    const [message] = await once(second, "message");
    expect(message).toEqual({ ready: false, reason: "The sandbox's port is in use by another program." });
    expect(await once(second, "exit")).toEqual([1, null]);
    first.kill("SIGTERM");
    await once(first, "exit");
  });
});

describe("its configuration", () => {
  it("Google is simulated only with a client id and secret", () => {
    expect(parseSandboxSettings(environment)).toMatchObject({ port: 0, google: null, payoutDelayMs: 4000 });
    const google = { SANDBOX_GOOGLE_CLIENT_ID: "id", SANDBOX_GOOGLE_CLIENT_SECRET: "secret" };
    expect(parseSandboxSettings({ ...environment, ...google }).google).toEqual({
      clientId: "id",
      clientSecret: "secret",
    });
  });

  it("names what is missing", () => {
    expect(() => parseSandboxSettings({})).toThrow("SANDBOX_GETMIPAY_API_KEY");
    expect(() => parseSandboxSettings({ ...environment, SANDBOX_PORT: "70000" })).toThrow("SANDBOX_PORT");
  });
});
