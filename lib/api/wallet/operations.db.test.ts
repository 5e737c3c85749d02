import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { fillAccount } from "@/e2e/support/long-account";
import { createUser, fundWallet, recordPendingDeposit, type TestUser } from "@/e2e/support/people";
import { createSaver, put, vaultOf } from "@/e2e/support/vaults";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { listOperations } from "@/lib/services/operations/list-operations";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { requestApiWithdrawal } from "@/lib/services/withdrawals/request-api-withdrawal";
import { createApi } from "../route-table";

const { db, owner } = await useDatabase();
const DAY_MS = 24 * 60 * 60 * 1000;

beforeAll(() => overrideProviders([createFakeProvider("test")]));
afterAll(() => overrideProviders(null));

/** Keys whose text is the user's id, with the permission to read only. */
const api = createApi(
  testDependencies(() => db, {
    accessToken: () => Promise.reject(new Error("no tokens here")),
    apiKey: async (key) => ({
      actor: { kind: "api_key", userId: BigInt(key), keyId: 5n },
      permissions: ["read"],
    }),
  }),
);

async function read(user: TestUser, path: string) {
  const headers = { "x-api-key": user.userId.toString() };
  const answer = await api.answer(new Request(`http://localhost:3000${path}`, { headers }));
  return { status: answer.status, body: await answer.json() };
}

const readOperation = (user: TestUser, reference: string) =>
  read(user, `/api/wallet/operations/${reference}`);

describe("GET /api/wallet/operations/{reference}", () => {
  it("tells how a withdrawal stands, with its steps", async () => {
    const user = await createUser(db);
    await fundWallet(db, user.walletId, money(5_000n, "XOF"));
    const { reference } = await requestApiWithdrawal(user.context, {
      amountMinor: 2_000n,
      currency: "XOF",
      method: "wave",
      phone: "+22670000001",
      bank: null,
      key: null,
    });
    expect(await readOperation(user, reference)).toMatchObject({
      status: 200,
      body: {
        reference,
        type: "withdrawal",
        direction: "out",
        status: "pending",
        state: "in_progress",
        reason: "awaiting_provider",
        amount_minor: 2_000,
        currency: "XOF",
        method: "wave",
        recipient_wallet_number: null,
        taken_back_minor: 0,
        steps: [{ state: "in_progress", at: expect.any(String) }],
      },
    });
  });

  it("tells of deposits, transfers and vault operations too, to each side of a transfer", async () => {
    const [saver, friend] = [await createSaver(db), await createUser(db)];
    const reference = await recordPendingDeposit(db, saver.walletId, money(700n, "XOF"));
    expect((await readOperation(saver, reference)).body).toMatchObject({
      type: "deposit",
      state: "in_progress",
      reason: "awaiting_payment",
    });
    const sent = await sendTransfer(saver.context, {
      walletNumber: friend.walletNumber,
      amount: money(300n, "XOF"),
      note: "Riz",
    });
    for (const [user, direction] of [
      [saver, "out"],
      [friend, "in"],
    ] as const) {
      expect((await readOperation(user, sent.reference)).body).toMatchObject({
        type: "transfer",
        direction,
        recipient_wallet_number: friend.walletNumber,
        note: "Riz",
        state: "succeeded",
        steps: [{ state: "succeeded" }],
      });
    }
    await put(saver.context, await vaultOf(saver), 100n);
    const [newest] = (await listOperations(saver.context, { limit: 1 })).operations;
    expect((await readOperation(saver, newest?.reference ?? "")).body).toMatchObject({
      type: "vault_deposit",
      method: null,
    });
  });

  it("doesn't know what is somebody else's, or nobody's", async () => {
    const [user, stranger] = [await createUser(db), await createUser(db)];
    const reference = await fundWallet(db, user.walletId, money(700n, "XOF"));
    const missing = await readOperation(stranger, "TXN-222222222222");
    expect(missing).toMatchObject({ status: 404, body: { code: "not_found" } });
    const others = await readOperation(stranger, reference);
    expect({ ...others.body, request_id: "" }).toEqual({ ...missing.body, request_id: "" });
    for (const text of ["x".repeat(65), "%00", "txn%20"]) {
      expect([404, 422]).toContain((await readOperation(user, text)).status);
    }
  });
});

describe("GET /api/wallet/balance-history", () => {
  it("answers the balance at the end of each day of UTC, and now", async () => {
    const user = await createUser(db);
    const now = Date.now();
    // Ten in, five out, in turn: at noon of each of the last four days.
    const first = new Date(now - (now % DAY_MS) - 4 * DAY_MS + DAY_MS / 2);
    const account = chart.available(user.walletId, "XOF");
    await fillAccount(owner, account, { count: 4, first, stepSeconds: DAY_MS / 1_000 });
    const { status, body } = await read(user, "/api/wallet/balance-history?currency=XOF");
    expect([status, body.currency, body.period, body.points.length]).toEqual([200, "XOF", "30d", 31]);
    const tail = body.points.slice(-6) as { at: string; balance: number; balance_minor: number }[];
    expect(tail.map(({ balance_minor }) => balance_minor)).toEqual([0, 10, 5, 15, 10, 10]);
    expect(tail.slice(0, -1).every(({ at }) => at.endsWith("T00:00:00.000Z"))).toBe(true);
    expect(Date.parse(tail.at(-1)?.at ?? "")).toBeGreaterThanOrEqual(now);
  });

  it("answers nairas unless asked, and a whole year", async () => {
    const user = await createUser(db);
    await fundWallet(db, user.walletId, money(150_050n, "NGN"));
    const { body } = await read(user, "/api/wallet/balance-history?period=1y");
    expect([body.currency, body.points.length]).toEqual(["NGN", 53]);
    expect(body.points.at(-1)).toMatchObject({ balance: 1500.5, balance_minor: 150_050 });
    expect(body.points[0]).toMatchObject({ balance: 0, balance_minor: 0 });
  });

  it.each(["period=10y", "currency=EUR"])("refuses %s by name", async (query) => {
    const user = await createUser(db);
    const { status, body } = await read(user, `/api/wallet/balance-history?${query}`);
    const [field] = query.split("=");
    expect([status, body.fields]).toMatchObject([422, [{ field }]]);
  });
});
