// Messages: queued, sent at least once, reported on, and cleared.
import { newKey } from "@/lib/ids";
import { orangeSmsManifest } from "@/lib/messaging/orange-sms/manifest";
import { type CrashTest, SYSTEM, workload } from "../crash-test";
import { queueMessages, sweep } from "../process-calls";

/** Longer than a worker's claim of a message. */
const CLAIM_OVER_MS = 2 * 60_000;

interface Recipients {
  sms: string;
  email: string;
}

const textTo = ({ sms }: Recipients) => `Cauris : message ${sms.slice(-4)}`;

/** A number that no earlier case used: the sandbox's gateway is out of order for the first try of it. */
async function newNumber({ random, sql }: CrashTest): Promise<string> {
  for (;;) {
    const number = `+2267${String(random.int(0, 999)).padStart(3, "0")}7108`;
    const used = await sql`select from outgoing_messages where recipient = ${number}`;
    if (used.length === 0) return number;
  }
}

async function queue(test: CrashTest, recipients: Recipients): Promise<void> {
  const messages = (["sms", "email"] as const).map((channel) => ({
    channel,
    to: recipients[channel],
    userId: null,
    subject: "Cauris",
    text: textTo(recipients),
    purpose: "notice" as const,
    locale: "fr" as const,
    key: newKey(),
  }));
  await test.run(queueMessages, SYSTEM, messages);
}

async function countWaiting({ sql }: CrashTest, { sms, email }: Recipients): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`select count(*)::int as waiting from outgoing_messages
    where recipient = any (${[sms, email]}) and content is not null`;
  return row?.waiting ?? 0;
}

/** A worker that died held its claim of a message: later it is sent again. */
async function untilSent(test: CrashTest, recipients: Recipients): Promise<void> {
  const isSent = async () => (await countWaiting(test, recipients)) === 0;
  await test.until(isSent);
  for (let deaths = 1; deaths <= 3 && !(await isSent()); deaths += 1) {
    test.harness.shift(deaths * CLAIM_OVER_MS);
    await test.until(isSent);
  }
  test.harness.shift(0);
}

async function report(test: CrashTest, { sms }: Recipients): Promise<void> {
  const [row] = await test.sql<{ id: string }[]>`
    select vendor_message_id as id from outgoing_messages where recipient = ${sms}`;
  const { ORANGE_SMS_CALLBACK_SECRET: secret } = test.harness.deployment.secrets;
  await test.client.call({
    path: `${orangeSmsManifest.callback.path}/${secret}`,
    body: {
      deliveryInfoNotification: {
        callbackData: row?.id,
        deliveryInfo: { address: `tel:${sms}`, deliveryStatus: "DeliveredToTerminal" },
      },
    },
  });
}

export const MESSAGES = [
  workload({
    name: "an SMS and an e-mail are sent, reported as delivered, and cleared",
    reaches: /^(messages\/|messaging\/|jobs\/send_message)/,
    setUp: async (test): Promise<Recipients> => ({
      sms: await newNumber(test),
      email: `message-${test.random.hex(8)}@example.test`,
    }),
    send: async (test, recipients) => {
      await queue(test, recipients);
      await untilSent(test, recipients);
      await report(test, recipients);
      await test.run(sweep, SYSTEM);
      const { inbox } = test.sandbox;
      for (const [channel, to] of Object.entries(recipients) as ["sms" | "email", string][]) {
        const texts = new Set(inbox.list({ channel, to, limit: 10 }).map(({ text }) => text));
        test.equal([...texts], [textTo(recipients)], `what came by ${channel}`);
      }
      const states = await test.sql`select state from outgoing_messages where recipient = ${recipients.sms}`;
      test.equal(states, [{ state: "delivered" }], "an SMS that was reported as delivered");
    },
  }),
];
