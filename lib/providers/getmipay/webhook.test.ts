import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { pythonJson } from "./signed-json";
import { verifyGetMiPayWebhook, WEBHOOK_BYTES_MAX } from "./webhook";

const SECRET = "wh_secret_0123456789abcdef";
const hmac = (content: string | Uint8Array, secret = SECRET) =>
  createHmac("sha256", secret).update(content).digest("hex");
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url));

function verify(body: string | Uint8Array, signature: string) {
  const headers = new Headers({ "x-signature": signature });
  return verifyGetMiPayWebhook(Buffer.from(body), headers, SECRET);
}

const signed = (body: string | Uint8Array) => verify(body, hmac(body));
const data = {
  transaction_id: "gmp_1",
  reference: "TXN-23456789ABCD",
  status: "completed",
  amount: 5000,
  currency: "XOF",
};
const envelope = { event: "payment.completed", transaction_id: "gmp_1", data };

describe("a callback signed over its raw bytes", () => {
  it("a payment is mapped to our terms", () => {
    expect(signed(fixture("payment-completed"))).toEqual({
      kind: "collection",
      status: "succeeded",
      eventKey: "payment.completed:gmp_txn_0001",
      reference: "TXN-23456789ABCD",
      providerReference: "gmp_txn_0001",
      amount: money(5000n, "XOF"),
      currencyCode: "XOF",
      reasonCode: null,
      live: false,
    });
  });

  it("a failed payout, with odd whitespace and accents, too", () => {
    expect(signed(fixture("payout-failed"))).toMatchObject({
      kind: "payout",
      status: "failed",
      eventKey: "payout.failed:gmp_pay_0002",
      amount: money(2000n, "XOF"),
      reasonCode: "recipient_closed",
      live: null,
    });
  });

  it.each([
    ["payment.completed", "collection", "succeeded"],
    ["payment.failed", "collection", "failed"],
    ["payout.completed", "payout", "succeeded"],
    ["payout.failed", "payout", "failed"],
    ["payout.reversed", "payout", "reversed"],
  ])("%s is a %s that %s", (event, kind, status) => {
    const body = JSON.stringify({ event, transaction_id: "gmp_1", data: { ...data, status: undefined } });
    expect(signed(body)).toMatchObject({ kind, status, eventKey: `${event}:gmp_1` });
  });

  it.each(["payment.pending", "refund.completed", "constructor", "", 7, null, ["payment.completed"]])(
    "the event %j is kept as unknown",
    (event) => {
      expect(signed(JSON.stringify({ ...envelope, event }))).toMatchObject({
        kind: "unknown",
        status: "pending",
      });
    },
  );

  it.each([
    ["another status", { data: { ...data, status: "failed" } }],
    ["a status that is no word", { data: { ...data, status: 1 } }],
    ["another event inside", { data: { ...data, event: "payment.failed" } }],
    ["another transaction inside", { data: { ...data, transaction_id: "gmp_2" } }],
  ])("that contradicts itself with %s is unknown, under its own key", (_, change) => {
    const event = signed(JSON.stringify({ ...envelope, ...change }));
    expect(event).toMatchObject({ kind: "unknown", status: "pending" });
    expect(event?.eventKey).not.toBe("payment.completed:gmp_1");
  });
});

