import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newPhone, offerCodes, readCode } from "@/e2e/support/codes";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, TEST_PIN, type TestUser, type UserOverrides } from "@/e2e/support/people";
import { refusalOf } from "@/e2e/support/refusal";
import { newKey } from "@/lib/ids";
import { overrideChannels } from "@/lib/messaging/registry";
import { findMoneyOutLimit } from "@/lib/services/money-out-limits/find-money-out-limit";
import { findSession } from "../sessions/find-session";
import { startSession } from "../sessions/start-session";
import { addContact, getAddedContact, moveContactHere, verifyContact } from "./add-contact";
import { alarmText } from "./alarm-former-contact";
import { insertAlarm } from "./alarm-store";
import { hashOfToken, newAlarmToken } from "./alarm-token";
import { findContactAlarm, reportContactChange } from "./report-contact-change";
import { findContactOwner } from "./store";

const { db, owner } = await useDatabase();
const PASSWORD = "le marché de Rood Woko";

beforeEach(() => offerCodes());
afterEach(() => overrideChannels(null));

const person = (overrides: UserOverrides = {}) =>
  createUser(db, { password: PASSWORD, pin: TEST_PIN, ...overrides });
const withPhone = () => ({ phone: newPhone(), phoneVerifiedAt: new Date() });

const phone = (value = newPhone()) => ({ kind: "phone", value }) as const;

const start = (user: TestUser, contact = phone(), secret = PASSWORD) =>
  addContact(user.context, { contact, secret, networks: [newKey()] });

async function change(user: TestUser, contact = phone()): Promise<string> {
  const { challengeId } = await start(user, contact);
  await verifyContact(user.context, { challengeId, code: await readCode(owner, contact.value) });
  return contact.value;
}

const noticesOf = async ({ userId }: TestUser) =>
  (await owner<{ kind: string }[]>`select kind from notices where user_id = ${userId.toString()}`).map(
    ({ kind }) => kind,
  );

const messagesTo = async (recipient: string) =>
  await owner<{ purpose: string }[]>`select purpose from outgoing_messages where recipient = ${recipient}`;

const leftOf = async ({ context }: TestUser) =>
  (await findMoneyOutLimit(context, "XOF"))?.left.amountMinor ?? null;

describe("a phone number in the settings", () => {
  it("is added with the password and a code, without a limit", async () => {
    const user = await person();
    const value = await change(user);
    expect((await findContactOwner(db, phone(value)))?.id).toBe(user.userId);
    expect(await leftOf(user)).toBeNull();
    expect(await noticesOf(user)).toEqual(["phone_added"]);
  });

  it("is replaced: others are signed out, money out is limited, and the former one gets a link", async () => {
    const former = withPhone();
    const user = await person(former);
    const elsewhere = await startSession(createContext(db), user.userId, "Elsewhere");
    const value = await change(user);
    expect((await findContactOwner(db, phone(value)))?.id).toBe(user.userId);
    expect(await findContactOwner(db, phone(former.phone))).toBeNull();
    expect(await findSession(db, elsewhere)).toBeNull();
    expect(await leftOf(user)).toBe(25_000n);
    expect(await noticesOf(user)).toEqual(["phone_changed"]);
    expect(await messagesTo(former.phone)).toEqual([{ purpose: "security" }]);
  });

  it("of an account with neither password nor PIN is replaced right after signing in only", async () => {
    const user = await createUser(db, withPhone());
    const late = { ...user, context: { ...user.context, now: new Date(Date.now() + 11 * 60_000) } };
    expect((await refusalOf(start(late, phone(), ""))).code).toBe("unauthenticated");
    await start(user, phone(), "");
  });

  it("takes the PIN in the password's place, and neither is no way", async () => {
    const user = await person(withPhone());
    await start(user, phone(), TEST_PIN);
    expect((await refusalOf(start(user, phone(), "5813"))).code).toBe("pin_wrong");
    for (const secret of ["wrong", ""]) {
      expect((await refusalOf(start(user, phone(), secret))).code).toBe("validation_failed");
    }
  });

  it("is replaced once by a code, of thirty at once", async () => {
    const user = await person(withPhone());
    const contact = phone();
    const { challengeId } = await start(user, contact);
    const code = await readCode(owner, contact.value);
    const all = Array.from({ length: 30 }, () => verifyContact(user.context, { challengeId, code }));
    const done = (await Promise.allSettled(all)).filter(({ status }) => status === "fulfilled");
    expect(done).toHaveLength(1);
    expect(await getAddedContact(user.context, challengeId)).toBeNull();
    expect(await noticesOf(user)).toEqual(["phone_changed"]);
  });

  it("of another account replaces one when its owner wants that, and follows the same", async () => {
    const theirs = withPhone();
    const old = await person(theirs);
    const mine = withPhone();
    const user = await person(mine);
    const { challengeId } = await start(user, phone(theirs.phone));
    const code = await readCode(owner, theirs.phone);
    expect(await verifyContact(user.context, { challengeId, code })).toEqual({ status: "belongs_to_other" });
    expect(await leftOf(user)).toBeNull();
    await moveContactHere(user.context, { challengeId });
    expect(await leftOf(user)).toBe(25_000n);
    expect(await noticesOf(old)).toEqual(["phone_moved_away"]);
    expect(await messagesTo(mine.phone)).toEqual([{ purpose: "security" }]);
  });
});

describe("the link in the message to a former contact", () => {
  async function alarm(user: TestUser): Promise<string> {
    const token = newAlarmToken();
    await db.transaction((tx) =>
      insertAlarm(tx, { tokenHash: hashOfToken(token), userId: user.userId, contact: "phone" }),
    );
    return token;
  }

  it("stops money for three days and signs everybody out, once, and opens nothing", async () => {
    const user = await person(withPhone());
    const token = await alarm(user);
    expect(await findContactAlarm(createContext(db), token)).toEqual({ contact: "phone", isUsed: false });
    const all = Array.from({ length: 30 }, () => reportContactChange(createContext(db), token));
    const outcomes = await Promise.all(all);
    expect(outcomes.filter(({ stopped }) => stopped)).toHaveLength(1);
    expect(await leftOf(user)).toBe(0n);
    const { actor } = user.context;
    expect(actor.kind === "user" && (await findSession(db, actor.sessionId))).toBeNull();
    expect(await findContactAlarm(createContext(db), token)).toEqual({ contact: "phone", isUsed: true });
  });

  it("is over after three days, and another text is none", async () => {
    const user = await person();
    const token = await alarm(user);
    await owner`update contact_alarms set expires_at = now() where user_id = ${user.userId.toString()}`;
    for (const each of [token, newAlarmToken(), ""]) {
      expect(await findContactAlarm(createContext(db), each)).toBeNull();
      expect((await refusalOf(reportContactChange(createContext(db), each))).code).toBe("not_found");
    }
    expect(await leftOf(user)).toBeNull();
  });

  it.each(["fr", "en"] as const)("fits one segment of an SMS in %s", (locale) => {
    const link = `https://portemonnaie.tontine-exemple.bf/${locale === "en" ? "en/" : ""}not-me/${newAlarmToken()}`;
    expect(alarmText("phone", link, locale).text).toMatch(
      /^[\w @£$¥èéùìòÇØøÅåÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]{1,160}$/,
    );
  });
});
