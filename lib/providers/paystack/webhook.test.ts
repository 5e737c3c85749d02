import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { paystackManifest } from "./manifest";
import { verifyPaystackWebhook } from "./webhook";

const KEY = "sk_test_0123456789abcdef";
const hmac = (content: string | Uint8Array, algorithm = "sha512", key = KEY) =>
  createHmac(algorithm, key).update(content).digest("hex");
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url));

function verify(body: string | Uint8Array, signature: string) {
  const headers = new Headers({ "x-paystack-signature": signature });
  return verifyPaystackWebhook(Buffer.from(body), headers, KEY);
}

const signed = (body: string | Uint8Array) => verify(body, hmac(body));
const charge = {
  id: 7,
  status: "success",
  reference: "TXN-23456789ABCD",
  amount: 500_000,
  currency: "NGN",
  domain: "test",
};
const transfer = { ...charge, reference: "txn-efghjkmnpqrs-payout", transfer_code: "TRF_1" };
const event = (name: unknown, data: unknown) => signed(JSON.stringify({ event: name, data }));

describe("a callback is mapped to our terms", () => {
  it("a charge whose payer bore the fees is worth the requested amount", () => {
    expect(signed(fixture("charge-success"))).toEqual({
      kind: "collection",
      status: "succeeded",
      eventKey: "charge.success:4099260516",
      reference: "TXN-23456789ABCD",
      providerReference: "TXN-23456789ABCD",
      amount: money(500_000n, "NGN"),
      currencyCode: "NGN",
      reasonCode: null,
      live: false,
      paidAt: new Date("2026-11-20T09:31:16.000Z"),
      mentions: expect.arrayContaining(["TXN-23456789ABCD"]),
    });
  });

  it("an old charge, with metadata 0, no fees and no requested amount, too", () => {
    expect(signed(fixture("charge-success-old"))).toMatchObject({
      kind: "collection",
      status: "succeeded",
      amount: money(500_000n, "NGN"),
      live: true,
    });
  });

  it("a transfer has our reference again, with today's spelling of timestamps", () => {
    expect(signed(fixture("transfer-success"))).toMatchObject({
      kind: "payout",
      status: "succeeded",
      eventKey: "transfer.success:37272792",
      reference: "TXN-EFGHJKMNPQRS",
      providerReference: "TRF_test000000001",
      amount: money(200_000n, "NGN"),
    });
  });

  it("and with the older spelling; its reason loses the account number", () => {
    expect(signed(fixture("transfer-reversed-old"))).toMatchObject({
      kind: "payout",
      status: "reversed",
      eventKey: "transfer.reversed:20615868",
      reference: "TXN-EFGHJKMNPQRS",
      reasonCode: "account_is_closed",
    });
  });

  it.each([0, "", null, {}, '{"user_id":1}', [], { user_id: "1" }, 7])("metadata may be %j", (metadata) => {
    expect(event("charge.success", { ...charge, metadata })).toMatchObject({
      kind: "collection",
      status: "succeeded",
    });
  });

  it("a transfer that isn't ours has no reference", () => {
    expect(event("transfer.success", { ...transfer, reference: "may_salary_000001" })).toMatchObject({
      kind: "payout",
      reference: null,
    });
  });

  it("without an id, the reference names the event", () => {
    const { id: _, ...anonymous } = transfer;
    const received = event("transfer.failed", { ...anonymous, status: "failed" });
    expect(received?.eventKey).toBe("transfer.failed:TXN-EFGHJKMNPQRS");
  });
});

describe("events that move nothing", () => {
  it.each([
    ["refund.processed", { amount: "500000" }],
    ["charge.dispute.create", {}],
    ["invoice.create", {}],
    ["bank.transfer.rejected", charge],
    ["constructor", charge],
    ["", charge],
    [7, charge],
    ["charge.success", null],
    ["charge.success", [charge]],
    ["charge.success", { ...charge, status: "failed" }],
    ["charge.success", { ...charge, status: undefined }],
    ["charge.success", { ...charge, id: null, reference: null }],
    ["transfer.success", { ...transfer, status: "reversed" }],
    ["transfer.reversed", { ...transfer, status: "success" }],
  ])("%j with %o is unknown, under its own key", (name, data) => {
    const received = event(name, data);
    expect(received).toMatchObject({ kind: "unknown", status: "pending", amount: null });
    expect(received?.eventKey).toMatch(/^unknown\./);
    expect(event(name, data)?.eventKey).toBe(received?.eventKey);
  });

  it("an amount that is no whole number of kobo is none", () => {
    for (const amount of ["5000.50", 1.5, 0, -1, 2 ** 60, null]) {
      expect(event("charge.success", { ...charge, amount })?.amount).toBeNull();
    }
  });
});

