import { afterEach, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { newKey } from "@/lib/ids";
import { type Channel, type ChannelMessage, MessageError } from "@/lib/messaging/channel";
import { overrideChannels } from "@/lib/messaging/registry";
import { clearMessages } from "./clear-messages";
import type { NewMessage } from "./message";
import { queueMessage } from "./queue-message";
import { sendMessage } from "./send-message";

const { db, owner } = await useDatabase();

afterEach(() => overrideChannels(null));

interface FakeChannel extends Channel {
  sent: ChannelMessage[];
}

/** A channel that answers what `answer` does. */
function fakeChannel(
  answer: () => Promise<string | null> = async () => newKey(),
  vendor = "fake",
): FakeChannel {
  const sent: ChannelMessage[] = [];
  return {
    vendor,
    kind: "sms",
    sent,
    callbacks: null,
    reaches: () => true,
    async send(message) {
      sent.push(message);
      return { vendorMessageId: await answer() };
    },
  };
}

async function queue(values: Partial<NewMessage> = {}): Promise<bigint> {
  const key = values.key ?? newKey();
  const message: NewMessage = {
    channel: "sms",
    to: "+22670000001",
    userId: null,
    text: "Cauris : code 123456",
    purpose: "code",
    locale: "fr",
    key,
    ...values,
  };
  await inTransaction(db, (tx) => queueMessage(tx, message));
  const [row] = await owner<{ id: string }[]>`select id from outgoing_messages where key = ${key}`;
  return BigInt(row?.id ?? 0);
}

const at = (now = new Date()) => ({ actor: { kind: "system" } as const, requestId: newKey(), db, now });
const send = (id: bigint, { now = new Date(), isLastTry = false } = {}) =>
  sendMessage(at(now), id, { isLastTry });

async function rowOf(id: bigint) {
  const [row] = await owner`select * from outgoing_messages where id = ${id.toString()}`;
  return row;
}

it("a queued message has one job, and its text isn't in the row", async () => {
  const key = newKey();
  const id = await queue({ key });
  await queue({ key });
  const jobs = await owner`select id from graphile_worker._private_jobs where key = ${`message:${id}`}`;
  expect(jobs).toHaveLength(1);
  const row = await rowOf(id);
  expect(row?.state).toBe("waiting");
  expect(JSON.stringify(row)).not.toContain("123456");
  expect((row?.content as Buffer | undefined)?.toString("latin1")).not.toContain("123456");
});

it("is sent once, with its text, which is gone from the row afterwards", async () => {
  const channel = fakeChannel();
  overrideChannels([channel]);
  const id = await queue();
  await send(id);
  await send(id);
  expect(channel.sent.map(({ to, text }) => [to, text])).toEqual([["+22670000001", "Cauris : code 123456"]]);
  expect(await rowOf(id)).toMatchObject({ state: "sent", content: null, attempts: 1, vendor: "fake" });
});

it("isn't sent by two workers at once", async () => {
  const channel = fakeChannel();
  overrideChannels([channel]);
  const id = await queue();
  const results = await Promise.allSettled(Array.from({ length: 30 }, () => send(id)));
  expect(channel.sent).toHaveLength(1);
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "being_sent" });
  }
});

it("is sent again when the worker died before it recorded the sending", async () => {
  const channel = fakeChannel();
  overrideChannels([channel]);
  const id = await queue();
  await owner`update outgoing_messages set attempts = 1, claimed_until = now() + interval '1 minute' where id = ${id.toString()}`;
  await expect(send(id)).rejects.toThrow("being_sent");
  await send(id, { now: new Date(Date.now() + 61_000) });
  expect(channel.sent).toHaveLength(1);
});

it("a temporary failure leaves it to the queue, and the next vendor is tried", async () => {
  const first = fakeChannel(() => Promise.reject(new MessageError("temporary", "network")), "first");
  const second = fakeChannel(undefined, "second");
  overrideChannels([first, second]);
  const id = await queue();
  await expect(send(id)).rejects.toThrow("temporary: network");
  expect(await rowOf(id)).toMatchObject({ state: "waiting", failure: "network", vendor: "first" });
  await send(id);
  expect(await rowOf(id)).toMatchObject({ state: "sent", failure: null, vendor: "second" });
});

it("the last try keeps the text, for an operator who sends it again", async () => {
  overrideChannels([fakeChannel(() => Promise.reject(new MessageError("temporary", "network")))]);
  const id = await queue();
  await expect(send(id, { isLastTry: true })).rejects.toThrow("network");
  expect((await rowOf(id))?.state).toBe("failed");
  const channel = fakeChannel();
  overrideChannels([channel]);
  await send(id);
  expect(channel.sent).toHaveLength(1);
});

it("a permanent failure ends it at once", async () => {
  overrideChannels([fakeChannel(() => Promise.reject(new MessageError("permanent", "invalid_number")))]);
  const id = await queue();
  await send(id);
  expect(await rowOf(id)).toMatchObject({ state: "failed", failure: "invalid_number", content: null });
});

it("a code is never sent after ten minutes", async () => {
  const channel = fakeChannel();
  overrideChannels([channel]);
  const id = await queue();
  await send(id, { now: new Date(Date.now() + 10 * 60_000 + 1_000) });
  expect(channel.sent).toEqual([]);
  expect(await rowOf(id)).toMatchObject({ state: "expired", content: null });
});

it("an expired text is blanked also when nobody tries to send it", async () => {
  const id = await queue();
  await clearMessages(at(new Date(Date.now() + 11 * 60_000)));
  expect(await rowOf(id)).toMatchObject({ state: "expired", content: null });
});
