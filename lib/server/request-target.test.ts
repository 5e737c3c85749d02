import { describe, expect, it } from "vitest";
import { isOddApiPath } from "./request-target";

describe("a path of the API in another spelling", () => {
  it.each([
    "//api/wallet/balance",
    "/api//wallet/balance",
    "/api/wallet/balance//",
    "/api/./wallet/balance",
    "/./api/wallet/balance",
    "/x/../api/wallet/balance",
    "/api/wallet/balance/.",
    "/api/%2e/wallet/balance",
    "/api/%2E%2e/api/wallet/balance",
    "/%61pi/wallet/balance",
    "/api%2fwallet/balance",
    "/api/wallet%2Fbalance",
    "/api\\wallet/balance",
    "/api/wallet/b%61lance",
    "/webhook//getmipay/",
    "/webhook/%67etmipay/",
    "/api/auth/./session",
  ])("%s is odd", (path) => {
    expect(isOddApiPath(path)).toBe(true);
  });

  it.each([
    "/api/wallet/balance",
    "/api/wallet/balance/",
    "/webhook/getmipay/",
    "/api/wallet/deposit/TXN-7K2M9QXA4B3C/status",
    "/api/wallet/deposit/%C3%A9/status",
    "/api",
    "/",
    "//wallet",
    "/wallet/./x",
    "/apis/./x",
    "/en/api/%2e",
  ])("%s isn't", (path) => {
    expect(isOddApiPath(path)).toBe(false);
  });
});
