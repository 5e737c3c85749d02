import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newPhone, offerCodes, readCode, wrongCode } from "@/e2e/support/codes";
import { useDatabase } from "@/e2e/support/database";
import {
  createContext,
  createUser,
  signInFrom,
  TEST_PIN,
  type TestUser,
  type UserOverrides,
} from "@/e2e/support/people";
import { refusalOf } from "@/e2e/support/refusal";
import { createSoftwarePasskey } from "@/e2e/support/software-passkey";
import { newKey } from "@/lib/ids";
import { overrideChannels } from "@/lib/messaging/registry";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { listApiKeys } from "@/lib/services/api-access/keys/list-api-keys";
import { findMoneyOutLimit } from "@/lib/services/money-out-limits/find-money-out-limit";
import { addPasskey } from "../passkeys/add-passkey";
import { hasPasskeys } from "../passkeys/list-passkeys";
import { startAddingPasskey } from "../passkeys/start-adding-passkey";
import { checkPin } from "../pin/check-pin";
import { requestPinReset, sendPinCode } from "../pin/resets/request-pin-reset";
import { findSession } from "../sessions/find-session";
import { startSession } from "../sessions/start-session";
import { authenticate } from "../users/authenticate";
import { finishRecovery } from "./finish-recovery";
import { getRecovery } from "./get-recovery";
import { checkOtherCode, checkRecoveryCode, resendRecoveryCode, sendOtherCode } from "./recovery-codes";
import { startRecovery } from "./start-recovery";

const { db, owner } = await useDatabase();
const OLD = "le marché de Rood Woko";
const NEW = "trois chèvres au puits";

beforeEach(() => offerCodes());
afterEach(() => overrideChannels(null));

const anonymous = () => createContext(db);
const VERIFIED = new Date();

interface Person extends TestUser {
  phone: string;
}

/** Somebody with a verified number, and with a verified address unless told. */
async function person(overrides: UserOverrides = {}): Promise<Person> {
  const phone = newPhone();
  const verified = { emailVerifiedAt: VERIFIED, phone, phoneVerifiedAt: VERIFIED };
  return { ...(await createUser(db, { password: OLD, ...verified, ...overrides })), phone };
}

const phoneOf = ({ phone }: Person) => ({ kind: "phone", value: phone }) as const;
const emailOf = ({ email }: Person) => ({ kind: "email", value: email }) as const;

async function start(contact: { kind: "phone" | "email"; value: string }): Promise<string> {
  const { recoveryId } = await startRecovery(anonymous(), {
    identifier: contact.value,
    phoneCountry: "BF",
    locale: "fr",
    networks: [newKey()],
  });
  return recoveryId;
}

/** Begun, and the first code was right. */
async function proven(contact: { kind: "phone" | "email"; value: string }): Promise<string> {
  const recoveryId = await start(contact);
  await checkRecoveryCode(anonymous(), { recoveryId, code: await readCode(owner, contact.value) });
  return recoveryId;
}

const finish = (recoveryId: string, more: { pin?: string; password?: string; knows?: bigint } = {}) => {
  const { pin = "", password = NEW, knows } = more;
  const device = knows === undefined ? null : { id: newKey(), userIds: [knows] };
  return finishRecovery(anonymous(), { recoveryId, password, pin, device });
};

const signsIn = (identifier: string, password: string) =>
  authenticate(anonymous(), { identifier, password }, signInFrom()).then(
    () => true,
    () => false,
  );

const forgetForLong = ({ userId }: Person) =>
  owner.begin(async (tx) => {
    await tx`update users set phone_verified_at = now() - interval '200 days' where id = ${userId.toString()}`;
    await tx`update sessions set last_seen_at = now() - interval '190 days' where user_id = ${userId.toString()}`;
  });

const noticesOf = async ({ userId }: Person) =>
  (await owner<{ kind: string }[]>`select kind from notices where user_id = ${userId.toString()}`).map(
    ({ kind }) => kind,
  );

