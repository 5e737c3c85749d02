import { describe, expect, it } from "vitest";
import { parseSettings } from "@/lib/parse-settings";
import { getMiPayManifest } from "./manifest";

const complete = {
  GETMIPAY_API_KEY: "pk_test_12345678",
  GETMIPAY_SECRET_KEY: "sk_test_0123456789abcdef",
  GETMIPAY_API_URL: "https://api.sandbox.getmipay.com/",
  GETMIPAY_WEBHOOK_SECRET: "wh_secret_0123456789abcdef",
};

const publicDialect = {
  ...complete,
  GETMIPAY_DIALECT: "public",
  GETMIPAY_API_URL: "https://getmipay.com/api/v1/",
};

describe("GetMiPay's configuration", () => {
  it("its pages live on the API's host and on getmipay.com by default", () => {
    expect(parseSettings(getMiPayManifest.settings, complete)).toMatchObject({
      apiUrl: "https://api.sandbox.getmipay.com",
      paymentHosts: ["api.sandbox.getmipay.com", "getmipay.com"],
      referenceIdempotent: false,
    });
    const own = parseSettings(getMiPayManifest.settings, {
      ...complete,
      GETMIPAY_PAYMENT_HOSTS: "pay.test, 127.0.0.1:4010",
    });
    expect(own.paymentHosts).toEqual(["pay.test", "127.0.0.1:4010"]);
  });

  it.each([
    ["GETMIPAY_WEBHOOK_SECRET", ""],
    ["GETMIPAY_WEBHOOK_SECRET", "short"],
    ["GETMIPAY_WEBHOOK_SECRET", complete.GETMIPAY_SECRET_KEY],
    ["GETMIPAY_SECRET_KEY", "sk"],
    ["GETMIPAY_API_URL", "http://api.getmipay.com"],
    ["GETMIPAY_API_URL", "ftp://127.0.0.1"],
    ["GETMIPAY_API_URL", "getmipay"],
    ["GETMIPAY_DIALECT", "v2"],
    ["GETMIPAY_PAYMENT_HOSTS", "https://pay.test/"],
    ["GETMIPAY_REFERENCE_IDEMPOTENT", "perhaps"],
  ])("%s = %s is refused by name, without its value", (name, value) => {
    const attempt = () => parseSettings(getMiPayManifest.settings, { ...complete, [name]: value });
    expect(attempt).toThrow(name);
    if (value.length > 12) expect(attempt).not.toThrow(value);
  });
});

describe("the configuration of the public dialect", () => {
  it("the dialect is v1 by default", () => {
    expect(parseSettings(getMiPayManifest.settings, complete).dialect).toBe("v1");
    expect(parseSettings(getMiPayManifest.settings, publicDialect)).toMatchObject({
      dialect: "public",
      apiUrl: "https://getmipay.com/api/v1",
      paymentHosts: ["getmipay.com"],
    });
  });

  it("only what is documented is offered unless services are named: Orange pays out in three countries", () => {
    expect(parseSettings(getMiPayManifest.settings, publicDialect).services).toEqual([
      { method: "orange_money", country: "CI", direction: "out", id: "3" },
      { method: "orange_money", country: "SN", direction: "out", id: "4" },
      { method: "orange_money", country: "BF", direction: "out", id: "5" },
    ]);
  });

  it("a service without a direction serves both", () => {
    const GETMIPAY_SERVICES = "wave:BF=21, moov_money:BJ:in=30";
    expect(
      parseSettings(getMiPayManifest.settings, { ...publicDialect, GETMIPAY_SERVICES }).services,
    ).toEqual([
      { method: "wave", country: "BF", direction: "in", id: "21" },
      { method: "wave", country: "BF", direction: "out", id: "21" },
      { method: "moov_money", country: "BJ", direction: "in", id: "30" },
    ]);
  });

  it.each([
    ["GETMIPAY_SERVICES", "wave=21"],
    ["GETMIPAY_SERVICES", "wave:bf=21"],
    ["GETMIPAY_SERVICES", "wave:NG=21"],
    ["GETMIPAY_SERVICES", "visa:BF:in=21"],
    ["GETMIPAY_SERVICES", "wave:BF:up=21"],
    ["GETMIPAY_SERVICES", "wave:BF="],
    ["GETMIPAY_SERVICES", "wave:BF=2\r\nx: y"],
    ["GETMIPAY_SERVICES", "wave:BF=21,"],
    ["GETMIPAY_SERVICES", "wave:BF=21,wave:BF:out=22"],
    ["GETMIPAY_REFERENCE_IDEMPOTENT", "true"],
    ["GETMIPAY_WEBHOOK_SECRET", ""],
  ])("%s = %j is refused by name", (name, value) => {
    expect(() => parseSettings(getMiPayManifest.settings, { ...publicDialect, [name]: value })).toThrow(name);
  });
});
