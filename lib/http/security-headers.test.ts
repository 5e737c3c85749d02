import { describe, expect, test } from "vitest";
import { contentSecurityPolicy, isPersonal, securityHeaders } from "./security-headers";

const production = {
  nonce: "n0nce",
  formActionHosts: ["https://pay.example"],
  https: true,
  development: false,
};

describe("the policy of a page", () => {
  test("runs no inline script or style without the nonce of this answer", () => {
    const policy = contentSecurityPolicy(production);
    expect(policy).toContain("script-src 'self' 'nonce-n0nce' 'strict-dynamic';");
    expect(policy).toContain("style-src 'self' 'nonce-n0nce';");
    expect(policy).not.toMatch(/unsafe/);
  });

  test("lets forms end here and on the named hosts, and frames and bases nowhere", () => {
    const policy = contentSecurityPolicy(production);
    expect(policy).toContain("form-action 'self' https://pay.example;");
    for (const directive of ["frame-ancestors", "base-uri", "object-src", "default-src"]) {
      expect(policy).toContain(`${directive} 'none'`);
    }
  });

  test("asks for https only where people come by https", () => {
    expect(contentSecurityPolicy(production)).toContain("upgrade-insecure-requests");
    expect(contentSecurityPolicy({ ...production, https: false })).not.toContain("upgrade-insecure-requests");
    expect(securityHeaders(true)).toHaveProperty("Strict-Transport-Security");
    expect(securityHeaders(false)).not.toHaveProperty("Strict-Transport-Security");
  });

  test("forms send their Origin: the referrer policy isn't no-referrer", () => {
    expect(securityHeaders(false)["Referrer-Policy"]).toBe("same-origin");
  });
});

test.each([
  ["/wallet", true],
  ["/wallet/", true],
  ["/wallet/topup", true],
  ["/sign-in", true],
  ["/sign-up/", true],
  ["/tontines/T7K4Q2", true],
  ["/join/T7K4Q2", true],
  ["/take-over/7-4T8sX0cTq1m5d8Qk2Yp3Zg", true],
  ["/walleting", false],
  ["/", false],
])("%s is personal: %s", (path, personal) => {
  expect(isPersonal(path)).toBe(personal);
});
