import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { PAYSTACK_KEY, paystackEnv } from "@/e2e/support/paystack-fixture";
import { createContext, createUser, fundWallet } from "@/e2e/support/people";
import { credentialChecks } from "@/lib/auth/token-and-key-checks";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from "@/lib/providers/paystack";
import { paystackManifest } from "@/lib/providers/paystack/manifest";
import { ProviderError } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { type Sandbox, startSandbox } from "@/lib/sandbox/server";
import { checkApiKey } from "@/lib/services/api-access/keys/check-api-key";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { listAllApiKeys } from "@/lib/services/api-access/keys/list-all-api-keys";
import { revokeAnyApiKey } from "@/lib/services/api-access/keys/revoke-any-api-key";
import { processDeposit } from "@/lib/services/deposits/check-deposit";
import { startApiDeposit } from "@/lib/services/deposits/start-api-deposit";
import { getWebhook } from "@/lib/services/provider-events/get-webhook";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { replayWebhook } from "@/lib/services/provider-events/replay-webhook";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { getWalletByNumber } from "@/lib/services/wallets/get-wallet-by-number";
import { runCommand } from "../run-command";
import type { Deployment } from "./deployment";

const { db, owner } = await useDatabase({ alone: true });
const system = createContext(db, { kind: "system" });

let printed: string[] = [];
beforeEach(() => {
  printed = [];
});

function run(
  name: string,
  values: Record<string, unknown>,
  deployment: Partial<Deployment> = {},
): Promise<number> {
  const print = (line: string) => void printed.push(line);
  return runCommand({ context: system, sandboxOrigin: null, print, ...deployment }, name, values);
}

describe("token", () => {
  test("prints nothing but an access token that the API takes as this person's", async () => {
    const { email, userId } = await createUser(db);
    expect(await run("token", { identifier: email.toUpperCase() })).toBe(0);
    expect(printed).toHaveLength(1);
    expect(await credentialChecks(() => db).accessToken(printed[0] ?? "")).toMatchObject({ userId });
  });

  test("refuses an address without an account, and a frozen account", async () => {
    await expect(run("token", { identifier: `${randomUUID()}@example.test` })).rejects.toThrow(
      "There is no account",
    );
    const { email, userId } = await createUser(db);
    await owner`update users set frozen_at = now() where id = ${userId.toString()}`;
    await expect(run("token", { identifier: email })).rejects.toThrow("Refused: sign_in_failed.");
    expect(printed).toEqual([]);
  });
});

describe("process-deposit, where the provider has a query", () => {
  let sandbox: Sandbox;
  const naira = { amountMinor: 500_000n, currency: "NGN", key: null } as const;

  beforeAll(async () => {
    sandbox = await startSandbox({
      port: 0,
      getmipay: { apiKey: randomUUID(), secretKey: randomUUID(), webhookSecret: randomUUID() },
      // Nobody listens: the webhook is lost.
      paystack: { secretKey: PAYSTACK_KEY, webhookUrl: "http://127.0.0.1:9/" },
      google: null,
      webhookUrl: null,
      dataDir: null,
      payoutDelayMs: 10,
      retryDelaysMs: [],
    });
  });
  beforeEach(() =>
    overrideProviders([createPaystack(parseSettings(paystackManifest.settings, paystackEnv(sandbox.url)))]),
  );
  afterEach(() => overrideProviders(null));
  afterAll(() => sandbox.close());

  const available = async (user: Awaited<ReturnType<typeof createUser>>) =>
    (await getWallet(user.context)).balances.find(({ currency }) => currency === "NGN")?.available
      .amountMinor;

  test("reports an unpaid deposit, credits it once with --force, and then reports it as credited", async () => {
    const user = await createUser(db);
    const { reference } = await startApiDeposit(user.context, naira);
    const deployment = { sandboxOrigin: sandbox.url };
    expect(await run("process-deposit", { reference, force: false }, deployment)).toBe(1);
    expect(await run("process-deposit", { reference, force: true }, deployment)).toBe(0);
    expect(await available(user)).toBe(500_000n);
    expect(await run("process-deposit", { reference, force: true }, deployment)).toBe(0);
    expect(await available(user)).toBe(500_000n);
    expect(printed).toEqual([
      "Not credited: 5000.00 NGN. paystack says: pending.",
      "Credited: 5000.00 NGN",
      "Already credited: 5000.00 NGN",
    ]);
  });

  test("credits a paid deposit whose webhook was lost, without --force", async () => {
    const user = await createUser(db);
    const { reference, paymentUrl } = await startApiDeposit(user.context, naira);
    const body = new URLSearchParams({ pin: "0000", action: "pay" });
    await fetch(paymentUrl ?? "", { method: "POST", body, redirect: "manual" });
    expect(await run("process-deposit", { reference, force: false })).toBe(0);
    expect(printed).toEqual(["Credited: 5000.00 NGN"]);
    expect(await available(user)).toBe(500_000n);
  });

  test("refuses --force outside of a demo, and for payment pages elsewhere than at the sandbox", async () => {
    const user = await createUser(db);
    const { reference } = await startApiDeposit(user.context, naira);
    const force = { reference, force: true };
    await expect(run("process-deposit", force)).rejects.toThrow(
      "--force pays at the sandbox, and this isn't a demo.",
    );
    await expect(run("process-deposit", force, { sandboxOrigin: "http://127.0.0.1:9" })).rejects.toThrow(
      "isn't the sandbox's",
    );
    expect(await available(user)).toBe(0n);
  });

  test("refuses a reference of another kind of operation", async () => {
    const missing = { reference: "TXN-NOTHING", force: false };
    await expect(run("process-deposit", missing)).rejects.toThrow("There is no deposit with this reference.");
  });

  test("reports that the provider can't answer", async () => {
    const user = await createUser(db);
    const { reference } = await startApiDeposit(user.context, naira);
    overrideProviders([
      createPaystack(parseSettings(paystackManifest.settings, paystackEnv("http://127.0.0.1:9"))),
    ]);
    await expect(run("process-deposit", { reference, force: false })).rejects.toThrow(ProviderError);
  });
});

