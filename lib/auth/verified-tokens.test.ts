import { afterEach, expect, it, vi } from "vitest";
import { VerifiedTokens } from "./verified-tokens";

afterEach(() => {
  vi.useRealTimers();
});

function createTokens(max?: number) {
  const asked: string[] = [];
  const tokens = new VerifiedTokens(async (token) => {
    asked.push(token);
    if (token.startsWith("bad")) return null;
    return { holder: { userId: 1n, sessionId: token }, expiresAtMs: Date.now() + 60_000 };
  }, max);
  return { asked, find: (token: string) => tokens.find(token) };
}

it("verifies a valid token once", async () => {
  const { find, asked } = createTokens();
  for (let time = 0; time < 3; time += 1) expect(await find("a")).toEqual({ userId: 1n, sessionId: "a" });
  expect(asked).toEqual(["a"]);
});

it("a cached token is refused once it expires", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { find } = createTokens();
  await find("a");
  vi.setSystemTime(Date.now() + 59_999);
  expect(await find("a")).not.toBeNull();
  vi.setSystemTime(Date.now() + 1);
  expect(await find("a")).toBeNull();
});

it("a token that resembles a valid one is refused, and an invalid one isn't cached", async () => {
  const { find, asked } = createTokens();
  await find("a");
  expect(await find("bad a")).toBeNull();
  expect(await find("bad a")).toBeNull();
  expect(asked).toEqual(["a", "bad a", "bad a"]);
});

it("holds no more than its maximum", async () => {
  const { find, asked } = createTokens(2);
  for (const token of ["a", "b", "c", "c", "a"]) await find(token);
  expect(asked).toEqual(["a", "b", "c", "a"]);
});
