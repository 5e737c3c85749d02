import { describe, expect, it } from "vitest";
import { findGetMiPayEnv, parseGetMiPayEnv } from "./env";

const complete = {
  GETMIPAY_API_KEY: "pk_test_12345678",
  GETMIPAY_SECRET_KEY: "sk_test_0123456789abcdef",
  GETMIPAY_API_URL: "https://api.sandbox.getmipay.com/",
  GETMIPAY_WEBHOOK_SECRET: "wh_secret_0123456789abcdef",
};

describe("GetMiPay's configuration", () => {
  it("its pages live on the API's host and on getmipay.com unless said otherwise", () => {
    expect(parseGetMiPayEnv(complete)).toMatchObject({
      apiUrl: "https://api.sandbox.getmipay.com",
      paymentHosts: ["api.sandbox.getmipay.com", "getmipay.com"],
      referenceIdempotent: false,
    });
    const own = parseGetMiPayEnv({ ...complete, GETMIPAY_PAYMENT_HOSTS: "pay.test, 127.0.0.1:4010" });
    expect(own.paymentHosts).toEqual(["pay.test", "127.0.0.1:4010"]);
  });

  it("nothing named is nothing configured; half named is an error", () => {
    expect(findGetMiPayEnv({ PATH: "/bin", GETMIPAY_API_KEY: "" })).toBeNull();
    expect(() => findGetMiPayEnv({ GETMIPAY_API_KEY: "pk_test_12345678" })).toThrow("GETMIPAY_SECRET_KEY");
  });

  it.each([
    ["GETMIPAY_WEBHOOK_SECRET", ""],
    ["GETMIPAY_WEBHOOK_SECRET", "short"],
    ["GETMIPAY_WEBHOOK_SECRET", complete.GETMIPAY_SECRET_KEY],
    ["GETMIPAY_SECRET_KEY", "sk"],
    ["GETMIPAY_API_URL", "http://api.getmipay.com"],
    ["GETMIPAY_API_URL", "ftp://127.0.0.1"],
    ["GETMIPAY_API_URL", "getmipay"],
    ["GETMIPAY_DIALECT", "public"],
    ["GETMIPAY_DIALECT", "v2"],
    ["GETMIPAY_PAYMENT_HOSTS", "https://pay.test/"],
    ["GETMIPAY_REFERENCE_IDEMPOTENT", "perhaps"],
  ])("%s = %s is refused by name, without its value", (name, value) => {
    const attempt = () => parseGetMiPayEnv({ ...complete, [name]: value });
    expect(attempt).toThrow(name);
    if (value.length > 12) expect(attempt).not.toThrow(value);
  });
});
