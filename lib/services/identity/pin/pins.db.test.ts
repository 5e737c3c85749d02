import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { hashAtFullCost } from "@/e2e/support/cheap-argon2";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { environment, replaceEnvironment } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { findMoneyOutLimit } from "@/lib/services/money-out-limits/find-money-out-limit";
import { checkPin } from "./check-pin";
import { getPinStatus } from "./get-pin-status";
import { verifyPin } from "./pin-hash";
import { setPin } from "./set-pin";

// Counts how often a PIN is compared; everything else is the real thing.
vi.mock(import("./pin-hash"), async (original) => {
  const real = await original();
  return { ...real, verifyPin: vi.fn(real.verifyPin) };
});

// Tries at the same time wait for one comparison.
hashAtFullCost();
const { db, owner } = await useDatabase();
const PIN = "4907";
const WRONG = "5813";
const PASSWORD = "le marché de Rood Woko";
const MINUTE_MS = 60_000;
const compared = vi.mocked(verifyPin);

afterEach(() => {
  compared.mockClear();
});

async function personWithPin(password?: string): Promise<TestUser> {
  const person = await createUser(db, password === undefined ? {} : { password });
  await setPin(person.context, { pin: PIN });
  return person;
}

function later({ context }: TestUser, minutes: number): Context {
  return { ...context, now: new Date(context.now.getTime() + minutes * MINUTE_MS) };
}

async function refusal(work: Promise<unknown>): Promise<DomainError> {
  const error = await work.then(
    () => "nothing was refused",
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DomainError)) throw error;
  return error;
}

async function guess(context: Context, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await refusal(checkPin(context, WRONG));
}

async function rowOf({ userId }: TestUser) {
  const [row] = await owner<{ hash: string; wrong_tries: number; locked_until: Date | null }[]>`
    select hash, wrong_tries, locked_until from pins where user_id = ${userId.toString()}`;
  return row;
}

describe("confirming with a PIN", () => {
  it("accepts the right one and resets the count of wrong ones", async () => {
    const person = await personWithPin();
    await guess(person.context, 4);
    await checkPin(person.context, PIN);
    expect(await rowOf(person)).toMatchObject({ wrong_tries: 0, locked_until: null });
    expect(await refusal(checkPin(person.context, WRONG))).toMatchObject({
      code: "pin_wrong",
      details: { triesLeft: 4 },
    });
  });

  it("says how many tries are left, then until when it is locked, even for the right one", async () => {
    const person = await personWithPin();
    for (const triesLeft of [4, 3, 2, 1]) {
      const refused = await refusal(checkPin(person.context, WRONG));
      expect(refused).toMatchObject({ code: "pin_wrong", details: { triesLeft } });
    }
    const until = new Date(person.context.now.getTime() + 15 * MINUTE_MS);
    const locked = { code: "pin_locked", details: { until, retryAfterSeconds: 15 * 60 } };
    expect(await refusal(checkPin(person.context, WRONG))).toMatchObject(locked);
    compared.mockClear();
    expect(await refusal(checkPin(person.context, PIN))).toMatchObject(locked);
    expect(compared).not.toHaveBeenCalled();
    expect((await getPinStatus(person.context)).lockedUntil).toEqual(until);
  });

  it("of 50 parallel guesses at most five are compared", async () => {
    const person = await personWithPin();
    const different = Array.from({ length: 50 }, (_, index) => String(6_010 + index));
    const guesses = different.map((pin) => refusal(checkPin(person.context, pin)));
    const codes = (await Promise.all(guesses)).map(({ code }) => code);
    expect(compared).toHaveBeenCalledTimes(5);
    expect(codes.filter((code) => code === "pin_wrong")).toHaveLength(4);
    expect(codes.filter((code) => code === "pin_locked")).toHaveLength(46);
    expect(await rowOf(person)).toMatchObject({ wrong_tries: 5 });
  });

  it("counts the same PIN twice at once as one try: a double tap doesn't lock it", async () => {
    const person = await personWithPin();
    await guess(person.context, 4);
    compared.mockClear();
    await Promise.all(Array.from({ length: 10 }, () => checkPin(person.context, PIN)));
    expect(compared).toHaveBeenCalledTimes(1);
    const wrong = Array.from({ length: 10 }, () => refusal(checkPin(person.context, WRONG)));
    expect(new Set((await Promise.all(wrong)).map(({ details }) => details.triesLeft))).toEqual(new Set([4]));
    expect(await rowOf(person)).toMatchObject({ wrong_tries: 1 });
  });

  it("has counted the try before it is compared, so that a crash doesn't undo the count", async () => {
    const person = await personWithPin();
    compared.mockImplementationOnce(async () => {
      expect(await rowOf(person)).toMatchObject({ wrong_tries: 1 });
      throw new Error("the process dies here");
    });
    await expect(checkPin(person.context, PIN)).rejects.toThrow("dies here");
    expect(await rowOf(person)).toMatchObject({ wrong_tries: 1 });
  });

  it("opens when a lock's time has passed, and each further lock is longer, a day at most", async () => {
    const person = await personWithPin();
    let minutes = 0;
    for (const lock of [15, 60, 240, 960, 1440, 1440]) {
      await guess(later(person, minutes), 5);
      const early = await refusal(checkPin(later(person, minutes + lock - 1), PIN));
      expect(early).toMatchObject({ code: "pin_locked", details: { retryAfterSeconds: 60 } });
      minutes += lock;
    }
    await checkPin(later(person, minutes), PIN);
    expect(await rowOf(person)).toMatchObject({ wrong_tries: 0, locked_until: null });
  });

  it("without a PIN, or with a text that can't be one, costs no try", async () => {
    const person = await personWithPin();
    expect(await refusal(checkPin(person.context, ""))).toMatchObject({ code: "pin_required" });
    for (const typed of ["123", "1234567", "12a4", "١٢٣٤", " 4907"]) {
      expect(await refusal(checkPin(person.context, typed))).toMatchObject({ code: "validation_failed" });
    }
    expect(await rowOf(person)).toMatchObject({ wrong_tries: 0 });
  });

  it("is refused without a PIN, with another person's, and for API keys", async () => {
    const [person, other] = [await personWithPin(), await createUser(db)];
    expect(await refusal(checkPin(other.context, PIN))).toMatchObject({ code: "pin_not_set" });
    const key = createContext(db, { kind: "api_key", userId: person.userId, keyId: 1n });
    expect(await refusal(checkPin(key, PIN))).toMatchObject({ code: "unauthenticated" });
    expect(await refusal(checkPin(other.context, ""))).toMatchObject({ code: "pin_not_set" });
  });
});

