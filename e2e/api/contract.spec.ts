import { expect, test } from "@playwright/test";
import { type ApiCaller, apiClient, payAtPaystack, type Send } from "@/e2e/support/api-client";
import { APP_URL } from "@/e2e/support/deployment-addresses";
import { newGooglePerson, signInByApi } from "@/e2e/support/google-sign-in";
import { sendToRouteHandlers } from "@/e2e/support/next-route-handlers";

/** The second is for deployments that run Next without our server in front of it. */
const WAYS: readonly (readonly [name: string, send: Send])[] = [
  ["the API server in front of Next", fetch],
  ["the handlers that Next's routes export", sendToRouteHandlers],
];

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const REFERENCE = /^TXN-[A-Z0-9]{12}$/;

/** Waits some seconds: the webhook has to come, and the worker to check the payment with Paystack. */
async function waitForSuccess(call: ApiCaller, token: string, reference: string): Promise<void> {
  await expect
    .poll(
      async () =>
        (await call("GET", `/api/wallet/deposit/${reference}/status`, { as: { token } })).body.status,
    )
    .toBe("success");
}

/** Somebody who signed in with Google: the answer's body. */
type SignedIn = Awaited<ReturnType<typeof signInByApi>>["body"];

async function signIn(call: ApiCaller): Promise<SignedIn> {
  const begun = await call("GET", "/api/auth/google");
  expect(begun.status).toBe(200);
  expect(Object.keys(begun.body)).toEqual(["authorization_url"]);
  const john = newGooglePerson("John", "Doe");
  const signedIn = await signInByApi(call, john);
  expect(signedIn.status).toBe(200);
  expect(signedIn.body).toEqual({
    access: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    refresh: expect.stringMatching(/^\S{32,}$/),
    token_type: "Bearer",
    user: {
      id: expect.any(Number),
      email: john.email,
      first_name: "John",
      last_name: "Doe",
      wallet_number: expect.stringMatching(/^[1-9]\d{12}$/),
      profile_picture: expect.stringMatching(/^https?:/),
    },
  });
  return signedIn.body;
}

/** Creates a key and finds it in the list. */
async function createKey(call: ApiCaller, token: string): Promise<{ key: string; keyId: number }> {
  const wanted = { name: "test-key", permissions: ["deposit", "transfer", "read"], expiry: "1M" };
  const created = await call("POST", "/api/keys/create", { as: { token }, body: wanted });
  expect(created.status).toBe(200);
  expect(created.body).toEqual({
    api_key: expect.stringMatching(/^sk_live_[\w-]{32,}$/),
    expires_at: expect.stringMatching(ISO_UTC),
    name: "test-key",
    permissions: ["deposit", "transfer", "read"],
  });
  const key = created.body.api_key;
  const listed = await call("GET", "/api/keys/list", { as: { token } });
  expect(listed.status).toBe(200);
  expect(listed.body).toEqual([
    {
      id: expect.any(Number),
      name: "test-key",
      prefix: key.slice(0, 12),
      permissions: ["deposit", "transfer", "read"],
      expires_at: created.body.expires_at,
      is_revoked: false,
      is_expired: false,
      is_active: true,
      created_at: expect.stringMatching(ISO_UTC),
      last_used_at: null,
    },
  ]);
  return { key, keyId: listed.body[0].id };
}

/** Starts a deposit of 5,000 naira and pays it at its authorization_url. Answers its reference. */
async function payDeposit(call: ApiCaller, key: string, token: string): Promise<string> {
  const deposit = await call("POST", "/api/wallet/deposit", { as: { key }, body: { amount: 500000 } });
  expect(deposit.status).toBe(200);
  expect(deposit.body).toMatchObject({
    reference: expect.stringMatching(REFERENCE),
    authorization_url: expect.stringMatching(/^http/),
    amount: 5000,
    amount_minor: 500000,
    currency: "NGN",
    status: "pending",
  });
  const { reference } = deposit.body;
  const status = `/api/wallet/deposit/${reference}/status`;
  const pending = await call("GET", status, { as: { token } });
  expect(pending.status).toBe(200);
  expect(pending.body).toMatchObject({ reference, status: "pending", amount: 5000 });
  await payAtPaystack(deposit.body.authorization_url);
  await waitForSuccess(call, token, reference);
  const paid = await call("GET", status, { as: { key } });
  expect(paid.body).toMatchObject({ reference, status: "success", amount: 5000 });
  return reference;
}