describe("process-deposit, where the provider has no query", () => {
  const provider = createFakeProvider(`mute${randomUUID().slice(0, 8)}`);
  let page: http.Server;
  let origin = "";

  // Plays the sandbox's page, which sends the webhook.
  beforeAll(async () => {
    page = http.createServer(async (request, response) => {
      const reference = request.url?.split("/").pop() ?? "";
      let form = "";
      for await (const chunk of request) form += chunk;
      if (form === "pin=0000&action=confirm") await hear(reference);
      response.writeHead(303, { location: "/" }).end();
    });
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    provider.onCollection = async ({ reference }) => ({
      providerReference: `in-${reference}`,
      paymentUrl: `${origin}/pay/${reference}`,
    });
    overrideProviders([provider]);
  });
  afterAll(async () => {
    overrideProviders(null);
    await new Promise((resolve) => page.close(resolve));
  });

  async function hear(reference: string): Promise<void> {
    const event = {
      ...providerState(money(5_000n, "XOF")),
      reference,
      eventKey: randomUUID(),
      kind: "collection" as const,
    };
    await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
    const [row] = await owner<
      { id: string }[]
    >`select id from webhook_events where event_key = ${event.eventKey}`;
    await processWebhook(system, BigInt(row?.id ?? 0));
  }

  test("waits for its webhook; --force has the sandbox send it", async () => {
    const { context } = await createUser(db);
    const order = {
      amountMinor: 5_000n,
      currency: "XOF",
      method: "wave",
      phone: "+22670000001",
      key: null,
    } as const;
    const { reference } = await startApiDeposit(context, order);
    expect(await run("process-deposit", { reference, force: false }, { sandboxOrigin: origin })).toBe(1);
    expect(await run("process-deposit", { reference, force: true }, { sandboxOrigin: origin })).toBe(0);
    expect(printed).toEqual([
      `Not credited: 5000 XOF. ${provider.name} has no query for deposits: its webhook credits them.`,
      "Credited: 5000 XOF",
    ]);
  });

  test("a webhook that is replayed changes nothing", async () => {
    const user = await createUser(db);
    const order = {
      amountMinor: 5_000n,
      currency: "XOF",
      method: "wave",
      phone: "+22670000001",
      key: null,
    } as const;
    const { reference } = await startApiDeposit(user.context, order);
    await hear(reference);
    const [event] = await owner<
      { id: string }[]
    >`select id from webhook_events where reference = ${reference}`;
    const eventId = BigInt(event?.id ?? 0);
    expect(await getWebhook(system, eventId)).toMatchObject({ state: "processed", outcome: "credited" });
    expect(await run("replay-webhook", { eventId })).toBe(0);
    expect(printed.at(-1)).toBe("ignored: already succeeded");
    const [franc] = (await getWallet(user.context)).balances;
    expect(franc?.available.amountMinor).toBe(5_000n);
  });

  test("a replay that can't be processed now is left to the worker", async () => {
    const { context } = await createUser(db);
    const order = {
      amountMinor: 5_000n,
      currency: "XOF",
      method: "wave",
      phone: "+22670000001",
      key: null,
    } as const;
    const { reference } = await startApiDeposit(context, order);
    await hear(reference);
    const [event] = await owner<
      { id: string }[]
    >`select id from webhook_events where reference = ${reference}`;
    const eventId = event?.id ?? "0";
    overrideProviders([]);
    expect(await run("replay-webhook", { eventId: BigInt(eventId) })).toBe(1);
    overrideProviders([provider]);
    expect(printed.at(-1)).toContain("the worker tries again");
    expect(await getWebhook(system, BigInt(eventId))).toMatchObject({ state: "received" });
    const jobs = await owner`select from graphile_worker._private_jobs where key = ${`webhook:${eventId}`}`;
    expect(jobs).toHaveLength(1);
  });

  test("an event that doesn't exist isn't replayed", async () => {
    await expect(run("replay-webhook", { eventId: 10n ** 15n })).rejects.toThrow("There is no webhook event");
  });
});

