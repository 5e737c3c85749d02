import { afterEach, describe, expect, it } from "vitest";
import { environment, replaceEnvironment } from "@/lib/config";
import { hashPin, isCheckable, verifyPin } from "./pin-hash";

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

  it("can't be checked with another PIN_SECRET", async () => {
    const stored = await hashPin(PIN);
    replaceEnvironment({ PIN_SECRET: "another-secret-another-secret-another" });
    expect(isCheckable(stored)).toBe(false);
    expect(await verifyPin(stored, PIN)).toBe(false);
  });
});
