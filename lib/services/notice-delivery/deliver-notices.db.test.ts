import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import type { Channel, ChannelKind } from "@/lib/messaging/channel";
import { overrideChannels } from "@/lib/messaging/registry";
import { money } from "@/lib/money/money";
import { revokeOtherSessions } from "../identity/sessions/revoke-other-sessions";
import { startSession } from "../identity/sessions/start-session";
import { openContent } from "../messages/content";
import { recordNotice } from "../notices/record-notice";
import { sendTransfer } from "../transfers/send-transfer";
import { deliverNotice, deliverNotices } from "./deliver-notices";
import { getNoticeChoices } from "./get-notice-choices";
import { MESSAGES_PER_DAY_MAX, WORTH_TELLING_MS } from "./policy";
import { subscribePush, unsubscribePush } from "./push-subscriptions";
import { saveNoticeChoices } from "./save-notice-choices";

vi.mock("@/lib/log", () => ({ log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() } }));

const { db, owner } = await useDatabase({ alone: true });
const NOON = "2026-11-30T12:00:00Z";
const NIGHT = "2026-11-30T23:00:00Z";

const channel = (kind: ChannelKind): Channel => ({
  vendor: `fake-${kind}`,
  kind,
  callbacks: null,
  reaches: () => true,
  send: async () => ({ vendorMessageId: null }),
});

beforeEach(async () => {
  overrideChannels([channel("sms"), channel("email"), channel("push")]);
  await deliverNotices(systemAt(NOON));
});
afterAll(() => overrideChannels(null));

function systemAt(now: string | Date) {
  return { ...createContext(db, { kind: "system" }), now: new Date(now) };
}

interface Queued {
  channel: string;
  recipient: string;
  purpose: string;
  locale: string;
  not_before: Date | null;
  subject: string;
  text: string;
}

async function queuedFor({ userId }: TestUser): Promise<Queued[]> {
  const rows = await owner<(Omit<Queued, "subject" | "text"> & { key: string; content: Buffer })[]>`
    select channel, recipient, purpose, locale, not_before, key, content
    from outgoing_messages where user_id = ${userId.toString()} order by id`;
  return rows.map(({ key, content, ...row }) => ({
    ...row,
    ...(openContent(key, content) ?? { subject: "", text: "" }),
  }));
}

const channelsOf = async (user: TestUser) => (await queuedFor(user)).map((message) => message.channel);

let phones = 0;

/** Somebody with an e-mail address and a phone, verified unless told otherwise. */
async function person(overrides: { isVerified?: boolean; phone?: string | null; locale?: "fr" | "en" } = {}) {
  phones += 1;
  const phone = overrides.phone === undefined ? `+2267${String(1_000_000 + phones)}` : overrides.phone;
  const user = await createUser(db, {
    phone,
    locale: overrides.locale ?? "fr",
    firstName: "Awa",
    lastName: "Traoré",
  });
  if (overrides.isVerified !== false) {
    await owner`update users set email_verified_at = now(), phone_verified_at = case when phone is not null then now() end
      where id = ${user.userId.toString()}`;
  }
  return { ...user, phone };
}

async function tell(
  { userId }: TestUser,
  kind: "pin_changed" | "wallet_unfrozen" | "passkey_added" = "pin_changed",
  alsoTo?: object,
) {
  const more = alsoTo === undefined ? {} : { alsoTo };
  await inTransaction(db, (tx) => recordNotice(tx, { userId, kind, details: {}, key: newKey(), ...more }));
}

