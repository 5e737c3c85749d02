import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { getMiPayManifest } from "../manifest";
import { readProof, withProof } from "./callback";
import { readHint } from "./webhook";

const { bodyBytesMax } = getMiPayManifest.webhook;
const SECRET = "wh_secret_0123456789abcdef";
const REFERENCE = "TXN-23456789ABCD";
const BASE = "https://cauris.test/webhook/getmipay/";
const ADDRESS = new URL(withProof(BASE, REFERENCE, SECRET));
const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url));
const called = (body: string | Uint8Array, address: URL | undefined = ADDRESS) =>
  readHint(Buffer.from(body), address, SECRET);
const body = fixture("public-callback");

describe("the callback URL", () => {
  it("confirms the reference that it was made for", () => {
    expect(readProof(ADDRESS, SECRET)).toBe(REFERENCE);
    expect(ADDRESS.pathname).toBe("/webhook/getmipay/");
  });

  it("keeps its other parameters", () => {
    expect(withProof(`${BASE}?a=b`, REFERENCE, SECRET)).toContain("?a=b&reference=");
  });

  const changed = (change: (url: URL) => void) => {
    const url = new URL(ADDRESS);
    change(url);
    return url;
  };

  it.each([
    ["nothing in it", new URL(BASE)],
    ["another reference", changed((url) => url.searchParams.set("reference", "TXN-EFGHJKMNPQRS"))],
    ["two references", changed((url) => url.searchParams.append("reference", "TXN-EFGHJKMNPQRS"))],
    ["two proofs", changed((url) => url.searchParams.append("proof", url.searchParams.get("proof") ?? ""))],
    ["no proof", changed((url) => url.searchParams.delete("proof"))],
    ["a proof cut short", changed((url) => url.searchParams.set("proof", "00"))],
    ["another secret's proof", new URL(withProof(BASE, REFERENCE, "wh_secret_another_000000"))],
  ])("with %s is invalid, and the callback is refused", (_, url) => {
    expect(readProof(url, SECRET)).toBeNull();
    expect(called(body, url)).toBeNull();
  });
});

describe("a callback at our callback URL", () => {
  it("is a hint about our reference; its body are claims", () => {
    expect(called(body)).toEqual({
      kind: "collection",
      eventKey: expect.stringMatching(/^hint\.success:[0-9a-f]{32}$/),
      reference: REFERENCE,
      providerReference: "MPAYIN_A1B2C3D4E5F6/MLS690d472dd7ee7B",
      status: "succeeded",
      amount: money(5000n, "XOF"),
      currencyCode: "XOF",
      reasonCode: null,
      live: null,
    });
  });

  it("is read within data too, and our own reference is never taken for theirs", () => {
    expect(called(fixture("public-callback-nested"))).toMatchObject({
      reference: REFERENCE,
      providerReference: "MPAYIN_A1B2C3D4E5F6",
      status: "failed",
      amount: null,
    });
    expect(called(JSON.stringify({ reference: REFERENCE, status: "success" }))).toMatchObject({
      reference: REFERENCE,
      providerReference: null,
    });
  });

  it.each(["TXN-EFGHJKMNPQRS", "MPAYIN_OTHER"])(
    "a body that names %s doesn't change whose hint it is",
    (other) => {
      const body = JSON.stringify({ reference: other, external_reference: other, status: "success" });
      expect(called(body)?.reference).toBe(REFERENCE);
    },
  );

  it.each(["", "nonsense", "null", "[1]", '{"data":7}', '{"status":{}}'])(
    "with the body %j it is still a hint",
    (body) => {
      expect(called(body)).toMatchObject({
        kind: "collection",
        reference: REFERENCE,
        providerReference: null,
        status: "pending",
        amount: null,
      });
    },
  );

  it("has one key for one content, and another for every other", () => {
    const changed = body.toString().replace("5000", "5001");
    expect(called(body)?.eventKey).toBe(called(body)?.eventKey);
    expect(called(changed)?.eventKey).not.toBe(called(body)?.eventKey);
    const other = new URL(withProof(BASE, "TXN-EFGHJKMNPQRS", SECRET));
    expect(called(body, other)?.eventKey).not.toBe(called(body)?.eventKey);
  });

  it("is refused when it is too large to be one", () => {
    expect(called(" ".repeat(bodyBytesMax))).not.toBeNull();
    expect(called(" ".repeat(bodyBytesMax + 1))).toBeNull();
  });
});

describe("a callback without its called URL", () => {
  const nowhere = (body: string | Uint8Array) => readHint(Buffer.from(body), undefined, SECRET);

  it.each([
    ["MPAYIN_1", "collection"],
    ["MPAYOUT_1", "payout"],
    ["OTHER_1", "unknown"],
  ])("with the id %s is a hint about a %s, without a reference of ours", (id, kind) => {
    const body = JSON.stringify({ transaction_reference: id, reference: REFERENCE, status: "success" });
    expect(nowhere(body)).toMatchObject({ kind, reference: null, providerReference: id });
  });

  it.each(["", "nonsense", "{}", '{"status":"success"}'])("with the body %j it is null", (body) => {
    expect(nowhere(body)).toBeNull();
  });
});

it("no body makes it throw, and an amount is only read as positive francs", () => {
  const hostile = fc.record(
    {
      transaction_reference: fc.anything(),
      soleaspay_reference: fc.anything(),
      amount: fc.anything(),
      currency: fc.oneof(fc.constant("XOF"), fc.anything()),
      status: fc.anything(),
      data: fc.anything(),
    },
    { requiredKeys: [] },
  );
  const bodies = fc.oneof(
    fc.uint8Array(),
    fc.json().map((json) => Buffer.from(json)),
    hostile.map((value) => {
      try {
        return Buffer.from(JSON.stringify(value));
      } catch {
        return Buffer.from("{}");
      }
    }),
  );
  fc.assert(
    fc.property(bodies, (raw) => {
      const hint = readHint(raw, ADDRESS, SECRET);
      expect(hint?.reference).toBe(REFERENCE);
      if (hint?.amount) expect(hint.amount.amountMinor > 0n && hint.amount.currency === "XOF").toBe(true);
    }),
  );
});
