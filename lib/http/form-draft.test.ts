import { describe, expect, it } from "vitest";
import { draftCookie, type FormDraft, forgottenDraftCookie, openDraft, ownerTag } from "./form-draft";

const draft: FormDraft = {
  form: "start-topup",
  path: "/wallet/topup?currency=NGN",
  owner: ownerTag(7n),
  reason: "session",
  values: { amount: "5 000", name: "Ọlátúndé", key: "k" },
};

const sealedIn = (cookie: string | null) => /=([^;]*)/.exec(cookie ?? "")?.[1];

describe("what was typed, kept in a cookie", () => {
  it("comes back as it was, and nobody can read it on the way", () => {
    const cookie = draftCookie(draft);
    expect(openDraft(sealedIn(cookie))).toEqual(draft);
    expect(Buffer.from(sealedIn(cookie) ?? "", "base64url").toString("latin1")).not.toContain("5 000");
    expect(cookie).toMatch(/; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/);
  });

  it("is forgotten after a quarter of an hour, and once its form was run", () => {
    const value = sealedIn(draftCookie(draft, 0));
    expect(openDraft(value, 899_000)).toEqual(draft);
    expect(openDraft(value, 901_000)).toBeNull();
    expect(forgottenDraftCookie()).toContain("=; Path=/; Max-Age=0;");
  });

  it("counts for nothing once a character of it was changed", () => {
    const value = sealedIn(draftCookie(draft)) ?? "";
    for (const at of [0, 20, Math.floor(value.length / 2)]) {
      const other = value[at] === "A" ? "B" : "A";
      expect(openDraft(value.slice(0, at) + other + value.slice(at + 1)), String(at)).toBeNull();
    }
    for (const odd of [undefined, "", "x", "a".repeat(100), "a".repeat(5_000)])
      expect(openDraft(odd)).toBeNull();
  });

  it("is never longer than a browser keeps", () => {
    const long = (length: number) => draftCookie({ ...draft, values: { note: "é".repeat(length) } });
    expect(long(500)?.length).toBeLessThan(4_000);
    expect(long(5_000)).toBeNull();
  });

  it("keeps nothing about a person who isn't signed in: the next one at a shared browser sees it", () => {
    const values = {
      email: "ama@example.test",
      firstName: "Ama",
      lastName: "Ba",
      phone: "70 11 22 33",
      phoneCountry: "BF",
      locale: "fr",
      next: "/wallet/topup",
      amount: "5 000",
    };
    const kept = openDraft(
      sealedIn(draftCookie({ ...draft, form: "sign-up", owner: ownerTag(null), values })),
    );
    expect(kept?.values).toEqual({ phoneCountry: "BF", locale: "fr", next: "/wallet/topup" });
  });

  it("names its owner by a tag that differs from person to person", () => {
    expect(ownerTag(7n)).toBe(ownerTag(7n));
    expect(new Set([ownerTag(7n), ownerTag(8n), ownerTag(null)]).size).toBe(3);
    expect(ownerTag(7n)).toMatch(/^[\w-]{22}$/);
  });
});
