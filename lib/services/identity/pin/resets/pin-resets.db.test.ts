import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newPhone, offerCodes, readCode, wrongCode } from "@/e2e/support/codes";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, TEST_PIN, type TestUser, type UserOverrides } from "@/e2e/support/people";
import { refusalOf } from "@/e2e/support/refusal";
import { newKey } from "@/lib/ids";
import { overrideChannels } from "@/lib/messaging/registry";
import { findMoneyOutLimit } from "@/lib/services/money-out-limits/find-money-out-limit";
import { findSession } from "../../sessions/find-session";
import { startSession } from "../../sessions/start-session";
import { checkPin } from "../check-pin";
import { setPin } from "../set-pin";
import { cancelPinReset, keepOldPin } from "./cancel-pin-reset";
import { completePinReset } from "./complete-pin-reset";
import { findPinReset } from "./get-pin-reset";
import { requestPinReset, sendPinCode } from "./request-pin-reset";

const { db, owner } = await useDatabase();
const PASSWORD = "le marché de Rood Woko";
const NEW_PIN = "6158";
const system = createContext(db, { kind: "system" });

beforeEach(() => offerCodes());
afterEach(() => overrideChannels(null));

async function person(overrides: UserOverrides = {}): Promise<TestUser & { phone: string }> {
  const phone = newPhone();
  const verified = { phone, phoneVerifiedAt: new Date() };
  return {
    ...(await createUser(db, { password: PASSWORD, pin: TEST_PIN, ...verified, ...overrides })),
    phone,
  };
}

async function codeFor({
  context,
  phone,
}: TestUser & { phone: string }): Promise<{ challengeId: string; code: string }> {
  const { challengeId } = await sendPinCode(context, { kind: "phone", locale: "fr", networks: [newKey()] });
  return { challengeId, code: await readCode(owner, phone) };
}

const NONE = { challengeId: "", code: "" };

const request = ({ context }: TestUser, proof: { challengeId: string; code: string }, password = PASSWORD) =>
  requestPinReset(context, { pin: NEW_PIN, password, ...proof });

/** The wait is over. */
const passTime = ({ userId }: TestUser) =>
  owner.begin(async (tx) => {
    const id = userId.toString();
    await tx`update pin_resets set effective_at = now() - interval '1 second' where user_id = ${id} and ended_at is null`;
    await tx`update money_out_limits set created_at = now() - interval '25 hours', until = now() - interval '1 second' where user_id = ${id}`;
  });

const kindsOf = async ({ userId }: TestUser) =>
  (
    await owner<{ kind: string }[]>`select kind from notices where user_id = ${userId.toString()} order by id`
  ).map(({ kind }) => kind);

const leftOf = async ({ context }: TestUser) =>
  (await findMoneyOutLimit(context, "XOF"))?.left.amountMinor ?? null;