describe("setting a PIN", () => {
  it("keeps argon2id with the parameters of passwords, keyed, and never the PIN", async () => {
    const person = await personWithPin();
    const { hash = "" } = (await rowOf(person)) ?? {};
    expect(hash).toMatch(/^[0-9a-f]{8}:\$argon2id\$v=19\$m=19456,t=2,p=2\$/);
    const { verifyPassword } = await import("../users/password");
    expect(await verifyPassword(hash.slice(9), PIN), "the PIN alone is not what was hashed").toBe(false);
  });

  it("needs no proof the first time, and changing it takes the current one, counted like any try", async () => {
    const person = await personWithPin(PASSWORD);
    expect(await refusal(setPin(person.context, { pin: WRONG }))).toMatchObject({
      code: "pin_required",
      details: { issues: [{ field: "currentPin", reason: "required" }] },
    });
    for (let time = 0; time < 4; time += 1) {
      const refused = await refusal(setPin(person.context, { pin: WRONG, currentPin: "7777" }));
      expect(refused).toMatchObject({ code: "pin_wrong", details: { issues: [{ field: "currentPin" }] } });
    }
    expect(await setPin(person.context, { pin: WRONG, currentPin: PIN })).toEqual({ changed: true });
    await checkPin(person.context, WRONG);
    expect(await refusal(checkPin(person.context, PIN))).toMatchObject({ code: "pin_wrong" });
  });

  it("a form that is sent twice sets it once and costs no try", async () => {
    const person = await createUser(db);
    const first = { pin: PIN, version: (await getPinStatus(person.context)).version };
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => setPin(person.context, first)));
    expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1);
    const { version } = await getPinStatus(person.context);
    const change = { pin: WRONG, currentPin: PIN, version };
    expect(await setPin(person.context, change)).toEqual({ changed: true });
    expect(await setPin(person.context, change)).toEqual({ changed: false });
    expect(await rowOf(person)).toMatchObject({ wrong_tries: 0 });
    await checkPin(person.context, WRONG);
  });

  it("one keyed with another secret can't be changed: it is replaced as a forgotten one", async () => {
    const person = await personWithPin(PASSWORD);
    await owner`update pins set hash = '00000000' || substr(hash, 9) where user_id = ${person.userId.toString()}`;
    expect(await getPinStatus(person.context)).toMatchObject({ isSet: false, needsReset: true });
    for (const typed of [PIN, ""]) {
      expect(await refusal(checkPin(person.context, typed))).toMatchObject({ code: "pin_reset_required" });
      expect(await refusal(setPin(person.context, { pin: PIN, currentPin: typed }))).toMatchObject({
        code: "pin_reset_required",
      });
    }
  });

  it("money out is limited after a change, and not after the first", async () => {
    const person = await personWithPin();
    expect(await findMoneyOutLimit(person.context, "XOF")).toBeNull();
    await setPin(person.context, { pin: WRONG, currentPin: PIN });
    expect(await findMoneyOutLimit(person.context, "XOF")).toMatchObject({ left: { amountMinor: 25_000n } });
  });

  it("one keyed with an older secret of the list is keyed anew when it is right, and stays the same PIN", async () => {
    const person = await personWithPin();
    const before = environment();
    onTestFinished(() => replaceEnvironment(before));
    const PIN_SECRET = "a-newer-secret-a-newer-secret-a-newer";
    replaceEnvironment({ PIN_SECRET: `${PIN_SECRET},${before.PIN_SECRET}` });
    const { version } = await getPinStatus(person.context);
    expect(await refusal(checkPin(person.context, WRONG))).toMatchObject({ code: "pin_wrong" });
    await checkPin(person.context, PIN);
    expect(await getPinStatus(person.context)).toMatchObject({ isSet: true, version });
    replaceEnvironment({ PIN_SECRET });
    await checkPin(person.context, PIN);
    expect(await refusal(checkPin(person.context, WRONG))).toMatchObject({ code: "pin_wrong" });
  });

  it("is refused for API keys", async () => {
    const { userId } = await createUser(db);
    const key = createContext(db, { kind: "api_key", userId, keyId: 1n });
    expect(await refusal(setPin(key, { pin: PIN }))).toMatchObject({ code: "unauthenticated" });
  });
});