/** Transfers 3,000 of the 5,000 naira; more than the rest is refused. Answers the transfer's reference. */
async function transfer(call: ApiCaller, key: string, recipient: SignedIn): Promise<string> {
  const send = (amount: number) =>
    call("POST", "/api/wallet/transfer", {
      as: { key },
      body: { wallet_number: recipient.user.wallet_number, amount },
    });
  const sent = await send(300000);
  expect(sent.status).toBe(200);
  expect(sent.body).toMatchObject({
    status: "success",
    message: "Transfer completed",
    reference: expect.stringMatching(REFERENCE),
    amount: 3000,
  });
  const tooMuch = await send(200001);
  expect([tooMuch.status, tooMuch.body.detail]).toEqual([400, "Insufficient balance"]);
  return sent.body.reference;
}

/** The transfer and the deposit in the sender's history, the transfer in the recipient's. */
async function expectHistories(
  call: ApiCaller,
  as: { key: string; recipient: SignedIn },
  references: { deposit: string; transfer: string },
): Promise<void> {
  const { key, recipient } = as;
  const history = await call("GET", "/api/wallet/transactions", { as: { key } });
  expect(history.status).toBe(200);
  expect(history.body).toMatchObject({ count: 2, next_cursor: null });
  expect(history.body.transactions).toMatchObject([
    {
      id: expect.any(Number),
      type: "transfer",
      amount: 3000,
      status: "success",
      reference: references.transfer,
      recipient_wallet_number: recipient.user.wallet_number,
      created_at: expect.stringMatching(ISO_UTC),
    },
    {
      id: expect.any(Number),
      type: "deposit",
      amount: 5000,
      status: "success",
      reference: references.deposit,
      recipient_wallet_number: null,
      created_at: expect.stringMatching(ISO_UTC),
    },
  ]);
  const token = recipient.access;
  const received = await call("GET", "/api/wallet/transactions", { as: { token } });
  expect(received.body.transactions).toMatchObject([
    { reference: references.transfer, amount: 3000, counterparty: "John D.", direction: "in" },
  ]);
  expect((await call("GET", "/api/wallet/balance", { as: { token } })).body.balance).toBe(3000);
}

/** A revoked key is refused at once. */
async function revokeKey(call: ApiCaller, token: string, { key, keyId }: { key: string; keyId: number }) {
  const revoked = await call("POST", "/api/keys/revoke", { as: { token }, body: { key_id: keyId } });
  expect([revoked.status, revoked.body]).toEqual([200, { message: "API key revoked successfully" }]);
  const after = await call("GET", "/api/wallet/balance", { as: { key } });
  expect([after.status, after.body.detail]).toEqual([401, "Invalid, expired or revoked API key"]);
}

/** A refresh token is used once; after a logout neither token works. */
async function refreshAndLogOut(call: ApiCaller, { refresh, user }: SignedIn): Promise<void> {
  const refreshed = await call("POST", "/api/auth/refresh", { body: { refresh } });
  expect(refreshed.status).toBe(200);
  expect(refreshed.body.refresh).not.toBe(refresh);
  const as = { token: refreshed.body.access };
  expect((await call("GET", "/api/auth/me", { as })).body).toMatchObject({
    email: user.email,
    wallet_number: user.wallet_number,
  });
  expect((await call("POST", "/api/auth/logout", { as })).status).toBe(204);
  expect((await call("GET", "/api/auth/me", { as })).status).toBe(401);
  const again = await call("POST", "/api/auth/refresh", { body: { refresh: refreshed.body.refresh } });
  expect(again.status).toBe(401);
}

