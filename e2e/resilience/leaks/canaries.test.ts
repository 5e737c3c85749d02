import { describe, expect, test } from "vitest";
import { Ear } from "./browser";
import { Aviary, mayBeAnswered, mayBeInColumn } from "./canaries";
import { looksSecret } from "./places";

const seen = (aviary: Aviary, text: string) => aviary.search("a log", text).map(({ canary }) => canary.kind);

describe("the search for canaries", () => {
  test.each([
    ["as it is", (value: string) => `{"said":"${value}"}`],
    ["escaped", (value: string) => `/x?y=${encodeURIComponent(value)}`],
    ["as JSON writes it", (value: string) => JSON.stringify({ value })],
    [
      "in hexadecimal, as PostgreSQL writes bytes",
      (value: string) => `\\x${Buffer.from(value).toString("hex")}`,
    ],
    ["in base 64", (value: string) => Buffer.from(value).toString("base64")],
  ])("finds a password %s", (_how, write) => {
    const aviary = new Aviary();
    const password = aviary.plant("password", 'Pa$$ "x" é&<', "Awa");
    expect(seen(aviary, `before ${write(password)} after`)).toEqual(["password"]);
    expect(seen(aviary, "before Pa$$ after")).toEqual([]);
  });

  test("finds a phone however people write it, and a PIN only where it stands alone", () => {
    const aviary = new Aviary();
    aviary.plant("phone", "+22671234567", "Awa");
    aviary.plant("PIN", "490712", "Awa");
    for (const text of ["+22671234567", "0022671234567", "tel 71234567.", "71 23 45 67"]) {
      expect(seen(aviary, text), text).toEqual(["phone"]);
    }
    expect(seen(aviary, '"pin":"490712"')).toEqual(["PIN"]);
    expect(seen(aviary, "2026-11-23T00:00:00.490712Z 14907123 a490712")).toEqual([]);
  });

  test("a secret may be answered once, to its owner; a phone to its owner only; neither is kept but where it belongs", () => {
    const aviary = new Aviary();
    aviary.plant("API key", "sk_live_aaaaaaaaaaaaaaaaaaaaaaaa", "Awa", 3);
    aviary.plant("phone", "+22671234567", "Awa");
    const [key, phone] = aviary
      .search("", "sk_live_aaaaaaaaaaaaaaaaaaaaaaaa +22671234567")
      .map(({ canary }) => canary);
    if (!key || !phone) throw new Error("both are found");
    expect([mayBeAnswered(key, "Awa", 3), mayBeAnswered(key, "Awa", 4)]).toEqual([true, false]);
    expect([mayBeAnswered(phone, "Awa", 9), mayBeAnswered(phone, "Moussa", 9)]).toEqual([true, false]);
    expect([mayBeInColumn(phone, "users.phone"), mayBeInColumn(phone, "webhook_events.payload")]).toEqual([
      true,
      false,
    ]);
    expect(mayBeInColumn(key, "api_keys.hash")).toBe(false);
  });

  test("an answer that shows somebody else's phone, or a key again, is told from one that may", () => {
    const aviary = new Aviary();
    const ear = new Ear(aviary);
    aviary.plant("phone", "+22671234567", "Awa");
    const answer = new Response(null, { headers: { "x-note": "1" } });
    ear.listen("Awa", "GET /wallet/settings", answer, "+226 71 23 45 67");
    ear.listen("Moussa", "GET /wallet", answer, "<p>71 23 45 67</p>");
    const number = ear.listen("Awa", "POST /wallet/keys/new", answer, "sk_live_bbbbbbbbbbbbbbbbbbbbbbbb");
    ear.listen("Awa", "GET /wallet/keys", answer, "sk_live_bbbbbbbbbbbbbbbbbbbbbbbb");
    aviary.plant("API key", "sk_live_bbbbbbbbbbbbbbbbbbbbbbbb", "Awa", number);
    const { stray, atHome } = ear.search();
    expect(stray.map(({ canary, place }) => [canary.kind, place])).toEqual([
      ["phone", "the answer to GET /wallet"],
      ["API key", "the answer to GET /wallet/keys"],
    ]);
    expect(atHome).toBe(2);
  });
});

test("a real-looking secret in a file is known by its looks", () => {
  // Put together here, so that the search of this very tree doesn't find it.
  expect(looksSecret(`key: ${"sk_live_"}${"a1".repeat(22)}`)).toBe("an API key");
  expect(looksSecret(`${"-----BEGIN "}PRIVATE KEY-----\n${"A".repeat(64)}`)).toBe("a private key");
  expect(looksSecret("postgres://user:password@localhost/db sk_live_abc")).toBeNull();
});
