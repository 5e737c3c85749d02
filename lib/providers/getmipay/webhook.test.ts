import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  CALLBACK,
  readSigned,
  signatureOf,
  verifyCallback,
  verifyWithHeaders,
} from "@/e2e/support/getmipay-callback";
import { money } from "@/lib/money/money";
import { parseJsonNode } from "../json-node";
import { pythonJson } from "./python-json";
import { SEED_FORM_BYTES_MAX } from "./webhook";

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url));
const { data } = CALLBACK;

/** As Python would write the JSON `text` again. */
function python(text: string, sortKeys: boolean): string {
  const node = parseJsonNode(text);
  return node === null ? "" : pythonJson(node, sortKeys);
}

describe("a callback signed over its raw bytes", () => {
  it("a payment is mapped to our terms", () => {
    expect(readSigned(fixture("payment-completed"))).toEqual({
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
    expect(readSigned(fixture("payout-failed"))).toMatchObject({
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
    expect(readSigned(body)).toMatchObject({ kind, status, eventKey: `${event}:gmp_1` });
  });

  it.each(["payment.pending", "refund.completed", "constructor", "", 7, {}, ["payment.completed"]])(
    "the event %j is kept as unknown",
    (event) => {
      expect(readSigned(JSON.stringify({ ...CALLBACK, event }))).toMatchObject({
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
    const event = readSigned(JSON.stringify({ ...CALLBACK, ...change }));
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
    expect(verifyCallback(`{"event":"payment.completed","data":${own}}`, signatureOf(again))).toMatchObject({
      kind: "collection",
      status: "succeeded",
      amount: money(5000n, "XOF"),
    });
  });

  it("it is looked for in a small body only, and not at all when only raw signatures count", () => {
    const body = JSON.stringify(CALLBACK);
    const large = body.replace("{", `{"padding":"${"x".repeat(SEED_FORM_BYTES_MAX)}",`);
    expect(verifyCallback(large, signatureOf(sorted))).toBeNull();
    const headers = new Headers({ "x-signature": signatureOf(sorted) });
    expect(verifyWithHeaders(Buffer.from(body), headers)).not.toBeNull();
    expect(verifyWithHeaders(Buffer.from(body), headers, { rawOnly: true })).toBeNull();
  });

  it.each([
    ["compact", JSON.stringify(data), JSON.stringify(CALLBACK)],
    ["compact, though sent with spaces", JSON.stringify(data), JSON.stringify(CALLBACK, null, 2)],
    ["Python's", unsorted, JSON.stringify(CALLBACK)],
    ["Python's with sorted keys", sorted, JSON.stringify(CALLBACK)],
    [
      "exactly as it stands",
      spaced,
      `{"event":"payment.completed","data":${spaced},"transaction_id":"gmp_1"}`,
    ],
  ])("%s", (_, signedText, body) => {
    expect(verifyCallback(body, signatureOf(signedText))).toMatchObject({
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
    expect(verifyCallback(body, signatureOf(python(JSON.stringify(own), true)))).toMatchObject({
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
    expect(verifyCallback(JSON.stringify(forged), signatureOf(JSON.stringify(failed)))).toMatchObject({
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
    expect(readSigned(body)).toMatchObject({ kind, status: meant });
    const key = readSigned(body)?.eventKey;
    if (kind === "collection" && meant === "reversed") expect(key).toBe("payment.reversed:gmp_1:5000");
    else expect(key).toMatch(/^(payment|payout)\.(completed|failed|reversed):gmp_1$/);
  });

  it("two parts of a payment given back are two events, and the same part again is one", () => {
    const keyOf = (amount: number) =>
      readSigned(JSON.stringify({ event: "payment.refunded", data: { ...data, status: "reversed", amount } }))
        ?.eventKey;
    expect([keyOf(2000), keyOf(3000), keyOf(2000)]).toEqual([
      "payment.reversed:gmp_1:2000",
      "payment.reversed:gmp_1:3000",
      "payment.reversed:gmp_1:2000",
    ]);
  });

  it.each([
    ["id", { id: "gmp_7" }],
    ["a numeric id", { id: 77 }],
    ["a numeric transaction id beyond doubles", { transaction_id: "BIG" }],
  ])("the provider's id may be %s", (_, ids) => {
    const own = { ...data, transaction_id: undefined, reference: undefined, ...ids };
    const text = JSON.stringify({ event: "payment.completed", data: own });
    const body = text.replace('"BIG"', "12345678901234567890");
    expect(readSigned(body)).toMatchObject({
      kind: "collection",
      reference: null,
      providerReference: expect.stringMatching(/^(gmp_7|77|12345678901234567890)$/),
    });
  });

  it("a flat event is read as its data", () => {
    const flat = { event: "payment.completed", ...data };
    expect(readSigned(JSON.stringify(flat))).toMatchObject({
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
    const body = JSON.stringify({ ...CALLBACK, data: own });
    expect(verifyCallback(body, signatureOf(JSON.stringify(own)))).toMatchObject({
      kind: "unknown",
      status: "pending",
    });
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
    expect(verifyCallback(body, signatureOf(JSON.stringify(own)))).toMatchObject({
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
    const event = readSigned(JSON.stringify({ ...CALLBACK, data: { ...data, amount } }));
    expect(event?.amount?.amountMinor ?? null).toBe(expected);
  });

  it.each(["XAF", "NGN", "EUR"])("%s is named and not converted", (currency) => {
    const event = readSigned(JSON.stringify({ ...CALLBACK, data: { ...data, currency } }));
    expect(event).toMatchObject({ kind: "collection", amount: null, currencyCode: currency });
  });

  it.each([undefined, null, "", "xof", " XOF ", "FCFA", "fcfa"])("the currency %j is francs", (currency) => {
    const event = readSigned(JSON.stringify({ ...CALLBACK, data: { ...data, currency } }));
    expect(event).toMatchObject({ amount: money(5000n, "XOF"), currencyCode: "XOF" });
  });

  it.each([7, {}, "XOFX"])("with %j for a currency the francs are booked, and looked at", (currency) => {
    const event = readSigned(JSON.stringify({ ...CALLBACK, data: { ...data, currency } }));
    expect(event).toMatchObject({ amount: money(5000n, "XOF"), currencyCode: null });
  });
});
