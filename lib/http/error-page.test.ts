import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { config } from "@/lib/config";
import { errorPage } from "./error-page";

describe("a page for what no page of the app can answer", () => {
  it("says in the person's language that nothing was done, and leads back and home", () => {
    const french = errorPage(403, { language: "fr", path: "/wallet/topup?currency=NGN" });
    expect(french.body).toContain('<html lang="fr">');
    expect(french.body).toContain("rien n’a été fait");
    expect(french.body).toContain('href="/wallet/topup?currency=NGN"');
    expect(french.body).toContain('href="/wallet"');
    const english = errorPage(413, { language: "en", path: "/en/wallet/topup" });
    expect(english.body).toContain("nothing was done");
    expect(english.body).toContain('href="/en/wallet"');
  });

  it("writes nothing of the address as markup", () => {
    const { body } = errorPage(400, { language: "en", path: `/"><script>alert(1)</script>` });
    expect(body).not.toContain("<script>");
  });

  it.each(["//evil.example", "/\\evil.example"])("never leads to another host, as %j would", (path) => {
    expect(errorPage(400, { language: "en", path }).body).not.toContain("evil.example");
  });

  it.each([
    ["fr", "", "Conditions"],
    ["en", "/en", "Terms"],
  ] as const)(
    "names the deployment's contact and the pages that explain it, in %s",
    (language, prefix, terms) => {
      const { body } = errorPage(503, { language, path: null });
      const { phone, email } = config().contact;
      expect(body).toContain(`>${phone}</a>`);
      expect(body).toContain(`href="mailto:${email}"`);
      for (const page of ["help", "fees", "terms", "privacy"])
        expect(body).toContain(`href="${prefix}/${page}"`);
      expect(body).toContain(terms);
      // Inside of `main` a foot is no landmark: screen readers would not find it.
      expect(body).toMatch(/<\/main><footer>.*<\/footer><\/body>/);
    },
  );

  it("permits its own style only", () => {
    const { body, headers } = errorPage(503, { language: "fr", path: null, retryAfterSeconds: 5 });
    const style = /<style>(.*)<\/style>/.exec(body)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-security-policy"]).toContain(`style-src 'sha256-${hash}'`);
    expect(headers["retry-after"]).toBe("5");
  });
});