describe("a forgotten password", () => {
  it("is replaced after a code by SMS and one to the e-mail address; all ways in that were open end, and the PIN stays", async () => {
    const owner1 = await person({ pin: TEST_PIN });
    const { apiKey } = await createApiKey(owner1.context, {
      name: "till",
      permissions: ["transfer"],
      expiry: "1D",
      pin: TEST_PIN,
    });
    expect(apiKey).toBeTruthy();
    const passkey = createSoftwarePasskey();
    const answer = passkey.create(await startAddingPasskey(owner1.context, TEST_PIN));
    await addPasskey(owner1.context, { answer, device: "Chrome" });
    const recoveryId = await proven(phoneOf(owner1));
    await sendOtherCode(anonymous(), { recoveryId, networks: [newKey()] });
    expect((await refusalOf(finish(recoveryId))).code).toBe("recovery_evidence_required");
    await checkOtherCode(anonymous(), { recoveryId, code: await readCode(owner, owner1.email) });
    expect(await finish(recoveryId)).toEqual({
      userId: owner1.userId,
      identifier: owner1.phone,
      isStopped: false,
    });
    expect(await signsIn(owner1.phone, NEW)).toBe(true);
    expect(await signsIn(owner1.email, OLD)).toBe(false);
    const { actor } = owner1.context;
    expect(actor.kind === "user" && (await findSession(db, actor.sessionId))).toBeNull();
    const sessionId = await startSession(anonymous(), owner1.userId, "New");
    const context = createContext(db, { kind: "user", userId: owner1.userId, sessionId });
    expect((await listApiKeys(context)).map(({ isActive }) => isActive)).toEqual([false]);
    expect(await hasPasskeys(context)).toBe(false);
    await checkPin(context, TEST_PIN);
    expect(await findMoneyOutLimit(context, "XOF")).toMatchObject({ left: { amountMinor: 25_000n } });
    expect(await noticesOf(owner1)).toContain("password_recovered");
  });

  it("ends the wait for another PIN, which whoever knew the former password may have begun", async () => {
    const owner1 = await person({ pin: TEST_PIN });
    const { challengeId } = await sendPinCode(owner1.context, {
      kind: "phone",
      locale: "fr",
      networks: [newKey()],
    });
    const code = await readCode(owner, owner1.phone);
    await requestPinReset(owner1.context, { pin: "7302", password: OLD, challengeId, code });
    const stops = () =>
      owner`select from money_out_limits where user_id = ${owner1.userId.toString()} and lifted_at is null`;
    const before = (await stops()).length;
    await finish(await proven(phoneOf(owner1)), { pin: TEST_PIN });
    const [reset] =
      await owner`select outcome, hash from pin_resets where user_id = ${owner1.userId.toString()}`;
    expect(reset).toEqual({ outcome: "cancelled", hash: null });
    expect((await stops()).length).toBeGreaterThanOrEqual(before);
    await checkPin(owner1.context, TEST_PIN);
  });

  it("is never replaced by a code by SMS alone: who has only the number gets nothing", async () => {
    const owner1 = await person({ pin: TEST_PIN, emailVerifiedAt: undefined });
    const recoveryId = await proven(phoneOf(owner1));
    expect(await getRecovery(anonymous(), recoveryId, null)).toMatchObject({
      isEnough: false,
      takesPin: true,
      other: null,
      takesNothing: false,
    });
    expect((await refusalOf(finish(recoveryId))).code).toBe("recovery_evidence_required");
    expect(await signsIn(owner1.phone, OLD)).toBe(true);
  });

  it("is replaced with the PIN, whose wrong tries count, and only after the right code", async () => {
    const owner1 = await person({ pin: TEST_PIN, emailVerifiedAt: undefined });
    const early = await start(phoneOf(owner1));
    for (let time = 0; time < 6; time += 1) {
      expect((await refusalOf(finish(early, { pin: "5813" }))).code).toBe("code_expired");
    }
    await checkPin(owner1.context, TEST_PIN);
    const recoveryId = await proven(phoneOf(owner1));
    expect(await refusalOf(finish(recoveryId, { pin: "5813" }))).toMatchObject({
      code: "pin_wrong",
      details: { triesLeft: 4 },
    });
    expect(await finish(recoveryId, { pin: TEST_PIN })).toMatchObject({ isStopped: false });
    expect(await signsIn(owner1.phone, NEW)).toBe(true);
  });

  it("guesses of the PIN lock it here as anywhere", async () => {
    const owner1 = await person({ pin: TEST_PIN });
    const recoveryId = await proven(phoneOf(owner1));
    const guesses = Array.from({ length: 30 }, (_, at) =>
      refusalOf(finish(recoveryId, { pin: `58${10 + at}` })),
    );
    const codes = (await Promise.all(guesses)).map(({ code }) => code);
    expect(codes.filter((code) => code === "pin_wrong")).toHaveLength(4);
    expect(codes.filter((code) => code === "pin_locked")).toHaveLength(26);
    expect(await getRecovery(anonymous(), recoveryId, null)).toMatchObject({
      takesPin: false,
      pinLockedUntil: expect.any(Date),
    });
  });

  it("is replaced on a device that the owner used before", async () => {
    const owner1 = await person({ emailVerifiedAt: undefined });
    const stranger = await person();
    const recoveryId = await proven(phoneOf(owner1));
    expect((await refusalOf(finish(recoveryId, { knows: stranger.userId }))).code).toBe(
      "recovery_evidence_required",
    );
    expect(await finish(recoveryId, { knows: owner1.userId })).toMatchObject({ isStopped: false });
  });

  it("by e-mail alone is replaced where the account has nothing else, and then nothing goes out for three days", async () => {
    const owner1 = await person({ phone: null, phoneVerifiedAt: undefined, pin: TEST_PIN });
    const recoveryId = await proven(emailOf(owner1));
    expect(await finish(recoveryId)).toMatchObject({ isStopped: true });
    const limit = await findMoneyOutLimit(owner1.context, "XOF");
    expect(limit?.left.amountMinor).toBe(0n);
    expect(((limit?.until.getTime() ?? 0) - Date.now()) / 3_600_000).toBeCloseTo(72, 0);
    const other = await person();
    const withPhone = await proven(emailOf(other));
    expect((await refusalOf(finish(withPhone))).code).toBe("recovery_evidence_required");
  });

  it("a number that wasn't used for long is worth less", async () => {
    const owner1 = await person({ pin: TEST_PIN });
    await forgetForLong(owner1);
    const recoveryId = await proven(phoneOf(owner1));
    expect(await finish(recoveryId, { pin: TEST_PIN })).toMatchObject({ isStopped: true });
  });

  it("is refused while it is guessed first or too short, and the code stays good for another one", async () => {
    const owner1 = await person({ pin: TEST_PIN });
    const recoveryId = await proven(phoneOf(owner1));
    for (const password of ["Cauris2026", "court"]) {
      expect((await refusalOf(finish(recoveryId, { pin: TEST_PIN, password }))).code).toBe(
        "validation_failed",
      );
    }
    await finish(recoveryId, { pin: TEST_PIN });
  });

  it("takes a wrong code for wrong five times, and a recovery that is over, moved or another's for over", async () => {
    const owner1 = await person({ pin: TEST_PIN });
    const recoveryId = await start(phoneOf(owner1));
    const wrong = wrongCode(await readCode(owner, owner1.phone));
    const tries = Array.from({ length: 30 }, () =>
      refusalOf(checkRecoveryCode(anonymous(), { recoveryId, code: wrong })),
    );
    const codes = (await Promise.all(tries)).map(({ code }) => code);
    expect(codes.filter((code) => code === "code_wrong")).toHaveLength(5);
    const moved = await proven(phoneOf(owner1));
    await owner`update users set phone = null, phone_verified_at = null where id = ${owner1.userId.toString()}`;
    expect((await refusalOf(finish(moved, { pin: TEST_PIN }))).code).toBe("code_expired");
    expect((await refusalOf(finish(newKey()))).code).toBe("code_expired");
  });

  it("the same form twice, or thirty times at once, replaces it once and answers the same", async () => {
    const owner1 = await person({ pin: TEST_PIN });
    const recoveryId = await proven(phoneOf(owner1));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => finish(recoveryId, { knows: owner1.userId })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    expect(await finish(recoveryId)).toMatchObject({ userId: owner1.userId });
    expect((await refusalOf(finish(recoveryId, { password: "une autre phrase longue" }))).code).toBe(
      "code_expired",
    );
    const [row] =
      await owner`select count(*)::int as count from money_out_limits where user_id = ${owner1.userId.toString()}`;
    expect(row?.count).toBe(1);
  });
});

