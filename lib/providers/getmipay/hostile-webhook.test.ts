import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CALLBACK,
  readSigned,
  signatureOf,
  verifyCallback,
  verifyWithHeaders,
} from "@/e2e/support/getmipay-callback";
import { getMiPayManifest } from "./manifest";

const { data } = CALLBACK;
const { bodyBytesMax } = getMiPayManifest.webhook;

describe("hostile callbacks", () => {
  const body = JSON.stringify(CALLBACK);

  it("two headers of one name are refused", () => {
    const headers = new Headers();
    headers.append("x-signature", signatureOf(body));
    headers.append("x-signature", signatureOf(body));
    expect(verifyWithHeaders(Buffer.from(body), headers)).toBeNull();
  });

  it("another secret's signature is refused", () => {
    expect(verifyCallback(body, signatureOf(body, "wh_secret_another_000000"))).toBeNull();
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
    expect(readSigned(content)).toMatchObject({ kind: "unknown", isUnreadable: true, amount: null });
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
    expect(readSigned(content)).toMatchObject({ kind: "unknown", status: "pending" });
    expect(readSigned(content)).not.toHaveProperty("isUnreadable");
  });

  it("an upper-case signature is right, a prefixed one isn't", () => {
    expect(verifyCallback(body, signatureOf(body).toUpperCase())).not.toBeNull();
    expect(verifyCallback(body, `sha256=${signatureOf(body)}`)).toBeNull();
  });

  it("ten megabytes are refused without being read", () => {
    const huge = Buffer.alloc(10_000_000, 0x20);
    expect(verifyCallback(huge, signatureOf(huge))).toBeNull();
    const largest = body.padEnd(bodyBytesMax, " ");
    expect(readSigned(largest)).not.toBeNull();
    expect(readSigned(`${largest} `)).toBeNull();
  });

  it("a key named __proto__ changes nothing", () => {
    const sneaky = body.replace('"amount":5000,', '"__proto__":{"amount":5000},');
    expect(readSigned(sneaky)).toMatchObject({ amount: null });
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
          expect(verifyWithHeaders(raw, headers)).toBeNull();
        },
      ),
    );
  });

  // Found by the test below, seed 484045572.
  it("a signed status that isn't a string counts as pending", () => {
    const odd = { ...CALLBACK, data: { ...data, status: [{ toString: 0 }] } };
    expect(readSigned(JSON.stringify(odd))?.status ?? "pending").toBe("pending");
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
        const read = readSigned(content);
        if (read?.amount) expect(read.amount.amountMinor > 0n && read.amount.currency === "XOF").toBe(true);
      }),
    );
  });
});
