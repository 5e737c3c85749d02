import { afterAll, beforeAll, expect, it } from "vitest";
import { newReference, submitPage } from "@/e2e/support/getmipay-fixture";
import {
  chargeOrder,
  PAY,
  PAYSTACK_KEY,
  type PaystackFixture,
  paystackEnv,
  startPaystackFixture,
  transferOrder,
} from "@/e2e/support/paystack-fixture";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from "@/lib/providers/paystack";
import { paystackManifest } from "@/lib/providers/paystack/manifest";

const createAdapter = (url: string) =>
  createPaystack(parseSettings(paystackManifest.settings, paystackEnv(url)));

let fixture: PaystackFixture<ReturnType<typeof createAdapter>>;
beforeAll(async () => {
  fixture = await startPaystackFixture(createAdapter);
});
afterAll(() => fixture.close());

it("the list shows every transaction of the requested time with its state, however many pages it has", async () => {
  const { adapter } = fixture;
  const paid = newReference();
  const { paymentUrl } = await adapter.createCollection(chargeOrder(paid, 500_000));
  await submitPage(paymentUrl, PAY);
  const payout = newReference();
  await adapter.createPayout(transferOrder(payout, 200_000));
  const others = Array.from({ length: 60 }, () => newReference());
  for (const reference of others) await adapter.createCollection(chargeOrder(reference, 300_000));

  const now = new Date();
  const listed = (await adapter.listTransactions?.(new Date(now.getTime() - 60_000), now)) ?? [];
  const stateOf = (reference: string) =>
    listed
      .filter((one) => one.reference === reference)
      .map(({ direction, status }) => `${direction} ${status}`);
  expect(stateOf(paid)).toEqual(["in succeeded"]);
  expect(stateOf(payout)).toEqual([expect.stringMatching(/^out (pending|succeeded)$/)]);
  for (const reference of others) expect(stateOf(reference)).toEqual(["in pending"]);
  expect(listed).toHaveLength(62);
  expect(await adapter.listTransactions?.(new Date(0), new Date(now.getTime() - 60_000))).toEqual([]);
});

it("the list is refused without the key", async () => {
  for (const path of ["transaction", "transfer"]) {
    const answer = await fetch(`${fixture.sandbox.url}/paystack/${path}`, {
      headers: { authorization: `Bearer ${PAYSTACK_KEY}x` },
    });
    expect(answer.status).toBe(401);
  }
});