describe("a callback signed as in the seed, over data alone", () => {
  const python = pythonJson(data, false);
  const sorted = pythonJson(data, true);
  const spaced =
    '{ "transaction_id":"gmp_1" ,"reference":"TXN-23456789ABCD","status":"completed","amount":5000.0}';

  it("Python's two spellings are Python's", () => {
    const value = { b: [1, "é"], a: { ü: null, t: true } };
    expect(pythonJson(value, false)).toBe('{"b": [1, "\\u00e9"], "a": {"\\u00fc": null, "t": true}}');
    expect(pythonJson(value, true)).toBe('{"a": {"t": true, "\\u00fc": null}, "b": [1, "\\u00e9"]}');
  });

  it.each([
    ["compact", JSON.stringify(data), JSON.stringify(envelope)],
    ["compact, though sent with spaces", JSON.stringify(data), JSON.stringify(envelope, null, 2)],
    ["Python's", python, JSON.stringify(envelope)],
    ["Python's with sorted keys", sorted, JSON.stringify(envelope)],
    [
      "exactly as it stands",
      spaced,
      `{"event":"payment.completed","data":${spaced},"transaction_id":"gmp_1"}`,
    ],
  ])("%s", (_, signedText, body) => {
    expect(verify(body, hmac(signedText))).toMatchObject({
      kind: "collection",
      status: "succeeded",
      reference: "TXN-23456789ABCD",
      amount: money(5000n, "XOF"),
      eventKey: "payment.completed:gmp_1",
    });
  });

  it("the seed's own fixture, signed with sorted keys and accents escaped", () => {
    const body = fixture("seed-form").toString();
    const { data: own } = JSON.parse(body);
    expect(verify(body, hmac(pythonJson(own, true)))).toMatchObject({
      eventKey: "payment.completed:TXN123456",
      amount: money(5000n, "XOF"),
      currencyCode: null,
    });
  });

  it("nothing outside the signed part is used", () => {
    const failed = { ...data, status: "failed" };
    const forged = {
      event: "payment.completed",
      transaction_id: "gmp_other",
      reference: "TXN-OTHERS",
      amount: 999_999,
      status: "completed",
      data: failed,
    };
    expect(verify(JSON.stringify(forged), hmac(JSON.stringify(failed)))).toMatchObject({
      kind: "collection",
      status: "failed",
      eventKey: "payment.failed:gmp_1",
      reference: "TXN-23456789ABCD",
      providerReference: "gmp_1",
      amount: money(5000n, "XOF"),
    });
  });

  it.each([
    ["no status", { transaction_id: "gmp_1", reference: "TXN-A" }],
    ["no id", { status: "success", reference: "TXN-A" }],
    ["two kinds of id", { status: "success", transaction_id: "gmp_1", payout_id: "gmp_2" }],
    ["an unknown event", { event: "x.y", status: "success", transaction_id: "gmp_1" }],
  ])("with %s nothing is taken from the envelope", (_, own) => {
    const body = JSON.stringify({ ...envelope, data: own });
    expect(verify(body, hmac(JSON.stringify(own)))).toMatchObject({ kind: "unknown", status: "pending" });
  });

  it("the event's name comes from data.event", () => {
    const own = {
      ...data,
      transaction_id: undefined,
      payout_id: "gmp_9",
      event: "payout.reversed",
      status: "reversed",
    };
    const body = JSON.stringify({ event: "payment.completed", transaction_id: "gmp_1", data: own });
    expect(verify(body, hmac(JSON.stringify(own)))).toMatchObject({
      kind: "payout",
      status: "reversed",
      eventKey: "payout.reversed:gmp_9",
    });
  });
});

describe("amounts", () => {
  it.each([
    [5000, 5000n],
    [1, 1n],
    [0, null],
    [-5000, null],
    [5000.5, null],
    ["5000", null],
    [null, null],
    [true, null],
    [[5000], null],
    [{ value: 5000 }, null],
    [1e21, null],
    [Number.MAX_SAFE_INTEGER + 1, null],
  ])("%j becomes %s", (amount, expected) => {
    const event = signed(JSON.stringify({ ...envelope, data: { ...data, amount } }));
    expect(event?.amount?.amountMinor ?? null).toBe(expected);
  });

  it.each(["XAF", "NGN", "EUR"])("%s is named and not converted", (currency) => {
    const event = signed(JSON.stringify({ ...envelope, data: { ...data, currency } }));
    expect(event).toMatchObject({ kind: "collection", amount: null, currencyCode: currency });
  });

  it.each([7, {}, "xof", "XOFX"])(
    "with the invalid currency %j neither amount nor currency code is read",
    (currency) => {
      const event = signed(JSON.stringify({ ...envelope, data: { ...data, currency } }));
      expect(event).toMatchObject({ amount: null, currencyCode: null });
    },
  );
});