describe("balance", () => {
  test("says what a wallet holds in each currency", async () => {
    const { walletId, walletNumber } = await createUser(db);
    await fundWallet(db, walletId, money(123_456n, "NGN"));
    expect(await run("balance", { walletNumber })).toBe(0);
    expect(printed).toEqual([
      `Wallet ${walletNumber}`,
      "     available  held  vaults  owed",
      "XOF          0     0       0     0",
      "NGN    1234.56  0.00    0.00  0.00",
    ]);
  });

  test.each(["1234567890128", "nonsense"])("knows no wallet %s", async (walletNumber) => {
    await expect(run("balance", { walletNumber })).rejects.toThrow("There is no wallet with this number.");
  });
});

describe("keys", () => {
  test("lists a person's keys without showing one, and ends one for good", async () => {
    const { context, email } = await createUser(db);
    const input = { name: "shop", permissions: ["read", "deposit"], expiry: "1D" } as const;
    const { apiKey, key } = await createApiKey(context, { ...input, permissions: [...input.permissions] });
    expect(await run("keys", { identifier: email })).toBe(0);
    expect(printed[1]).toMatch(
      new RegExp(`^${key.id}\\s+${key.prefix}\\s+active\\s+read,deposit\\s.*never.*${email}  shop$`),
    );
    expect(printed.join("\n")).not.toContain(apiKey);
    expect(await run("keys revoke", { keyId: key.id })).toBe(0);
    expect(await checkApiKey(db, apiKey)).toBeNull();
    expect(await run("keys revoke", { keyId: key.id })).toBe(0);
    expect(printed.slice(2)).toEqual([`Revoked: key ${key.id}`, `Key ${key.id} was revoked before.`]);
    await run("keys", { identifier: email });
    expect(printed.at(-1)).toContain("revoked");
  });

  test("lists all keys, and none for a person without keys", async () => {
    const { context, email } = await createUser(db);
    await createApiKey(context, { name: "mine", permissions: ["read"], expiry: "1H" });
    expect(await run("keys", { identifier: null })).toBe(0);
    expect(printed.some((line) => line.includes(email))).toBe(true);
    printed = [];
    expect(await run("keys", { identifier: (await createUser(db)).email })).toBe(0);
    expect(printed).toEqual(["There are no API keys."]);
  });

  test("refuses to revoke a key that doesn't exist", async () => {
    await expect(run("keys revoke", { keyId: 10n ** 15n })).rejects.toThrow("There is no API key");
  });
});

test("audit prints a line for each invariant, and exits with 1 on a breach", async () => {
  const code = await run("audit", { full: false });
  expect(printed.length).toBeGreaterThan(10);
  expect(printed.at(-1)).toMatch(code === 0 ? /^All \d+ checks hold/ : /breach/);
});

test("no command accepts a person or an API key as its actor", async () => {
  const { context, walletNumber } = await createUser(db);
  const refused = { code: "unauthenticated" };
  await expect(processDeposit(context, "TXN-1")).rejects.toMatchObject(refused);
  await expect(replayWebhook(context, 1n)).rejects.toMatchObject(refused);
  await expect(getWebhook(context, 1n)).rejects.toMatchObject(refused);
  await expect(getWalletByNumber(context, walletNumber)).rejects.toMatchObject(refused);
  await expect(listAllApiKeys(context, { identifier: null })).rejects.toMatchObject(refused);
  await expect(revokeAnyApiKey(context, { keyId: 1n })).rejects.toMatchObject(refused);
});
