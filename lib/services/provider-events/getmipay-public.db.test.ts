import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { adapterEnv, CONFIRM, fastOptions, submitPage } from "@/e2e/support/getmipay-fixture";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { webhookRoute } from "@/lib/api/webhooks";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { createPublicGetMiPay } from "@/lib/providers/getmipay/public";
import { overrideProviders } from "@/lib/providers/registry";
import { startSandbox } from "@/lib/sandbox/server";
import { startApiDeposit } from "../deposits/start-api-deposit";
import { getOperation } from "../operations/get-operation";
import { requestApiWithdrawal } from "../withdrawals/request-api-withdrawal";
import { submitWithdrawal } from "../withdrawals/submit-withdrawal";
import { processWebhook } from "./process-webhook";

/** The whole way in the public dialect: our verbs, the adapter, the sandbox over HTTP, its callbacks through our route. */
const { db, owner } = await useDatabase();
const route = webhookRoute("getmipay", () => db);
const deployment = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const incoming = new Request(`http://localhost${request.url}`, {
      method: "POST",
      body: Buffer.concat(chunks),
    });
    void route(incoming).then(({ status }) => response.writeHead(status).end());
  });
});
await new Promise<void>((resolve) => deployment.listen(0, "127.0.0.1", resolve));
const callbackUrl = `http://127.0.0.1:${(deployment.address() as AddressInfo).port}/webhook/getmipay/`;
const sandbox = await startSandbox(fastOptions());
const adapter = createPublicGetMiPay(
  parseSettings(getMiPayManifest.settings, {
    ...adapterEnv(`${sandbox.url}/api/v1`),
    GETMIPAY_DIALECT: "public",
    GETMIPAY_SERVICES: "wave:BF=901,orange_money:BF:out=5",
  }),
);
// Our own address is nobody's in a test: the sandbox is told where this deployment listens.
overrideProviders([
  {
    ...adapter,
    createCollection: (request) => adapter.createCollection({ ...request, callbackUrl }),
  },
]);

afterAll(async () => {
  overrideProviders(null);
  await sandbox.close();
  deployment.closeAllConnections();
  await new Promise((resolve) => deployment.close(resolve));
});

const PHONE = "+22670123456";
const worker = () => createContext(db, { kind: "system" });

async function available({ walletId }: TestUser): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.available(walletId, "XOF")]);
  return balance?.amountMinor ?? -1n;
}

async function stateOf(reference: string): Promise<string> {
  const events = await owner<{ id: string }[]>`
    select id from webhook_events where reference = ${reference} and state = 'received' order by id`;
  for (const { id } of events) await processWebhook(worker(), BigInt(id)).catch(() => undefined);
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

async function deposit(user: TestUser) {
  return await startApiDeposit(user.context, {
    amountMinor: 5_000n,
    currency: "XOF",
    method: "wave",
    phone: PHONE,
    key: null,
  });
}

describe("GetMiPay's public dialect, through the services", () => {
  it("a callback at our callback URL makes us query the provider, and the deposit is credited once", async () => {
    const user = await createUser(db);
    const { reference, paymentUrl } = await deposit(user);
    await submitPage(paymentUrl ?? "", CONFIRM);
    await expect.poll(() => stateOf(reference), { timeout: 10_000, interval: 50 }).toBe("succeeded");
    expect(await available(user)).toBe(5_000n);
  });

  it("a callback at a made-up URL is refused and not stored", async () => {
    const user = await createUser(db);
    const { reference } = await deposit(user);
    const forged = `http://localhost/webhook/getmipay/?reference=${reference}&proof=${"0".repeat(64)}`;
    const body = JSON.stringify({ status: "success", amount: 5000, reference });
    const answer = await route(new Request(forged, { method: "POST", body }));
    expect(answer.status).toBe(400);
    const events = await owner`select id from webhook_events where reference = ${reference}`;
    expect([events.length, await stateOf(reference), await available(user)]).toEqual([0, "pending", 0n]);
  });

  it("a payout, which has no callback, is settled by a query", async () => {
    const user = await createUser(db);
    await fundWallet(db, user.walletId, money(10_000n, "XOF"));
    const { reference } = await requestApiWithdrawal(user.context, {
      amountMinor: 2_000n,
      currency: "XOF",
      method: "orange_money",
      phone: PHONE,
      key: null,
    });
    const { id } = await getOperation(user.context, reference);
    await submitWithdrawal(worker(), id);
    await expect
      .poll(
        async () => {
          await submitWithdrawal(worker(), id);
          return await stateOf(reference);
        },
        { timeout: 10_000, interval: 50 },
      )
      .toBe("paid");
    expect(await available(user)).toBe(8_000n);
  });
});
