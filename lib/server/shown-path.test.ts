import { expect, test } from "vitest";
import { shownPath } from "./shown-path";

// Found by npm run resilience: leaks, seed 1, case 0
test("a key or a token that was pasted into an address isn't logged", () => {
  const key = `sk_live_${"k".repeat(43)}`;
  expect(shownPath(`/api/wallet/balance/${key}`)).toBe("/api/wallet/balance/…");
  expect(shownPath(`/api/auth/${"e".repeat(60)}.${"y".repeat(90)}.${"s".repeat(43)}/x`)).toBe(
    "/api/auth/…/x",
  );
});

test("addresses of ours are logged as they are, and endless ones in part", () => {
  const ours = "/en/wallet/transfer/0d5f6a1e-6f0e-4a83-9a6d-3c1b2f0e9d11";
  expect(shownPath(ours)).toBe(ours);
  expect(shownPath("/a".repeat(4_000)).length).toBe(300);
});

test("the token of a link isn't logged, in any language", () => {
  for (const language of ["", "/en"]) {
    expect(shownPath(`${language}/r/4T8sX0cTq1m5d8Qk2Yp3Zg`)).toBe(`${language}/r/…`);
    expect(shownPath(`${language}/join/4T8sX0cTq1m5d8Qk2Yp3Zg`)).toBe(`${language}/join/…`);
    expect(shownPath(`${language}/take-over/7-4T8sX0cTq1m5d8Qk2Yp3Zg`)).toBe(`${language}/take-over/…`);
    expect(shownPath(`${language}/r/4T8sX0cTq1m5d8Qk2Yp3Zg/`)).toBe(`${language}/r/…/`);
  }
  expect(shownPath("/fr/r/4T8sX0cTq1m5d8Qk2Yp3Zg")).toBe("/fr/r/…");
  expect(shownPath("/en/not-me/4T8sX0cTq1m5d8Qk2Yp3Zg")).toBe("/en/not-me/…");
  expect(shownPath("/p/1234567890128")).toBe("/p/1234567890128");
});
