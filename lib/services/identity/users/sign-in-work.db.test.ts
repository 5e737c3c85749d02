import { describe, expect, it } from "vitest";
import { hashAtFullCost } from "@/e2e/support/cheap-argon2";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, signInFrom } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { authenticate } from "./authenticate";

const PASSWORD = "le marché de Rood Woko";

hashAtFullCost();
const { db } = await useDatabase();

describe("a sign-in", () => {
  it.each([
    ["address", `nobody-${newKey()}@example.test`],
    ["number", "+22676999999"],
  ])("does the work of a hash for an unknown %s too", async (_name, identifier) => {
    const { email } = await createUser(db, { password: PASSWORD });
    const wrong = { identifier: email, password: "un autre mot de passe" };
    const unknown = { identifier, password: "un autre mot de passe" };
    const cpuOf = async (typed: typeof wrong) => {
      const before = process.cpuUsage();
      await authenticate(createContext(db), typed, signInFrom()).catch(() => {});
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    await cpuOf(unknown);
    const ofWrong = Math.min(await cpuOf(wrong), await cpuOf(wrong), await cpuOf(wrong));
    const ofUnknown = Math.min(await cpuOf(unknown), await cpuOf(unknown), await cpuOf(unknown));
    // A try without a hash takes a tenth of the CPU time; the two differ by noise.
    expect(ofUnknown).toBeGreaterThan(ofWrong / 2);
  });
});