for (const [server, send] of WAYS) {
  test(`the contract's complete test flow holds word for word (${server})`, async () => {
    const call = apiClient(APP_URL, send);
    const john = await signIn(call);
    const token = john.access;
    const recipient = (await signInByApi(call, newGooglePerson("Awa", "Traoré"))).body;
    const created = await createKey(call, token);
    const { key } = created;
    const deposit = await payDeposit(call, key, token);
    const balance = await call("GET", "/api/wallet/balance", { as: { key } });
    expect(balance.status).toBe(200);
    expect(balance.body).toMatchObject({
      balance: 5000,
      currency: "NGN",
      available_minor: 500000,
      held_minor: 0,
      wallet_number: john.user.wallet_number,
    });
    const sent = await transfer(call, key, recipient);
    await expectHistories(call, { key, recipient }, { deposit, transfer: sent });
    await revokeKey(call, token, created);
    await refreshAndLogOut(call, john);
  });

  test(`every address answers with a slash at its end too, never with a redirect (${server})`, async () => {
    const call = apiClient(APP_URL, send);
    const { access: token } = (await signInByApi(call)).body;
    const reads = [
      "/api/auth/google/",
      "/api/auth/me/",
      "/api/keys/list/",
      "/api/wallet/balance/",
      "/api/wallet/transactions/",
    ];
    for (const path of reads) {
      expect((await call("GET", path, { as: { token } })).status, path).toBe(200);
    }
    const writes = [
      "/api/keys/create/",
      "/api/wallet/deposit/",
      "/api/wallet/transfer/",
      "/api/wallet/transfers/",
      "/api/wallet/withdraw/",
    ];
    for (const path of writes) {
      expect((await call("POST", path, { as: { token }, body: {} })).status, path).toBe(422);
    }
    expect((await call("POST", "/api/wallet/paystack/webhook/", { body: {} })).status).toBe(400);
    expect((await call("POST", "/webhook/getmipay/", { body: {} })).status).toBe(400);
  });

  test(`a repeated deposit, transfer and list with one key happens once (${server})`, async () => {
    const call = apiClient(APP_URL, send);
    const mine = (await signInByApi(call)).body;
    const other = (await signInByApi(call)).body;
    const as = { token: mine.access };
    const post = (path: string, key: string, body: object) =>
      call("POST", path, { as, body, headers: { "idempotency-key": key } });
    const deposit = () => post("/api/wallet/deposit", `d-${mine.user.id}`, { amount: 100000 });
    const first = await deposit();
    const second = await deposit();
    expect(second.body).toEqual(first.body);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    await payAtPaystack(first.body.authorization_url);
    await waitForSuccess(call, mine.access, first.body.reference);

    const transferSome = () =>
      post("/api/wallet/transfer", `t-${mine.user.id}`, {
        wallet_number: other.user.wallet_number,
        amount: 40000,
      });
    const answers = await Promise.all(Array.from({ length: 8 }, transferSome));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.reference)).size).toBe(1);
    const otherBody = await post("/api/wallet/transfer", `t-${mine.user.id}`, {
      wallet_number: other.user.wallet_number,
      amount: 40001,
    });
    expect([otherBody.status, otherBody.body.code]).toEqual([422, "idempotency_mismatch"]);

    const balance = await call("GET", "/api/wallet/balance", { as });
    expect(balance.body.available_minor).toBe(60000);
  });
}

test("Next has these handlers below /api and /webhook, with a slash at the end too, and never redirects", async () => {
  const call = apiClient(APP_URL);
  for (const path of ["/api/nowhere", "/api/nowhere/", "/webhook/nowhere", "/webhook/nowhere/"]) {
    for (const method of ["GET", "POST"] as const) {
      const { status, body } = await call(method, path);
      expect([status, body.code], `${method} ${path}`).toEqual([404, "not_found"]);
    }
  }
});