describe("a forgotten PIN", () => {
  it("is replaced with password and code after a day, in which the old one holds and nothing goes out", async () => {
    const user = await person();
    const { effectiveAt } = await request(user, await codeFor(user));
    expect((effectiveAt.getTime() - Date.now()) / 3_600_000).toBeCloseTo(24, 1);
    expect(await findPinReset(user.context)).toEqual({ effectiveAt });
    expect(await leftOf(user)).toBe(0n);
    await checkPin(user.context, TEST_PIN);
    await completePinReset(system, user.userId);
    expect((await refusalOf(checkPin(user.context, NEW_PIN))).code).toBe("pin_wrong");
    await passTime(user);
    await completePinReset(system, user.userId);
    await completePinReset(system, user.userId);
    await checkPin(user.context, NEW_PIN);
    expect((await refusalOf(checkPin(user.context, TEST_PIN))).code).toBe("pin_wrong");
    expect(await leftOf(user)).toBeNull();
    expect(await kindsOf(user)).toEqual(["pin_reset_requested", "pin_reset_done"]);
    const [row] = await owner`select hash, outcome from pin_resets where user_id = ${user.userId.toString()}`;
    expect(row).toEqual({ hash: null, outcome: "done" });
  });

  it("is the new one from the end of the wait on, even where no job has run, and ends a lock", async () => {
    const user = await person();
    for (let time = 0; time < 5; time += 1) await refusalOf(checkPin(user.context, "5813"));
    await request(user, await codeFor(user));
    await passTime(user);
    await Promise.all(Array.from({ length: 30 }, () => checkPin(user.context, NEW_PIN)));
    expect(await kindsOf(user)).toEqual(["limits_reached", "pin_reset_requested", "pin_reset_done"]);
  });

  it("needs both password and code; a code that isn't for it, or another's, is none", async () => {
    const user = await person();
    const proof = await codeFor(user);
    expect(await refusalOf(request(user, proof, "not this one"))).toMatchObject({
      details: { issues: [{ field: "password", reason: "password_wrong" }] },
    });
    expect(await refusalOf(request(user, NONE))).toMatchObject({ details: { issues: [{ field: "code" }] } });
    expect((await refusalOf(request(user, { ...proof, code: wrongCode(proof.code) }))).code).toBe(
      "code_wrong",
    );
    const other = await person();
    expect((await refusalOf(request(other, proof))).code).toBe("code_expired");
    await request(user, proof);
    expect((await refusalOf(request(user, proof))).code).toBe("code_expired");
    expect(await kindsOf(user)).toEqual(["pin_reset_requested"]);
  });

  it("of an account without password needs a recent sign-in and a code", async () => {
    const user = await person({ password: undefined });
    const proof = await codeFor(user);
    const late = { ...user, context: { ...user.context, now: new Date(Date.now() + 11 * 60_000) } };
    expect((await refusalOf(request(late, proof, ""))).code).toBe("unauthenticated");
    await request(user, proof, "");
  });

  it("of an account without a verified contact needs the password, and waits as long", async () => {
    const user = await person({ phone: null, phoneVerifiedAt: undefined });
    expect(
      (await refusalOf(sendPinCode(user.context, { kind: "email", locale: "fr", networks: [] }))).code,
    ).toBe("not_found");
    expect(await refusalOf(request(user, NONE, ""))).toMatchObject({
      details: { issues: [{ field: "password" }] },
    });
    await request(user, NONE);
    expect(await leftOf(user)).toBe(0n);
  });

  it("waits three days after the password was forgotten too", async () => {
    const user = await person();
    await owner`insert into password_recoveries (id, user_id, contact_kind, contact, code_id, expires_at, used_at)
      values (${newKey()}, ${user.userId.toString()}, 'phone', ${user.phone}, ${newKey()}, now(), now() - interval '6 days')`;
    const { effectiveAt } = await request(user, await codeFor(user));
    expect((effectiveAt.getTime() - Date.now()) / 3_600_000).toBeCloseTo(72, 1);
  });

  it("that wasn't the owner's is called off from any session: the old PIN and money go on, others are signed out", async () => {
    const user = await person();
    const thief = await startSession(createContext(db), user.userId, "Thief");
    await request(user, await codeFor(user));
    expect(await cancelPinReset(user.context)).toEqual({ cancelled: true });
    expect(await cancelPinReset(user.context)).toEqual({ cancelled: false });
    expect(await findSession(db, thief)).toBeNull();
    expect(await leftOf(user)).toBeNull();
    await passTime(user);
    await checkPin(user.context, TEST_PIN);
    const stranger = await person();
    await request(user, await codeFor(user));
    expect(await cancelPinReset(stranger.context)).toEqual({ cancelled: false });
    expect(await leftOf(user)).toBe(0n);
    const key = createContext(db, { kind: "api_key", userId: user.userId, keyId: 1n });
    expect((await refusalOf(cancelPinReset(key))).code).toBe("unauthenticated");
  });

  it("that is remembered is kept with the old PIN, or by changing it", async () => {
    const user = await person();
    await request(user, await codeFor(user));
    expect((await refusalOf(keepOldPin(user.context, { pin: "5813" }))).code).toBe("pin_wrong");
    expect(await keepOldPin(user.context, { pin: TEST_PIN })).toEqual({ cancelled: true });
    expect(await leftOf(user)).toBeNull();
    await request(user, await codeFor(user));
    await setPin(user.context, { pin: "7302", currentPin: TEST_PIN });
    expect(await findPinReset(user.context)).toBeNull();
    expect(await leftOf(user)).toBe(25_000n);
  });

  it("asked for again waits again, and the money with it; the last new PIN counts", async () => {
    const user = await person();
    await request(user, await codeFor(user));
    const again = await codeFor(user);
    await requestPinReset(user.context, { pin: "7302", password: PASSWORD, ...again });
    await cancelPinReset(user.context);
    expect(await leftOf(user)).toBe(0n);
  });
});