describe("a notice", () => {
  it("goes to every channel that is chosen, once, in the receiver's language", async () => {
    const [sender, recipient] = [await person(), await person({ locale: "en" })];
    await fundWallet(db, sender.walletId, money(100n, "XOF"));
    await owner`update notices set queued_at = now() where user_id = ${sender.userId.toString()}`;
    const input = { walletNumber: recipient.walletNumber, amount: money(10n, "XOF") };
    const { reference } = await sendTransfer(sender.context, input);
    for (let time = 0; time < 2; time += 1) await deliverNotices(systemAt(NOON));
    const [mail, sms, ...others] = await queuedFor(recipient);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      channel: "email",
      recipient: recipient.email,
      purpose: "notice",
      locale: "en",
    });
    expect(mail?.subject).toBe("Money from Awa T.");
    expect(mail?.text).toContain(`/en/wallet/transactions/${reference}`);
    expect(sms).toMatchObject({ channel: "sms", recipient: recipient.phone, not_before: null });
    expect(sms?.text).toBe(`Cauris: Awa T. sent you FCFA 10. ${reference}`);
    // Who sends is told by e-mail only: a text message costs.
    expect(await queuedFor(sender)).toMatchObject([{ channel: "email", subject: "Argent envoyé à Awa T." }]);
  });

  it("goes to verified addresses only, and to channels that the deployment has", async () => {
    const [claimed, verified] = [await person({ isVerified: false }), await person()];
    await tell(claimed);
    await deliverNotices(systemAt(NOON));
    expect(await queuedFor(claimed)).toEqual([]);
    overrideChannels([channel("sms")]);
    await tell(verified);
    await deliverNotices(systemAt(NOON));
    expect(await channelsOf(verified)).toEqual(["sms"]);
  });

  it("is marked even when nobody can be told, and never sent when its address is verified later", async () => {
    overrideChannels([]);
    const user = await person();
    await tell(user);
    expect(await deliverNotices(systemAt(NOON))).toBe(1);
    overrideChannels([channel("sms")]);
    expect(await deliverNotices(systemAt(NOON))).toBe(0);
    expect(await queuedFor(user)).toEqual([]);
  });

  it("waits for eight o'clock at night, in the zone of the receiver, unless it is about security", async () => {
    const [burkinabe, nigerian] = [await person(), await person({ phone: "+2348031234567" })];
    for (const user of [burkinabe, nigerian]) {
      await tell(user, "wallet_unfrozen");
      await tell(user, "pin_changed");
    }
    await deliverNotices(systemAt(NIGHT));
    const times = async (user: TestUser) =>
      (await queuedFor(user)).map(({ purpose, not_before }) => [purpose, not_before?.toISOString() ?? null]);
    const [eight, seven] = ["2026-12-01T08:00:00.000Z", "2026-12-01T07:00:00.000Z"];
    const security = ["security", null];
    expect(await times(burkinabe)).toEqual([["notice", eight], ["notice", eight], security, security]);
    expect(await times(nigerian)).toEqual([["notice", seven], ["notice", seven], security, security]);
  });

  it("follows what its receiver chose, but for security", async () => {
    const user = await person();
    const off = { "problems.email": "", "problems.sms": "", "security.email": "", "security.sms": "" };
    await saveNoticeChoices(user.context, off);
    await tell(user, "wallet_unfrozen");
    await tell(user, "pin_changed");
    await deliverNotices(systemAt(NOON));
    expect((await queuedFor(user)).map((message) => [message.channel, message.purpose])).toEqual([
      ["email", "security"],
      ["sms", "security"],
    ]);
    await saveNoticeChoices(user.context, { ...off, "problems.sms": "on" });
    await tell(user, "wallet_unfrozen");
    await deliverNotices(systemAt(NOON));
    expect((await channelsOf(user)).slice(2)).toEqual(["sms"]);
  });

  it("goes to each browser that takes push messages", async () => {
    const user = await person();
    const shared = { endpoint: `https://push.test/${newKey()}`, p256dh: "k", auth: "a" };
    const sessions = [];
    for (const browser of ["a", "b", "c", "c"]) {
      const sessionId = await startSession(user.context, user.userId, browser);
      const context = createContext(db, { kind: "user", userId: user.userId, sessionId });
      const own = { ...shared, endpoint: `https://push.test/${newKey()}` };
      await subscribePush(context, browser === "c" ? shared : own);
      sessions.push(context);
    }
    const [, off] = sessions;
    if (off) await unsubscribePush(off);
    await tell(user);
    await deliverNotices(systemAt(NOON));
    expect(await channelsOf(user)).toEqual(["email", "sms", "push", "push"]);
    expect((await getNoticeChoices(sessions[0] ?? user.context)).isPushOn).toBe(true);
    // A phone that changed hands, and one that was signed out.
    const other = await person();
    await subscribePush(other.context, shared);
    await revokeOtherSessions(user.context);
    await tell(user);
    await deliverNotices(systemAt(NOON));
    expect((await channelsOf(user)).slice(4)).toEqual(["email", "sms"]);
  });

  it("is told at the address that was just replaced too, which is then forgotten", async () => {
    const user = await person();
    await tell(user, "pin_changed", { phone: "+22675000000", email: user.email });
    await deliverNotices(systemAt(NOON));
    const told = (await queuedFor(user)).map(({ recipient }) => recipient);
    expect(told).toEqual([user.email, user.phone, "+22675000000"]);
    const kept = await owner`select also_to from notices where user_id = ${user.userId.toString()}`;
    expect(kept).toEqual([{ also_to: null }]);
  });

  it("is only shown on the page when it is old, or when the day has had enough of them", async () => {
    const user = await person();
    await tell(user, "wallet_unfrozen");
    await deliverNotices(systemAt(new Date(Date.now() + WORTH_TELLING_MS + 60_000)));
    expect(await queuedFor(user)).toEqual([]);
    const now = new Date();
    now.setUTCHours(12);
    for (let count = 0; count <= MESSAGES_PER_DAY_MAX.sms; count += 1) await tell(user, "wallet_unfrozen");
    await tell(user, "pin_changed");
    await deliverNotices(systemAt(now));
    const sms = (await queuedFor(user)).filter((message) => message.channel === "sms");
    expect(sms.map(({ purpose }) => purpose)).toEqual([
      ...Array.from({ length: MESSAGES_PER_DAY_MAX.sms }, () => "notice"),
      "security",
    ]);
  });

  it("of what one person can cause without end doesn't use up the day's text messages", async () => {
    const user = await person();
    for (let count = 0; count <= MESSAGES_PER_DAY_MAX.sms; count += 1) await tell(user, "passkey_added");
    await tell(user, "pin_changed");
    await deliverNotices(systemAt(new Date()));
    const channels = await channelsOf(user);
    expect(channels.filter((each) => each === "sms")).toHaveLength(MESSAGES_PER_DAY_MAX.sms + 1);
    expect(channels.filter((each) => each === "email")).toHaveLength(MESSAGES_PER_DAY_MAX.sms + 2);
  });
});

