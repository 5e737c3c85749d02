import { afterEach, describe, expect, it } from "vitest";
import { environment, replaceEnvironment } from "@/lib/config";
import { hashPin, isCheckable, isOutdated, verifyPin } from "./pin-hash";

const PIN = "4907";
const before = environment();

afterEach(() => replaceEnvironment(before));

describe("a PIN's hash", () => {
  it("stays good when AUTH_SECRET rotates", async () => {
    const stored = await hashPin(PIN);
    replaceEnvironment({ AUTH_SECRET: "another-secret-another-secret-another" });
    expect(isCheckable(stored)).toBe(true);
    expect(await verifyPin(stored, PIN)).toBe(true);
    expect(await verifyPin(stored, "5813")).toBe(false);
  });

  it("is checked with an older secret of the list, and is outdated then", async () => {
    const stored = await hashPin(PIN);
    expect(isOutdated(stored)).toBe(false);
    const { PIN_SECRET } = environment();
    replaceEnvironment({ PIN_SECRET: `another-secret-another-secret-another, ${PIN_SECRET}` });
    expect([isCheckable(stored), isOutdated(stored)]).toEqual([true, true]);
    expect(await verifyPin(stored, PIN)).toBe(true);
    expect(await verifyPin(stored, "5813")).toBe(false);
    const rehashed = await hashPin(PIN);
    replaceEnvironment({ PIN_SECRET: "another-secret-another-secret-another" });
    expect([isCheckable(stored), isCheckable(rehashed)]).toEqual([false, true]);
    expect(await verifyPin(rehashed, PIN)).toBe(true);
  });

  it("can't be checked with another PIN_SECRET", async () => {
    const stored = await hashPin(PIN);
    replaceEnvironment({ PIN_SECRET: "another-secret-another-secret-another" });
    expect(isCheckable(stored)).toBe(false);
    expect(await verifyPin(stored, PIN)).toBe(false);
  });
});
