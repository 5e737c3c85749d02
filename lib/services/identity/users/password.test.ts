import { parseOptions } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "./password";

describe("passwords", () => {
  it("are hashed with argon2id, at least 19 MiB, two passes and two lanes", async () => {
    const passwordHash = await hashPassword("une phrase assez longue");
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$/);
    const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
    expect(memoryCost).toBeGreaterThanOrEqual(19 * 1024);
    expect({ timeCost, parallelism }).toEqual({ timeCost: 2, parallelism: 2 });
  });

  it("have another salt each time", async () => {
    expect(await hashPassword("la même phrase")).not.toBe(await hashPassword("la même phrase"));
  });

  it("are the same from keyboards that compose accents differently", async () => {
    const passwordHash = await hashPassword("t\u00E9l\u00E9phone rouge");
    expect(await verifyPassword(passwordHash, "te\u0301le\u0301phone rouge")).toBe(true);
    expect(await verifyPassword(passwordHash, "telephone rouge")).toBe(false);
  });

  it("no password matches an account without one", async () => {
    expect(await verifyPassword(null, "the password of nobody")).toBe(false);
    expect(await verifyPassword(null, "")).toBe(false);
  });
});
