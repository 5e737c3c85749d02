import { describe, expect, it } from "vitest";
import { collectionRequest, payoutRequest } from "@/e2e/support/contract-subject";
import { money } from "@/lib/money/money";
import { isPaymentUrl } from "../payment-url";
import {
  toCollectionBody,
  toCollectionCreated,
  toFrancs,
  toPayoutBody,
  toPayoutCreated,
  toProviderError,
} from "./mapper";

describe("requests are the seed's, with our additions", () => {
  it("a collection", () => {
    expect(toCollectionBody(collectionRequest)).toEqual({
      user_id: collectionRequest.userId,
      amount: 5000,
      phone: "+22670000001",
      method: "wave",
      reference: "TXN-23456789ABCD",
      currency: "XOF",
      callback_url: collectionRequest.callbackUrl,
      return_url: collectionRequest.returnUrl,
      locale: "fr",
    });
  });

  it("a payout", () => {
    expect(toPayoutBody(payoutRequest)).toEqual({
      user_id: payoutRequest.userId,
      amount: 2000,
      phone: "+22670000002",
      method: "orange_money",
      reference: "TXN-EFGHJKMNPQRS",
      currency: "XOF",
      callback_url: payoutRequest.callbackUrl,
    });
  });

  it.each([money(0n, "XOF"), money(-1n, "XOF"), money(5000n, "NGN"), money(2n ** 60n, "XOF")])(
    "%o isn't whole francs and is refused before anything is sent",
    (amount) => {
      expect(() => toFrancs(amount)).toThrow(expect.objectContaining({ kind: "declined" }));
    },
  );
});

describe("answers", () => {
  const hosts = ["getmipay.com"];

  it("the seed's two answers are understood", () => {
    const body = '{"success":true,"transaction_id":"TXN1","payment_url":"https://getmipay.com/payment/TXN1"}';
    expect(toCollectionCreated({ status: 201, body }, hosts)).toEqual({
      providerReference: "TXN1",
      paymentUrl: "https://getmipay.com/payment/TXN1",
    });
    expect(toPayoutCreated({ status: 200, body: '{"payout_id":"P1"}' })).toEqual({ providerReference: "P1" });
  });

  it.each([
    [400, { message: "Numéro de téléphone invalide" }, "invalid_destination", "http_400"],
    [400, { code: "invalid_recipient" }, "invalid_destination", "invalid_recipient"],
    [422, { errors: { phone: ["is wrong"] } }, "invalid_destination", "http_422"],
    [400, { message: "amount too small" }, "declined", "http_400"],
    [402, { code: "declined" }, "declined", "declined"],
    [402, { code: "insufficient_float" }, "insufficient_float", "insufficient_float"],
    [403, {}, "declined", "http_403"],
    [401, {}, "unavailable", "http_401"],
    [404, {}, "outcome_unknown", "http_404"],
    [408, {}, "outcome_unknown", "http_408"],
    [409, {}, "duplicate", "http_409"],
    [418, { code: "+22670000001" }, "outcome_unknown", "http_418"],
    [500, { code: "see +22670000001" }, "outcome_unknown", "http_500"],
  ])("%i %o is %s (%s)", (status, body, kind, providerCode) => {
    expect(toProviderError({ status, body: JSON.stringify(body) })).toMatchObject({ kind, providerCode });
  });
});

describe("an unreadable success is outcome_unknown", () => {
  it.each([
    "",
    "ok",
    "[]",
    "null",
    "{}",
    '{"payout_id":7,"transaction_id":7}',
    '{"payout_id":"","transaction_id":""}',
  ])("%j is outcome_unknown, never a refusal", (body) => {
    const unknown = expect.objectContaining({ kind: "outcome_unknown", providerCode: "malformed_answer" });
    expect(() => toPayoutCreated({ status: 200, body })).toThrow(unknown);
    expect(() => toCollectionCreated({ status: 200, body }, ["getmipay.com"])).toThrow(unknown);
  });
});

describe("the browser is only sent to the provider", () => {
  const hosts = ["getmipay.com", "127.0.0.1:4010"];

  it.each(["https://getmipay.com/payment/1?x=y", "https://GETMIPAY.com/p", "http://127.0.0.1:4010/pay/1"])(
    "%s is fine",
    (url) => {
      expect(isPaymentUrl(url, hosts)).toBe(true);
    },
  );

  it.each([
    "",
    "/pay/1",
    "//getmipay.com/pay",
    "javascript:alert(1)//getmipay.com",
    "data:text/html,getmipay.com",
    "http://getmipay.com/pay",
    "ftp://getmipay.com/",
    "https://getmipay.com.evil.test/",
    "https://evil.test/getmipay.com",
    "https://evil.test#getmipay.com",
    "https://evil.test?getmipay.com",
    "https://getmipay.com@evil.test/",
    "https://user@getmipay.com/",
    "https://user:pass@getmipay.com/",
    "https://getmipay.com:8443/",
    "https://evil.test\\@getmipay.com/",
    "https:\\\\getmipay.com/",
    "https://getmipay.com\t.evil.test/",
    "https://getmi\npay.com/",
    " https://getmipay.com/",
    "https://gеtmipay.com/",
    "https://pay.getmipay.com/",
    "http://127.0.0.1:4011/pay/1",
    "http://127.0.0.1/pay/1",
  ])("%j is refused", (url) => {
    expect(isPaymentUrl(url, hosts)).toBe(false);
  });
});