describe("hostile callbacks", () => {
  const body = JSON.stringify(envelope);

  it("two headers of one name are refused", () => {
    const headers = new Headers();
    headers.append("x-signature", hmac(body));
    headers.append("x-signature", hmac(body));
    expect(verifyGetMiPayWebhook(Buffer.from(body), headers, SECRET)).toBeNull();
  });

  it("another secret's signature is refused", () => {
    expect(verify(body, hmac(body, "wh_secret_another_000000"))).toBeNull();
  });

  it.each([
    ["not JSON", "event=payment.completed"],
    ["empty", ""],
    ["null", "null"],
    ["a list", "[1]"],
    ["no data", '{"event":"payment.completed"}'],
    ["data that is a list", '{"event":"payment.completed","data":[]}'],
    ["data that is a text", '{"event":"payment.completed","data":"{}"}'],
    ["an amount twice", body.replace('"amount":5000', '"amount":5000,"amount":9000')],
    ["an amount twice, once in disguise", body.replace('"amount":5000', '"amount":5000,"\\u0061mount":9000')],
    ["data twice", body.replace('"data":', '"data":{},"data":')],
    ["nested beyond need", `{"data":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`],
    ["nested lists", `{"data":{"a":${"[".repeat(60_000)}${"]".repeat(60_000)}}}`],
    ["brackets never closed", `{"data":${"[".repeat(60_000)}`],
    ["a text never closed", `{"data":"${'\\"'.repeat(100_000)}`],
    ["UTF-8 cut in half", Buffer.from([0x7b, 0x22, 0xc3])],
  ])("signed, but %s: refused", (_, content) => {
    expect(signed(content)).toBeNull();
  });

  it("ten megabytes are refused without being read", () => {
    const huge = Buffer.alloc(10_000_000, 0x20);
    expect(verify(huge, hmac(huge))).toBeNull();
    const largest = body.padEnd(WEBHOOK_BYTES_MAX, " ");
    expect(signed(largest)).not.toBeNull();
    expect(signed(`${largest} `)).toBeNull();
  });

  it("a key named __proto__ changes nothing", () => {
    const sneaky = body.replace('"amount":5000,', '"__proto__":{"amount":5000},');
    expect(signed(sneaky)).toMatchObject({ amount: null });
    expect(Object.hasOwn(Object.prototype, "amount")).toBe(false);
  });

  it("random bytes and headers never throw, and without a valid signature are null", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        fc.string(),
        (raw, value) => {
          const headers = new Headers({ "x-signature": encodeURIComponent(value) });
          expect(verifyGetMiPayWebhook(raw, headers, SECRET)).toBeNull();
        },
      ),
    );
  });

  // Found by the test below, seed 484045572.
  it("a signed status that isn't a string counts as pending", () => {
    const odd = { ...envelope, data: { ...data, status: [{ toString: 0 }] } };
    expect(signed(JSON.stringify(odd))?.status ?? "pending").toBe("pending");
  });

  it("any signed JSON is read or refused without an exception, and amounts only as positive francs", () => {
    const hostile = fc.record(
      {
        reference: fc.anything(),
        transaction_id: fc.anything(),
        amount: fc.anything(),
        currency: fc.anything(),
        status: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(hostile, fc.constantFrom("payment.completed", "payout.failed", "x"), (own, event) => {
        let content: string;
        try {
          content = JSON.stringify({ event, transaction_id: "gmp_1", data: own });
        } catch {
          return;
        }
        const read = signed(content);
        if (read?.amount) expect(read.amount.amountMinor > 0n && read.amount.currency === "XOF").toBe(true);
      }),
    );
  });
});
