import { describe, expect, test } from "vitest";
import { CanarySet, mayBeInColumn, mayBeInResponse, ResponseLog } from "./canaries";
import { secretIn } from "./locations";

const seen = (canaries: CanarySet, text: string) =>
  canaries.search("a log", text).map(({ canary }) => canary.kind);

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
    const canaries = new CanarySet();
    const password = canaries.add("password", 'Pa$$ "x" é&<', "Awa");
    expect(seen(canaries, `before ${write(password)} after`)).toEqual(["password"]);
    expect(seen(canaries, "before Pa$$ after")).toEqual([]);
  });

  test("finds a phone in any spelling, and a PIN only where it stands alone", () => {
    const canaries = new CanarySet();
    canaries.add("phone", "+22671234567", "Awa");
    canaries.add("PIN", "490712", "Awa");
    for (const text of ["+22671234567", "0022671234567", "tel 71234567.", "71 23 45 67"]) {
      expect(seen(canaries, text), text).toEqual(["phone"]);
    }
    expect(seen(canaries, '"pin":"490712"')).toEqual(["PIN"]);
    expect(seen(canaries, "2026-11-23T00:00:00.490712Z 14907123 a490712")).toEqual([]);
  });

  test("a key may be in one response, a phone in those to its owner; columns may hold neither, but for users.phone", () => {
    const canaries = new CanarySet();
    canaries.add("API key", "sk_live_aaaaaaaaaaaaaaaaaaaaaaaa", "Awa", 3);
    canaries.add("phone", "+22671234567", "Awa");
    const [key, phone] = canaries
      .search("", "sk_live_aaaaaaaaaaaaaaaaaaaaaaaa +22671234567")
      .map(({ canary }) => canary);
    if (!key || !phone) throw new Error("both are found");
    expect([mayBeInResponse(key, "Awa", 3), mayBeInResponse(key, "Awa", 4)]).toEqual([true, false]);
    expect([mayBeInResponse(phone, "Awa", 9), mayBeInResponse(phone, "Moussa", 9)]).toEqual([true, false]);
    expect([mayBeInColumn(phone, "users.phone"), mayBeInColumn(phone, "webhook_events.payload")]).toEqual([
      true,
      false,
    ]);
    expect(mayBeInColumn(key, "api_keys.hash")).toBe(false);
  });

  test("another person's phone and a key that is shown again are found in responses", () => {
    const canaries = new CanarySet();
    const responses = new ResponseLog(canaries);
    canaries.add("phone", "+22671234567", "Awa");
    const key = "sk_live_bbbbbbbbbbbbbbbbbbbbbbbb";
    responses.record("Awa", "GET /wallet/settings", "+226 71 23 45 67");
    responses.record("Moussa", "GET /wallet", "<p>71 23 45 67</p>");
    const number = responses.record("Awa", "POST /wallet/keys/new", key);
    responses.record("Awa", "GET /wallet/keys", key);
    canaries.add("API key", key, "Awa", number);
    const { leaked, allowed } = responses.search();
    expect(leaked.map(({ canary, location }) => [canary.kind, location])).toEqual([
      ["phone", "the response to GET /wallet"],
      ["API key", "the response to GET /wallet/keys"],
    ]);
    expect(allowed).toBe(2);
  });
});

test("secrets in files are recognized by their format", () => {
  // Concatenated, so that the search of the source tree doesn't find it.
  expect(secretIn(`key: ${"sk_live_"}${"a1".repeat(22)}`)).toBe("an API key");
  expect(secretIn(`${"-----BEGIN "}PRIVATE KEY-----\n${"A".repeat(64)}`)).toBe("a private key");
  expect(secretIn("postgres://user:password@localhost/db sk_live_abc")).toBeNull();
});
