import { describe, expect, it } from "vitest";
import type { Source } from "@/lib/parse-settings";
import { collectProviderSettings, isRealProviderConfigured, PROVIDER_MANIFESTS } from "./manifests";

function collect(source: Source) {
  const problems: string[] = [];
  return { settings: collectProviderSettings(source, problems), problems };
}

describe("the vendors' settings", () => {
  it("without variables no vendor is configured; an empty value counts as none", () => {
    const { settings, problems } = collect({ PATH: "/bin", GETMIPAY_API_KEY: "", PAYSTACK_SECRET_KEY: "" });
    expect(settings).toEqual({ getmipay: null, paystack: null });
    expect(problems).toEqual([]);
  });

  it("a vendor that is half configured is refused, and what is missing is named", () => {
    const keys = { GETMIPAY_API_KEY: "pk_test_12345678", GETMIPAY_SECRET_KEY: "sk_test_0123456789abcdef" };
    expect(collect(keys).problems).toEqual([
      "GETMIPAY_API_URL: is missing",
      "GETMIPAY_WEBHOOK_SECRET: is missing",
    ]);
    expect(collect({ PAYSTACK_PUBLIC_KEY: "pk_test_0123456789" }).problems).toEqual([
      "PAYSTACK_SECRET_KEY: is missing",
    ]);
  });

  it("a vendor that is configured whole leaves the other out", () => {
    const { settings, problems } = collect({ PAYSTACK_SECRET_KEY: "sk_test_0123456789abcdef" });
    expect(problems).toEqual([]);
    expect(settings.paystack).not.toBeNull();
    expect(settings.getmipay).toBeNull();
  });

  it("one key of an account is enough for money to be real", () => {
    for (const { credentials } of PROVIDER_MANIFESTS) {
      for (const name of credentials) expect(isRealProviderConfigured({ [name]: "x" }), name).toBe(true);
    }
    expect(isRealProviderConfigured({ GETMIPAY_API_KEY: "", PAYSTACK_PUBLIC_KEY: "x" })).toBe(false);
  });
});

it("every manifest has its own name, variables and webhook path", () => {
  const all = <T>(of: (manifest: (typeof PROVIDER_MANIFESTS)[number]) => T) => PROVIDER_MANIFESTS.map(of);
  for (const values of [all(({ name }) => name), all(({ webhook }) => webhook.path)]) {
    expect(new Set(values).size).toBe(PROVIDER_MANIFESTS.length);
  }
  for (const { name, variables, credentials, apiUrlVariable } of PROVIDER_MANIFESTS) {
    const own = new RegExp(`^${name.toUpperCase()}_`);
    for (const variable of variables) expect(variable).toMatch(own);
    expect(variables).toEqual(expect.arrayContaining([...credentials, apiUrlVariable]));
  }
});