describe("the worker", () => {
  it("queues each notice once when several run at once", async () => {
    const user = await person();
    for (let count = 0; count < 30; count += 1) await tell(user);
    await Promise.all(Array.from({ length: 6 }, () => deliverNotices(systemAt(NOON))));
    expect(await queuedFor(user)).toHaveLength(60);
  });

  it("gives notices that can't be queued a job each, so that one holds up no other", async () => {
    const user = await person();
    await tell(user, "pin_changed", { phone: "+22675000000" });
    const [broken] = await owner<{ user_id: string; id: string }[]>`
      insert into notices (user_id, kind) values (${user.userId.toString()}, 'unheard_of') returning user_id, id`;
    await deliverNotices(systemAt(NOON));
    expect(await queuedFor(user)).toEqual([]);
    const jobs = await owner<{ payload: { userId: string; noticeId: string } }[]>`
      select j.payload from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'deliver_notice' order by j.id`;
    expect(jobs).toHaveLength(2);
    for (let time = 0; time < 2; time += 1) {
      for (const { payload } of jobs.filter(({ payload: { noticeId } }) => noticeId !== broken?.id)) {
        const names = { userId: BigInt(payload.userId), noticeId: BigInt(payload.noticeId) };
        await deliverNotice(systemAt(NOON), names);
      }
    }
    expect((await queuedFor(user)).map(({ recipient }) => recipient)).toEqual([
      user.email,
      user.phone,
      "+22675000000",
    ]);
    const names = { userId: user.userId, noticeId: BigInt(broken?.id ?? 0) };
    await expect(deliverNotice(systemAt(NOON), names)).rejects.toThrow();
    await deliverNotice(systemAt(NOON), { ...names, noticeId: 999_999_999n });
  });

  it("is the system", async () => {
    const { context } = await createUser(db);
    await expect(deliverNotices(context)).rejects.toMatchObject({ code: "unauthenticated" });
    const nobody = { userId: 1n, noticeId: 1n };
    await expect(deliverNotice(context, nobody)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});