describe("refunds and chargebacks of a charge", () => {
  const refund = {
    status: "processed",
    transaction_reference: charge.reference,
    amount: "200000",
    currency: "NGN",
  };
  const dispute = { id: 99, refund_amount: 500_000, currency: "NGN", transaction: charge };

  it.each([
    ["refund.pending", { ...refund, refund_reference: "RF1" }, "refund", "RF1", "open", 200_000n],
    ["refund.processed", { ...refund, refund_reference: "RF1" }, "refund", "RF1", "lost", 200_000n],
    ["refund.processed", refund, "refund", "TXN-23456789ABCD:200000", "lost", 200_000n],
    [
      "refund.failed",
      { ...refund, refund_reference: "RF1", amount: 200_000 },
      "refund",
      "RF1",
      "won",
      200_000n,
    ],
    [
      "refund.processed",
      { ...refund, refund_reference: "RF1", transaction: { id: 7 } },
      "refund",
      "RF1",
      "lost",
      200_000n,
    ],
    ["REFUND.processed ", { ...refund, refund_reference: "RF1" }, "refund", "RF1", "lost", 200_000n],
    ["charge.dispute.create", dispute, "chargeback", "99", "open", 500_000n],
    ["charge.dispute.remind", dispute, "chargeback", "99", "open", 500_000n],
    [
      "charge.dispute.resolve",
      { ...dispute, resolution: "auto-accepted" },
      "chargeback",
      "99",
      "lost",
      500_000n,
    ],
    ["charge.dispute.resolve", { ...dispute, resolution: "declined" }, "chargeback", "99", "won", 500_000n],
    [
      "charge.dispute.resolve",
      { ...dispute, status: "resolved", transaction: { ...charge, status: "reversed" } },
      "chargeback",
      "99",
      "lost",
      500_000n,
    ],
  ] as const)(
    "%s names the charge, the dispute and its outcome",
    (name, data, type, subject, outcome, amountMinor) => {
      expect(event(name, data)).toMatchObject({
        kind: "dispute",
        status: "reversed",
        reference: "TXN-23456789ABCD",
        amount: money(amountMinor, "NGN"),
        dispute: { type, subject, outcome },
      });
    },
  );
});

describe("a wrong signature", () => {
  const body = fixture("charge-success");

  it("upper-case hex is right", () => {
    expect(verify(body, hmac(body).toUpperCase())).not.toBeNull();
  });

  it("another algorithm, another key, the re-written JSON: refused", () => {
    expect(verify(body, hmac(body, "sha256"))).toBeNull();
    expect(verify(body, hmac(body, "sha512", "another key of sixteen"))).toBeNull();
    expect(verify(body, hmac(JSON.stringify(JSON.parse(body.toString()))))).toBeNull();
  });

  it("signed, but no JSON or no UTF-8: kept for a person to read", () => {
    const unreadable = { kind: "unknown", isUnreadable: true, amount: null };
    for (const text of ["", "<html>", '{"event":', '{"event":"x","event":"charge.success"}']) {
      expect(signed(text)).toMatchObject(unreadable);
    }
    expect(signed(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatchObject(unreadable);
  });

  it("signed, but no object: kept as unknown", () => {
    for (const text of ["null", "[]", "7", "{}"]) expect(signed(text)).toMatchObject({ kind: "unknown" });
  });

  it("too large: refused", () => {
    const large = JSON.stringify({
      event: "charge.success",
      data: charge,
      padding: "x".repeat(paystackManifest.webhook.bodyBytesMax),
    });
    expect(signed(large)).toBeNull();
  });

  it("whatever is signed is read without an error", () => {
    const data = fc.oneof(
      fc.jsonValue(),
      fc.record({ id: fc.jsonValue(), status: fc.jsonValue(), amount: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(fc.constantFrom("charge.success", "transfer.failed", "x"), data, (name, received) => {
        expect(event(name, received)).toMatchObject({ eventKey: expect.any(String) });
      }),
    );
  });
});
