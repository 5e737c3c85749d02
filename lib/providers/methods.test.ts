import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "./getmipay";
import { getMiPayManifest } from "./getmipay/manifest";
import { listMethods, methodName } from "./methods";
import { DEFAULT_PAYMENT_METHODS, OTHER_PAYMENT_METHODS, paymentMethodsSetting } from "./payment-methods";
import { createPaystack } from "./paystack";
import { paystackManifest } from "./paystack/manifest";
import type { CountryCode } from "./provider";
import { findProvider, getProvider, overrideProviders } from "./registry";

const provider = createGetMiPay(
  parseSettings(getMiPayManifest.settings, {
    GETMIPAY_API_KEY: "pk_test_12345678",
    GETMIPAY_SECRET_KEY: "sk_test_0123456789abcdef",
    GETMIPAY_API_URL: "http://127.0.0.1:4010",
    GETMIPAY_WEBHOOK_SECRET: "wh_secret_0123456789abcdef",
  }),
);

const paystack = createPaystack(
  parseSettings(paystackManifest.settings, { PAYSTACK_SECRET_KEY: "sk_test_0123456789abcdef" }),
);

const parsePaymentMethods = (value: string | undefined) =>
  parseSettings(z.object({ PAYMENT_METHODS: paymentMethodsSetting }), { PAYMENT_METHODS: value })
    .PAYMENT_METHODS;

afterEach(() => overrideProviders(null));

describe("methods are offered by country and direction", () => {
  it.each<[CountryCode, string[], string[]]>([
    ["BF", ["wave", "orange_money", "moov_money", "visa"], ["wave", "orange_money", "moov_money"]],
    [
      "CI",
      ["wave", "orange_money", "moov_money", "mtn_money", "visa"],
      ["wave", "orange_money", "moov_money", "mtn_money"],
    ],
    ["SN", ["wave", "orange_money", "visa"], ["wave", "orange_money"]],
    ["ML", ["wave", "orange_money", "moov_money", "visa"], ["wave", "orange_money", "moov_money"]],
    ["TG", ["moov_money", "visa"], ["moov_money"]],
    ["BJ", ["moov_money", "mtn_money", "visa"], ["moov_money", "mtn_money"]],
    ["NE", ["moov_money", "visa"], ["moov_money"]],
    ["GW", ["visa"], []],
    ["NG", [], []],
  ])("%s", (country, collecting, paying) => {
    const names = (direction: "in" | "out") =>
      listMethods({ direction, country }, [provider]).map((offer) => offer.method);
    expect(names("in")).toEqual(collecting);
    expect(names("out")).toEqual(paying);
  });

  it("an offer has its name, limits and provider; none exists in a currency without a provider", () => {
    expect(listMethods({ direction: "out", country: "BF", currency: "XOF" }, [provider])[0]).toEqual({
      method: "wave",
      name: "Wave",
      provider: "getmipay",
      country: "BF",
      direction: "out",
      currency: "XOF",
      minMinor: 100n,
      maxMinor: 1_000_000n,
      stepMinor: 1n,
    });
    expect(listMethods({ direction: "in", currency: "NGN" }, [provider])).toEqual([]);
  });

  it("two providers with one method make one offer, the first one's", () => {
    const other = { ...provider, name: "other" };
    const offers = listMethods({ direction: "in", country: "BF" }, [provider, other]);
    expect(offers.map((offer) => offer.provider)).toEqual(Array(4).fill("getmipay"));
  });
});

describe("PAYMENT_METHODS", () => {
  it("unset means the seed's five, and after them those that it doesn't have", () => {
    const all = { ...DEFAULT_PAYMENT_METHODS, ...OTHER_PAYMENT_METHODS };
    expect(parsePaymentMethods(undefined)).toEqual(all);
    expect(parsePaymentMethods("  ")).toEqual(all);
    expect(Object.keys(all)).toEqual([
      "wave",
      "orange_money",
      "moov_money",
      "mtn_money",
      "visa",
      "card",
      "bank",
    ]);
  });

  it("a method that the seed doesn't have has its own name and can be switched off too", () => {
    const names = (table = parsePaymentMethods(undefined)) =>
      listMethods({ direction: "in", currency: "NGN" }, [provider, paystack], table).map(({ name }) => name);
    expect(names()).toEqual(["Card", "Bank account"]);
    expect(names(parsePaymentMethods('{"card":{"name":"Card","enabled":false}}'))).toEqual(["Bank account"]);
  });

  it("renames and switches off; a method that is off is not offered and keeps its name", () => {
    const table = parsePaymentMethods('{"wave":{"name":"Wave Mobile Money","enabled":false}}');
    expect(
      listMethods({ direction: "in", country: "BF" }, [provider], table).map(({ method }) => method),
    ).toEqual(["orange_money", "moov_money", "visa"]);
    expect(methodName("wave", table)).toBe("Wave Mobile Money");
    expect(methodName("paypal", table)).toBe("paypal");
  });

  it.each([
    ["not JSON", "wave"],
    ["an unknown method", '{"paypal":{"name":"PayPal","enabled":true}}'],
    ["no name", '{"wave":{"enabled":true}}'],
    ["an empty name", '{"wave":{"name":" ","enabled":true}}'],
    ["a word for a switch", '{"wave":{"name":"Wave","enabled":"yes"}}'],
    ["something more", '{"wave":{"name":"Wave","enabled":true,"fee":1}}'],
    ["a list", "[]"],
    ["null", "null"],
  ])("%s is refused by name", (_, value) => {
    expect(() => parsePaymentMethods(value)).toThrow("PAYMENT_METHODS");
  });

  it("the unknown method is named", () => {
    expect(() => parsePaymentMethods('{"paypal":{"name":"P","enabled":true}}')).toThrow(/paypal/);
  });
});

it("in Nigeria a card and a bank account collect, a bank account is paid to, each with what it asks for", () => {
  const offers = (direction: "in" | "out") =>
    listMethods({ direction, country: "NG" }, [provider, paystack]).map((offer) => [
      offer.method,
      offer.provider,
      offer.asks,
    ]);
  expect(offers("in")).toEqual([
    ["card", "paystack", "email"],
    ["bank", "paystack", "email"],
  ]);
  expect(offers("out")).toEqual([["bank", "paystack", "bank_account"]]);
});

describe("the registry", () => {
  it("finds a provider by name, and answers null when there is none", () => {
    overrideProviders([provider]);
    expect(getProvider("getmipay")).toBe(provider);
    expect(findProvider("paystack")).toBeNull();
    expect(() => getProvider("paystack")).toThrow("not configured");
  });
});
