import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { collectionRequest, payoutRequest } from "@/e2e/support/contract-subject";
import { money } from "@/lib/money/money";
import type { Service } from "../services";
import { toProviderError } from "./answer";
import {
  serviceOf,
  toCollectionCreated,
  toPayinBody,
  toPayoutBody,
  toPayoutCreated,
  toWallet,
} from "./mapper";

const fixture = (name: string) => ({
  status: 200,
  body: readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"),
});

describe("requests are the documented ones", () => {
  it("a pay-in: whole francs, the number without its plus, our reference in the description and in the callback URL", () => {
    expect(toPayinBody(collectionRequest, "https://cauris.test/webhook/getmipay/?reference=x")).toEqual({
      amount: 5000,
      currency: "XOF",
      wallet: "22670000001",
      description: "Cauris TXN-23456789ABCD",
      customer_name: "Client Cauris",
      callback_url: "https://cauris.test/webhook/getmipay/?reference=x",
    });
    expect(toPayinBody({ ...collectionRequest, email: "awa@example.test" }, "")).toMatchObject({
      customer_email: "awa@example.test",
    });
  });

  it("a payout: the five documented fields, and no other", () => {
    expect(toPayoutBody(payoutRequest)).toEqual({
      amount: 2000,
      currency: "XOF",
      wallet: "22670000002",
      description: "Cauris TXN-EFGHJKMNPQRS",
      customer_name: "Client Cauris",
    });
  });

  it.each([money(0n, "XOF"), money(5000n, "NGN"), money(2n ** 60n, "XOF")])(
    "%o isn't whole francs and is refused before anything is sent",
    (amount) => {
      expect(() => toPayoutBody({ ...payoutRequest, amount })).toThrow(
        expect.objectContaining({ kind: "declined" }),
      );
    },
  );

  it.each(["", "70000001", "+0123456789", "+226 70000001", "+226700000010000000"])(
    "%j is no wallet",
    (phone) => {
      expect(() => toWallet(phone)).toThrow(expect.objectContaining({ kind: "invalid_destination" }));
    },
  );

  it("the leading zero of Côte d'Ivoire stays", () => {
    expect(toWallet("+2250701020304")).toBe("2250701020304");
  });
});

describe("the service is the method's in the phone's country", () => {
  const services: Service[] = [
    { method: "wave", country: "BF", direction: "in", id: "21" },
    { method: "wave", country: "CI", direction: "in", id: "22" },
    { method: "wave", country: "CI", direction: "out", id: "23" },
  ];

  it("in its direction", () => {
    const abidjan = { method: "wave", phone: "+2250701020304" };
    expect(serviceOf({ method: "wave", phone: "+22670000001" }, "in", services)).toBe("21");
    expect(serviceOf(abidjan, "in", services)).toBe("22");
    expect(serviceOf(abidjan, "out", services)).toBe("23");
  });

  it.each([
    [{ method: "wave", phone: "+22670000001" }, "out"],
    [{ method: "moov_money", phone: "+22670000001" }, "in"],
    [{ method: "wave", phone: "+221770000001" }, "in"],
    [{ method: "wave", phone: "" }, "in"],
  ] as const)("without one, %o is declined before anything is sent", (request, direction) => {
    expect(() => serviceOf(request, direction, services)).toThrow(
      expect.objectContaining({ kind: "declined" }),
    );
  });
});

describe("successes", () => {
  const request = { returnUrl: "https://cauris.test/wallet/topup/TXN-1" };

  it("without a page the payer confirms on the phone, and the browser goes to the return URL", () => {
    expect(toCollectionCreated(fixture("public-payin"), request, [])).toEqual({
      providerReference: "MPAYIN_A1B2C3D4E5F6/MLS690d472dd7ee7B",
      paymentUrl: request.returnUrl,
    });
  });

  it("a payout's provider reference has both of its ids", () => {
    expect(toPayoutCreated(fixture("public-payout"))).toEqual({
      providerReference: "MPAYOUT_F6E5D4C3B2A1/MLS690d472dd7ee7C",
    });
  });

  const names = { transaction_reference: "MPAYIN_1", soleaspay_reference: "MLS1" };

  it.each([
    ["200 that isn't a success", { success: false, message: "Refused", data: names }],
    ["a success in words", { success: "true", data: names }],
    ["one name missing", { success: true, data: { transaction_reference: "MPAYIN_1" } }],
    ["a name that is a number", { success: true, data: { ...names, soleaspay_reference: 7 } }],
    ["a name with a slash", { success: true, data: { ...names, transaction_reference: "MPAYIN_1/x" } }],
    ["no data", { success: true }],
    ["a list", [names]],
  ])("%s is outcome_unknown", (_, body) => {
    const answer = { status: 200, body: JSON.stringify(body) };
    for (const read of [() => toPayoutCreated(answer), () => toCollectionCreated(answer, request, [])]) {
      expect(read).toThrow(expect.objectContaining({ kind: "outcome_unknown" }));
    }
  });

  it.each(["https://getmipay.com.evil.test/pay", "javascript:alert(1)", 7])(
    "the page %j is never handed out; the prompt may be on the phone all the same",
    (url) => {
      const answer = {
        status: 200,
        body: JSON.stringify({ success: true, data: { ...names, payment_url: url } }),
      };
      expect(() => toCollectionCreated(answer, request, ["getmipay.com"])).toThrow(
        expect.objectContaining({ kind: "outcome_unknown", providerCode: "bad_payment_url" }),
      );
    },
  );
});

describe("refusals", () => {
  const no = (message: string) => ({ success: false, message });

  it.each([
    [400, no("Numéro de téléphone invalide"), "payout", "invalid_destination"],
    [
      422,
      { ...no("Validation error"), errors: { wallet: ["is wrong"] } },
      "collection",
      "invalid_destination",
    ],
    [422, no("The amount must be at least 100"), "payout", "declined"],
    [403, no("Forbidden"), "payout", "declined"],
    [400, no("Insufficient balance"), "payout", "insufficient_float"],
    [400, no("Solde insuffisant"), "collection", "declined"],
    [400, { message: "wallet?" }, "payout", "outcome_unknown"],
    [422, "<html>a proxy's</html>", "payout", "outcome_unknown"],
    [403, {}, "payout", "outcome_unknown"],
    [401, no("Unauthenticated"), "payout", "unavailable"],
    [404, no("Not found"), "payout", "outcome_unknown"],
    [402, no("Payment required"), "payout", "outcome_unknown"],
    [429, {}, "payout", "rate_limited"],
    [500, no("wallet"), "payout", "outcome_unknown"],
  ] as const)("%i %o to a %3$s is %4$s", (status, body, purpose, kind) => {
    const answer = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
    expect(toProviderError(answer, purpose)).toMatchObject({ kind, providerCode: `http_${status}` });
  });
});