describe("a contact that nobody has", () => {
  it("is answered as one that an account has, after the same statements, and no message leaves", async () => {
    const owner1 = await person();
    const nobody = { kind: "phone", value: newPhone() } as const;
    const timeOf = async (contact: { kind: "phone" | "email"; value: string }) => {
      const begin = performance.now();
      await start(contact);
      return performance.now() - begin;
    };
    await Promise.all([start(nobody), start(phoneOf(owner1))]);
    const known: number[] = [];
    const unknown: number[] = [];
    for (let at = 0; at < 20; at += 1) {
      known.push(await timeOf(phoneOf(await person())));
      unknown.push(await timeOf({ kind: "phone", value: newPhone() }));
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[10] ?? 0;
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(
      0.5 * Math.max(median(known), median(unknown)),
    );
    const [row] =
      await owner`select count(*)::int as count from outgoing_messages where recipient = ${nobody.value}`;
    expect(row?.count).toBe(0);
    const recoveryId = await start(nobody);
    expect(await getRecovery(anonymous(), recoveryId, null)).toEqual({ status: "code", contact: nobody });
    const code = wrongCode(await readCode(owner, nobody.value));
    expect(await refusalOf(checkRecoveryCode(anonymous(), { recoveryId, code }))).toMatchObject({
      code: "code_wrong",
      details: { triesLeft: 4 },
    });
    const again = { recoveryId, networks: [newKey()], locale: "fr" as const };
    expect((await refusalOf(resendRecoveryCode(anonymous(), again))).code).toBe("rate_limited");
  });

  it("an address that an account claims without having verified it recovers nothing", async () => {
    const claimer = await person({ emailVerifiedAt: undefined });
    await start(emailOf(claimer));
    const [row] =
      await owner`select count(*)::int as count from outgoing_messages where recipient = ${claimer.email}`;
    expect(row?.count).toBe(0);
  });
});
