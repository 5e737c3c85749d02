import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { parseJsonNode } from "../json-node";
import { getMiPayManifest } from "./manifest";
import { pythonJson } from "./python-json";
import { SEED_FORM_BYTES_MAX, verifyGetMiPayWebhook } from "./webhook";

const SECRET = "wh_secret_0123456789abcdef";
const hmac = (content: string | Uint8Array, secret = SECRET) =>
  createHmac("sha256", secret).update(content).digest("hex");
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url));

const { bodyBytesMax } = getMiPayManifest.webhook;

/** As Python would write the JSON `text` again. */
function python(text: string, sortKeys: boolean): string {
  const node = parseJsonNode(text);
  return node === null ? "" : pythonJson(node, sortKeys);
}

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
      mentions: expect.arrayContaining(["TXN-23456789ABCD", "gmp_txn_0001"]),
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

  it.each(["payment.pending", "refund.completed", "constructor", "", 7, {}, ["payment.completed"]])(
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
  const unsorted = python(JSON.stringify(data), false);
  const sorted = python(JSON.stringify(data), true);
  const spaced =
    '{ "transaction_id":"gmp_1" ,"reference":"TXN-23456789ABCD","status":"completed","amount":5000.0}';

  it("Python's two spellings are Python's", () => {
    const text = '{"b":[1,"é"],"a":{"ü":null,"t":true}}';
    expect(python(text, false)).toBe('{"b": [1, "\\u00e9"], "a": {"\\u00fc": null, "t": true}}');
    expect(python(text, true)).toBe('{"a": {"t": true, "\\u00fc": null}, "b": [1, "\\u00e9"]}');
  });

  it("keys are sorted by code points, as Python does", () => {
    const text = JSON.stringify({ "\u{1f4b8}": 1, "\uff5e": 2, b: 3, a: 4, ab: 5 });
    expect(python(text, true)).toBe('{"a": 4, "ab": 5, "b": 3, "\\uff5e": 2, "\\ud83d\\udcb8": 1}');
  });

  it.each(["5000.0", "5000.00", "5e3", "5000"])("a number keeps its digits: %s", (amount) => {
    const own = `{"transaction_id":"gmp_1","status":"success","amount":${amount},"big":123456789012345678901}`;
    const again = `{"amount": ${amount}, "big": 123456789012345678901, "status": "success", "transaction_id": "gmp_1"}`;
    expect(python(own, true)).toBe(again);
    expect(verify(`{"event":"payment.completed","data":${own}}`, hmac(again))).toMatchObject({
      kind: "collection",
      status: "succeeded",
      amount: money(5000n, "XOF"),
    });
  });

  it("it is looked for in a small body only, and not at all when only raw signatures count", () => {
    const body = JSON.stringify(envelope);
    const large = body.replace("{", `{"padding":"${"x".repeat(SEED_FORM_BYTES_MAX)}",`);
    expect(verify(large, hmac(sorted))).toBeNull();
    const headers = new Headers({ "x-signature": hmac(sorted) });
    expect(verifyGetMiPayWebhook(Buffer.from(body), headers, SECRET)).not.toBeNull();
    expect(verifyGetMiPayWebhook(Buffer.from(body), headers, SECRET, { rawOnly: true })).toBeNull();
  });

  it.each([
    ["compact", JSON.stringify(data), JSON.stringify(envelope)],
    ["compact, though sent with spaces", JSON.stringify(data), JSON.stringify(envelope, null, 2)],
    ["Python's", unsorted, JSON.stringify(envelope)],
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
    expect(verify(body, hmac(python(JSON.stringify(own), true)))).toMatchObject({
      eventKey: "payment.completed:TXN123456",
      amount: money(5000n, "XOF"),
      currencyCode: "XOF",
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
    ["payment.success", "paid", "collection", "succeeded"],
    ["PAYMENT.COMPLETED", " SUCCESS ", "collection", "succeeded"],
    ["payment_completed", "successful", "collection", "succeeded"],
    ["payment.updated", "SUCCESS", "collection", "succeeded"],
    ["payin.success", "succeeded", "collection", "succeeded"],
    ["payment.canceled", "cancelled", "collection", "failed"],
    ["payment.refunded", "reversed", "collection", "reversed"],
    ["payout.success", "SUCCESSFUL", "payout", "succeeded"],
    ["payout.paid", "paid", "payout", "succeeded"],
    ["Payout.Failed", "FAILED", "payout", "failed"],
    ["payout.cancelled", "cancelled", "payout", "failed"],
    ["transfer.reversed", "returned", "payout", "reversed"],
  ])("%s with the status %s is a %s that %s", (event, status, kind, meant) => {
    const body = JSON.stringify({ event, data: { ...data, status } });
    expect(signed(body)).toMatchObject({ kind, status: meant });
    expect(signed(body)?.eventKey).toMatch(/^(payment|payout)\.(completed|failed|reversed):gmp_1$/);
  });

  it.each([
    ["id", { id: "gmp_7" }],
    ["a numeric id", { id: 77 }],
    ["a numeric transaction id beyond doubles", { transaction_id: "BIG" }],
  ])("the provider's id may be %s", (_, ids) => {
    const own = { ...data, transaction_id: undefined, reference: undefined, ...ids };
    const text = JSON.stringify({ event: "payment.completed", data: own });
    const body = text.replace('"BIG"', "12345678901234567890");
    expect(signed(body)).toMatchObject({
      kind: "collection",
      reference: null,
      providerReference: expect.stringMatching(/^(gmp_7|77|12345678901234567890)$/),
    });
  });

  it("a flat event is read as its data", () => {
    const flat = { event: "payment.completed", ...data };
    expect(signed(JSON.stringify(flat))).toMatchObject({
      kind: "collection",
      status: "succeeded",
      reference: "TXN-23456789ABCD",
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
    ["5000", 5000n],
    ["5000.00", 5000n],
    [" 5000 ", 5000n],
    ["5000.50", null],
    ["5 000", null],
    ["", null],
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

  it.each([undefined, null, "", "xof", " XOF ", "FCFA", "fcfa"])("the currency %j is francs", (currency) => {
    const event = signed(JSON.stringify({ ...envelope, data: { ...data, currency } }));
    expect(event).toMatchObject({ amount: money(5000n, "XOF"), currencyCode: "XOF" });
  });

  it.each([7, {}, "XOFX"])("with %j for a currency the francs are booked, and looked at", (currency) => {
    const event = signed(JSON.stringify({ ...envelope, data: { ...data, currency } }));
    expect(event).toMatchObject({ amount: money(5000n, "XOF"), currencyCode: null });
  });
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
    ["an amount twice", body.replace('"amount":5000', '"amount":5000,"amount":9000')],
    ["an amount twice, once in disguise", body.replace('"amount":5000', '"amount":5000,"\\u0061mount":9000')],
    ["data twice", body.replace('"data":', '"data":{},"data":')],
    ["nested beyond need", `{"data":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`],
    ["nested lists", `{"data":{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`],
    ["brackets never closed", `{"data":${"[".repeat(20_000)}`],
    ["a text never closed", `{"data":"${'\\"'.repeat(20_000)}`],
    ["UTF-8 cut in half", Buffer.from([0x7b, 0x22, 0xc3])],
  ])("signed, but %s: kept for a person to read, and moves nothing", (_, content) => {
    expect(signed(content)).toMatchObject({ kind: "unknown", isUnreadable: true, amount: null });
  });

  it.each([
    ["a test event", '{"event":"test.webhook","transaction_id":null,"data":null}'],
    ["an empty object", "{}"],
    ["null", "null"],
    ["a list", "[1]"],
    ["an event without data", '{"event":"payment.completed"}'],
    ["data that is a list", '{"event":"payment.completed","data":[]}'],
    ["data that is a text", '{"event":"payment.completed","data":"{}"}'],
  ])("signed, but %s: kept as unknown", (_, content) => {
    expect(signed(content)).toMatchObject({ kind: "unknown", status: "pending" });
    expect(signed(content)).not.toHaveProperty("isUnreadable");
  });

  it("an upper-case signature is right, a prefixed one isn't", () => {
    expect(verify(body, hmac(body).toUpperCase())).not.toBeNull();
    expect(verify(body, `sha256=${hmac(body)}`)).toBeNull();
  });

  it("ten megabytes are refused without being read", () => {
    const huge = Buffer.alloc(10_000_000, 0x20);
    expect(verify(huge, hmac(huge))).toBeNull();
    const largest = body.padEnd(bodyBytesMax, " ");
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
