import { beforeAll, describe, expect, it } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey, newWalletNumber } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { createApi } from "../route-table";

const { db } = await useDatabase();
let sender: TestUser;
let recipient: TestUser;

const api = createApi(
  testDependencies(() => db, {
    accessToken: async () => ({ kind: "user", userId: sender.userId, sessionId: "test" }),
    apiKey: async () => ({
      actor: { kind: "api_key", userId: sender.userId, keyId: 5n },
      permissions: ["transfer"],
    }),
  }),
);

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const request = new Request(`http://localhost:3000${path}`, {
    method: "POST",
    headers: { "x-api-key": "k", "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const response = await api.answer(request);
  return { response, status: response.status, body: (await response.json()) as Record<string, unknown> };
}

beforeAll(async () => {
  sender = await createUser(db);
  recipient = await createUser(db);
  await fundWallet(db, sender.walletId, money(10_000_000n, "NGN"));
  await fundWallet(db, sender.walletId, money(10_000n, "XOF"));
});

describe("POST /api/wallet/transfer", () => {
  it("answers the contract's fields, in naira without a currency", async () => {
    const sent = await post("/api/wallet/transfer", {
      wallet_number: recipient.walletNumber,
      amount: 300_000,
    });
    expect(sent).toMatchObject({
      status: 200,
      body: {
        status: "success",
        message: "Transfer completed",
        reference: expect.stringMatching(/^TXN-[0-9A-Z]{12}$/),
        amount: 3000,
        amount_minor: 300_000,
        currency: "NGN",
      },
    });
  });

  it("answers a key's first answer again, and says so", async () => {
    const body = { wallet_number: recipient.walletNumber, amount: 500, currency: "XOF", note: "Merci" };
    const key = { "idempotency-key": newKey() };
    const first = await post("/api/wallet/transfer/", body, key);
    const again = await post("/api/wallet/transfer/", body, key);
    expect(again.body).toEqual(first.body);
    expect(first.response.headers.get("idempotency-replayed")).toBeNull();
    expect(again.response.headers.get("idempotency-replayed")).toBe("true");
    const other = await post("/api/wallet/transfer", { ...body, amount: 501 }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_mismatch"]);
  });

  it.each<[string, object, number, string, string[]?]>([
    ["a wrong check digit", { wallet_number: "1234567890123" }, 422, "validation_failed", ["wallet_number"]],
    ["a number that nobody has", { wallet_number: newWalletNumber() }, 404, "recipient_not_found"],
    ["more than there is", { amount: 10_000_001 }, 400, "insufficient_funds"],
    ["an amount as text", { amount: "500" }, 422, "validation_failed", ["amount"]],
    ["an amount with decimals", { amount: 5.5 }, 422, "validation_failed", ["amount"]],
    ["nothing", { amount: 0 }, 422, "validation_failed", ["amount"]],
    ["a currency that we don't know", { currency: "EUR" }, 422, "validation_failed", ["currency"]],
    ["a note of two lines", { note: "one\ntwo" }, 422, "validation_failed", ["note"]],
  ])("refuses %s", async (_, change, status, code, fields) => {
    const body = { wallet_number: recipient.walletNumber, amount: 100, currency: "XOF", ...change };
    const refused = await post("/api/wallet/transfer", body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    const named = (refused.body.fields as { field: string }[] | undefined)?.map(({ field }) => field);
    expect(named).toEqual(fields);
  });

  it("refuses the sender's own number", async () => {
    const refused = await post("/api/wallet/transfer", { wallet_number: sender.walletNumber, amount: 100 });
    expect([refused.status, refused.body.code]).toEqual([400, "recipient_is_self"]);
  });
});

describe("POST /api/wallet/transfers", () => {
  const item = (change: object = {}) => ({
    wallet_number: recipient.walletNumber,
    amount: 100,
    currency: "XOF",
    ...change,
  });

  it("answers a verdict for each, in order, and the same again with its key", async () => {
    const list = {
      transfers: [item(), item({ amount: 999_999_999 }), item({ currency: undefined, amount: 250 })],
    };
    const key = { "idempotency-key": newKey() };
    const sent = await post("/api/wallet/transfers", list, key);
    expect(sent.body).toMatchObject({ count: 3, sent: 2 });
    expect(sent.body.transfers).toMatchObject([
      { status: "success", amount: 100, currency: "XOF", code: null, detail: null },
      { status: "failed", reference: null, code: "insufficient_funds", detail: "Insufficient balance" },
      { status: "success", amount: 2.5, amount_minor: 250, currency: "NGN" },
    ]);
    const again = await post("/api/wallet/transfers", list, key);
    expect(again.body).toEqual(sent.body);
    expect(again.response.headers.get("idempotency-replayed")).toBe("true");
  });

  it("names each field that can't be read, and moves nothing", async () => {
    const list = { transfers: [item(), item({ wallet_number: "12" }), item({ amount: -1 })] };
    const refused = await post("/api/wallet/transfers", list);
    expect(refused.status).toBe(422);
    expect(refused.body.fields).toEqual([
      { field: "transfers.1.wallet_number", reason: "wallet_number_invalid" },
      { field: "transfers.2.amount", reason: "not_positive" },
    ]);
  });

  it("takes five hundred with the longest notes, and refuses one more, none, and a bare array", async () => {
    const longest = item({ amount: 1, note: "\u{1F9D1}".repeat(140) });
    const full = await post("/api/wallet/transfers", { transfers: Array<object>(500).fill(longest) });
    expect(full.body).toMatchObject({ count: 500, sent: 500 });
    for (const body of [{ transfers: Array<object>(501).fill(item()) }, { transfers: [] }, [item()], {}]) {
      const refused = await post("/api/wallet/transfers", body);
      expect([refused.status, refused.body.code]).toEqual([422, "validation_failed"]);
    }
  });
});
