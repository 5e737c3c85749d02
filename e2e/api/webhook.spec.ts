import { createHmac } from "node:crypto";
import path from "node:path";
import { expect, test } from "@/e2e/support/api";
import { demoSecrets } from "@/lib/server/secrets";

const ADDRESSES = ["/webhook/getmipay", "/webhook/getmipay/"];
const WELL_UNDER_A_SECOND_MS = 900;

function sign(body: string): string {
  const { GETMIPAY_WEBHOOK_SECRET: secret } = demoSecrets(path.resolve(".data", "e2e"));
  return createHmac("sha256", secret).update(body).digest("hex");
}

function completedPayment(reference: string): string {
  const data = { transaction_id: "gmp_txn_x", reference, status: "completed", amount: 5000, currency: "XOF" };
  return JSON.stringify({ event: "payment.completed", transaction_id: "gmp_txn_x", data });
}

for (const address of ADDRESSES) {
  test(`POST ${address} answers a signed webhook itself, without a redirect, and quickly`, async ({
    request,
    person,
    deployment,
  }) => {
    const body = completedPayment("TXN-UNKNOWN22222");
    const from = Date.now();
    const answer = await request.post(address, {
      data: body,
      headers: { "content-type": "application/json", "x-signature": sign(body) },
      maxRedirects: 0,
    });
    expect(Date.now() - from).toBeLessThan(WELL_UNDER_A_SECOND_MS);
    expect(answer.status()).toBe(200);
    expect(await answer.json()).toEqual({ status: "ok" });
    expect((await deployment.balanceOf(person)).available).toBe(0n);
  });

  for (const [what, signature] of [
    ["without a signature", null],
    ["with a wrong signature", "0".repeat(64)],
    ["with a signature that isn't one", "é"],
    ["with an empty signature", ""],
  ] as const) {
    test(`POST ${address} ${what} is refused as JSON`, async ({ request }) => {
      const answer = await request.post(address, {
        data: completedPayment("TXN-UNKNOWN22222"),
        headers: {
          "content-type": "application/json",
          ...(signature === null ? {} : { "x-signature": Buffer.from(signature).toString("latin1") }),
        },
        maxRedirects: 0,
      });
      expect(answer.status()).toBe(400);
      expect(await answer.json()).toMatchObject({ detail: "Invalid signature", code: "invalid_signature" });
    });
  }
}

test("a webhook without an event is refused as JSON, and kept when it is rightly signed", async ({
  request,
}) => {
  for (const body of ["not json", "", "[]", "null", '"text"', "{", "\u0000"]) {
    for (const signature of [sign(body), "0".repeat(64)]) {
      const answer = await request.post("/webhook/getmipay", {
        data: Buffer.from(body),
        headers: { "content-type": "application/json", "x-signature": signature },
      });
      const isSigned = signature === sign(body);
      expect(answer.status(), JSON.stringify(body)).toBe(isSigned ? 200 : 400);
      if (isSigned) continue;
      expect(await answer.json()).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
    }
  }
});

test("a webhook of 10 MB is refused, quickly", async ({ request }) => {
  const body = JSON.stringify({ event: "x".repeat(10 * 1024 * 1024) });
  const from = Date.now();
  const answer = await request.post("/webhook/getmipay", {
    data: body,
    headers: { "content-type": "application/json", "x-signature": sign(body) },
  });
  expect(answer.status()).toBe(413);
  expect(await answer.json()).toMatchObject({ code: "payload_too_large" });
  expect(Date.now() - from).toBeLessThan(3_000);
});

test("a webhook nested deeply is kept for a person to read, quickly", async ({ request }) => {
  // Just below what a body may hold.
  const depth = 30_000;
  const body = "[".repeat(depth) + "]".repeat(depth);
  const from = Date.now();
  const answer = await request.post("/webhook/getmipay", {
    data: body,
    headers: { "content-type": "application/json", "x-signature": sign(body) },
  });
  expect(answer.status()).toBe(200);
  expect(Date.now() - from).toBeLessThan(WELL_UNDER_A_SECOND_MS);
});

test("a well signed webhook credits exactly the requested amount, once, however often it comes", async ({
  request,
  signedIn,
  person,
  deployment,
}) => {
  const { bodyOfForm, post } = await import("@/e2e/support/form-post");
  const { APP_URL } = await import("@/e2e/support/started-deployment");
  const html = await (await signedIn.get("/wallet/topup")).text();
  const typed = { amount: "5000", phone: "+22670123456", method: "wave" };
  await post(signedIn, "/wallet/topup", bodyOfForm(html, "amount", typed), { origin: APP_URL });
  const [operation] = await deployment.operationsOf(person);
  const id = operation?.providerReference;
  const send = (amount: number) => {
    const data = { transaction_id: id, reference: operation?.reference, status: "completed", amount };
    const whole = { ...data, currency: "XOF", method: "wave", live: false };
    const body = JSON.stringify({ event: "payment.completed", transaction_id: id, data: whole });
    const headers = { "content-type": "application/json", "x-signature": sign(body) };
    return request.post("/webhook/getmipay/", { data: body, headers });
  };
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(5_000)));
  expect(answers.map((answer) => answer.status())).toEqual(Array(10).fill(200));
  await expect.poll(async () => (await deployment.balanceOf(person)).available).toBe(5_000n);
  expect((await send(5_000)).status()).toBe(200);
  expect((await send(500_000)).status()).toBe(200);
  await expect.poll(async () => (await deployment.operationsOf(person))[0]?.status).not.toBe("in_progress");
  expect((await deployment.balanceOf(person)).available).toBe(5_000n);
});
