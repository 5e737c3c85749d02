import { describe, expect, it } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { payMoneyRequest } from "@/lib/services/money-requests/pay-money-request";
import { quoteMoneyRequest } from "@/lib/services/money-requests/quote-money-request";
import { createApi } from "../route-table";

const { db } = await useDatabase();

/** Keys and tokens whose text is the user's id. */
const api = createApi(
  testDependencies(() => db, {
    accessToken: async (token) => ({ kind: "user", userId: BigInt(token), sessionId: "test" }),
    apiKey: async (key) => ({
      actor: { kind: "api_key", userId: BigInt(key), keyId: 5n },
      permissions: ["deposit", "read"],
    }),
  }),
);

async function call(user: TestUser, method: string, path: string, body?: object, key?: string) {
  const headers = {
    "x-api-key": user.userId.toString(),
    ...(body && { "content-type": "application/json" }),
    ...(key && { "idempotency-key": key }),
  };
  const answer = await api.answer(
    new Request(`http://localhost:3000${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

describe("requests for money by the API", () => {
  it("are made once a key, paid by their link, and tell how they stand", async () => {
    const [shop, buyer] = [await createUser(db), await createUser(db, { pin: TEST_PIN })];
    await fundWallet(db, buyer.walletId, money(5_000n, "XOF"));
    const body = { amount: 1_500, currency: "XOF", note: "Order 1207" };
    const key = newKey();
    const made = await call(shop, "POST", "/api/wallet/requests", body, key);
    expect(made).toMatchObject({
      status: 200,
      body: {
        status: "open",
        amount: 1_500,
        amount_minor: 1_500,
        note: "Order 1207",
        payer_wallet_number: null,
      },
    });
    const again = await call(shop, "POST", "/api/wallet/requests", body, key);
    expect(again.body).toEqual(made.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await call(shop, "POST", "/api/wallet/requests", { ...body, amount: 2 }, key)).status).toBe(422);
    const token = new URL(made.body.url).pathname.replace("/r/", "");
    const { quoteId } = await quoteMoneyRequest(buyer.context, { requestId: made.body.id, token });
    const { reference } = await payMoneyRequest(buyer.context, { quoteId, pin: TEST_PIN });
    expect((await call(shop, "GET", `/api/wallet/requests/${made.body.id}`)).body).toMatchObject({
      status: "paid",
      reference,
    });
    // The one who paid is no asker: no link.
    expect((await call(buyer, "GET", `/api/wallet/requests/${made.body.id}`)).body.url).toBeNull();
    const other = await createUser(db);
    expect((await call(other, "GET", `/api/wallet/requests/${made.body.id}`)).status).toBe(404);
    expect((await call(other, "GET", "/api/wallet/requests/1")).status).toBe(404);
  });

  it("name a wallet by its number, and nothing else", async () => {
    const [shop, buyer] = [await createUser(db), await createUser(db)];
    const body = { wallet_number: buyer.walletNumber, amount: 1_500 };
    expect((await call(shop, "POST", "/api/wallet/requests", body)).body).toMatchObject({
      currency: "NGN",
      payer_wallet_number: buyer.walletNumber,
    });
    const refusals = [
      [{ ...body, wallet_number: "+22670123456" }, 422],
      [{ ...body, wallet_number: "1000000000009" }, 404],
      [{ ...body, wallet_number: shop.walletNumber }, 400],
      [{ ...body, amount: -1 }, 422],
      [{ ...body, amount: 1.5 }, 422],
      [{ ...body, note: "a".repeat(141) }, 422],
    ] as const;
    for (const [refused, status] of refusals) {
      expect([refused, (await call(shop, "POST", "/api/wallet/requests", refused)).status]).toEqual([
        refused,
        status,
      ]);
    }
  });
});
