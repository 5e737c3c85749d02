import { describe, expect, it } from "vitest";
import { formActionHosts } from "./web.env";

describe("where forms may end", () => {
  it("follows from the providers that are configured", () => {
    const source = {
      GETMIPAY_API_URL: "https://api.getmipay.com",
      GOOGLE_CLIENT_ID: "client",
    };
    expect(formActionHosts(source)).toEqual([
      "https://api.getmipay.com",
      "https://getmipay.com",
      "https://accounts.google.com",
    ]);
    expect(formActionHosts({ ...source, GETMIPAY_PAYMENT_HOSTS: "pay.test, wave.test" })).toEqual([
      "https://pay.test",
      "https://wave.test",
      "https://accounts.google.com",
    ]);
    expect(formActionHosts({})).toEqual([]);
  });

  it("holds Paystack's checkout, or the sandbox that plays it", () => {
    const source = { PAYSTACK_SECRET_KEY: "sk_live_0123456789abcdef" };
    expect(formActionHosts(source)).toEqual(["https://checkout.paystack.com"]);
    expect(formActionHosts({ ...source, PAYSTACK_PAYMENT_HOSTS: "pay.test" })).toEqual(["https://pay.test"]);
    const sandbox = { ...source, PAYSTACK_API_URL: "http://127.0.0.1:3001/paystack" };
    expect(formActionHosts(sandbox)).toEqual(["http://127.0.0.1:3001"]);
    expect(formActionHosts({ PAYSTACK_PAYMENT_HOSTS: "pay.test" })).toEqual([]);
  });

  it("is what FORM_ACTION_HOSTS says when it says something", () => {
    const source = { FORM_ACTION_HOSTS: "http://127.0.0.1:3001, *.pay.test", GOOGLE_CLIENT_ID: "client" };
    expect(formActionHosts(source)).toEqual(["http://127.0.0.1:3001", "*.pay.test"]);
  });

  it.each(["https://pay.test/path", "'unsafe-inline'", "pay test"])("refuses %s", (host) => {
    expect(() => formActionHosts({ FORM_ACTION_HOSTS: host })).toThrow("FORM_ACTION_HOSTS");
  });
});
