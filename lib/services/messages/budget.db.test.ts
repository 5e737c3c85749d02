import { afterAll, beforeEach, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { replaceEnvironment } from "@/lib/config";
import { newKey } from "@/lib/ids";
import type { Channel } from "@/lib/messaging/channel";
import { MessageError } from "@/lib/messaging/channel";
import { overrideChannels } from "@/lib/messaging/registry";
import type { MessagePurpose } from "./message";
import { queueMessage } from "./queue-message";
import { sendMessage } from "./send-message";

const { db, owner } = await useDatabase({ alone: true });
const DAILY_MAX = 20;

let calls = 0;
let fails = false;
const gateway: Channel = {
  vendor: "fake",
  kind: "sms",
  callbacks: null,
  reaches: () => true,
  async send() {
    calls += 1;
    if (fails) throw new MessageError("temporary", "http_503");
    return { vendorMessageId: null };
  },
};

beforeEach(async () => {
  replaceEnvironment({ SMS_DAILY_MAX: String(DAILY_MAX) });
  overrideChannels([gateway]);
  await owner`delete from sms_days`;
  calls = 0;
  fails = false;
});
afterAll(() => overrideChannels(null));

async function queue(purpose: MessagePurpose): Promise<bigint> {
  const key = newKey();
  await inTransaction(db, (tx) =>
    queueMessage(tx, {
      channel: "sms",
      to: "+22670000001",
      userId: null,
      text: "Cauris",
      purpose,
      locale: "fr",
      key,
    }),
  );
  const [row] = await owner<{ id: string }[]>`select id from outgoing_messages where key = ${key}`;
  return BigInt(row?.id ?? 0);
}

const send = (id: bigint, now = new Date()) =>
  sendMessage({ actor: { kind: "system" }, requestId: newKey(), db, now }, id, { isLastTry: false });

async function sendMany(purpose: MessagePurpose, count: number): Promise<void> {
  const ids = await Promise.all(Array.from({ length: count }, () => queue(purpose)));
  await Promise.allSettled(ids.map((id) => send(id)));
}

it("a flood of codes calls the gateway for nine tenths of the day's SMS at most, however many at once", async () => {
  await sendMany("code", 40);
  expect(calls).toBe(18);
});

it("what a flood of codes left is for warnings", async () => {
  await sendMany("code", 40);
  await sendMany("notice", 3);
  expect(calls).toBe(18);
  await sendMany("security", 5);
  expect(calls).toBe(20);
});

it("a code over the budget fails at once; a notice waits for the next day", async () => {
  await sendMany("code", 18);
  const code = await queue("code");
  await send(code);
  const [row] =
    await owner`select state, failure, content from outgoing_messages where id = ${code.toString()}`;
  expect(row).toEqual({ state: "failed", failure: "over_budget", content: null });
  const notice = await queue("notice");
  await expect(send(notice)).rejects.toThrow("over_budget");
  const [row2] = await owner`select expires_at from outgoing_messages where id = ${notice.toString()}`;
  await send(notice, new Date(row2?.expires_at.getTime() - 1_000));
  expect(calls).toBe(19);
});

it("tries that fail count: they may have been sent", async () => {
  fails = true;
  const ids = await Promise.all(Array.from({ length: 10 }, () => queue("code")));
  for (let round = 0; round < 3; round += 1) await Promise.allSettled(ids.map((id) => send(id)));
  expect(calls).toBe(18);
});

it("without a budget no gateway is called, and other channels go on", async () => {
  replaceEnvironment({ SMS_DAILY_MAX: "0" });
  await sendMany("security", 2);
  expect(calls).toBe(0);
});
