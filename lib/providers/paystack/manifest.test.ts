import { describe, expect, it } from "vitest";
import { parseSettings } from "@/lib/parse-settings";
import { paystackManifest } from "./manifest";

const key = { PAYSTACK_SECRET_KEY: "sk_test_0123456789abcdef" };

describe("Paystack's configuration", () => {
  it("needs its key only: the real service, with its pages on its checkout host", () => {
    expect(parseSettings(paystackManifest.settings, { ...key, PAYSTACK_API_URL: "" })).toEqual({
      secretKey: key.PAYSTACK_SECRET_KEY,
      publicKey: null,
      apiUrl: "https://api.paystack.co",
      paymentHosts: ["checkout.paystack.com"],
    });
  });

  it("an API on this machine shows its own pages, unless PAYSTACK_PAYMENT_HOSTS names others", () => {
    const local = { ...key, PAYSTACK_API_URL: "http://127.0.0.1:4010/paystack/" };
    expect(parseSettings(paystackManifest.settings, local)).toMatchObject({
      apiUrl: "http://127.0.0.1:4010/paystack",
      paymentHosts: ["127.0.0.1:4010"],
    });
    const named = parseSettings(paystackManifest.settings, {
      ...local,
      PAYSTACK_PAYMENT_HOSTS: "pay.test, 127.0.0.1:4010",
    });
    expect(named.paymentHosts).toEqual(["pay.test", "127.0.0.1:4010"]);
  });

  it.each([
    ["PAYSTACK_SECRET_KEY", "short"],
    ["PAYSTACK_SECRET_KEY", "sk_test_with a space_0123"],
    ["PAYSTACK_SECRET_KEY", "sk_test_0123456789\r\nx: y"],
    ["PAYSTACK_PUBLIC_KEY", "pk"],
    ["PAYSTACK_API_URL", "http://api.paystack.co"],
    ["PAYSTACK_API_URL", "ftp://127.0.0.1"],
    ["PAYSTACK_API_URL", "paystack"],
    ["PAYSTACK_PAYMENT_HOSTS", "https://pay.test/"],
  ])("%s = %j is refused by name, without its value", (name, value) => {
    const attempt = () => parseSettings(paystackManifest.settings, { ...key, [name]: value });
    expect(attempt).toThrow(name);
    if (value.length > 12) expect(attempt).not.toThrow(value);
  });
});
