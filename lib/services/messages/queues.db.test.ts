import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { newKey } from "@/lib/ids";
import { startWorker } from "@/lib/jobs/worker";
import type { Channel, ChannelKind } from "@/lib/messaging/channel";
import { overrideChannels } from "@/lib/messaging/registry";
import { queueMessage } from "./queue-message";

const { db } = await useDatabase({ alone: true });
afterAll(() => overrideChannels(null));

it("a gateway that doesn't answer holds up neither e-mails nor the worker's other jobs", async () => {
  const answers: (() => void)[] = [];
  const sent: ChannelKind[] = [];
  const channel = (kind: ChannelKind, send: () => Promise<void>): Channel => ({
    vendor: `fake ${kind}`,
    kind,
    callbacks: null,
    reaches: () => true,
    async send() {
      await send();
      sent.push(kind);
      return { vendorMessageId: null };
    },
  });
  let running = 0;
  let most = 0;
  const silent = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => answers.push(resolve));
    running -= 1;
  };
  overrideChannels([channel("sms", silent), channel("email", async () => {})]);
  await inTransaction(db, async (tx) => {
    for (let index = 0; index < 12; index += 1) {
      for (const kind of ["sms", "email"] as const) {
        const to = kind === "sms" ? "+22670000001" : "awa@example.test";
        await queueMessage(tx, {
          channel: kind,
          to,
          userId: null,
          text: "Cauris",
          purpose: "code",
          locale: "fr",
          key: newKey(),
        });
      }
    }
  });
  const worker = await startWorker(() => {}, {
    electionPauseMs: 10,
    pollPauseMs: 20,
    sweepPauseMs: 86_400_000,
  });
  const until = async (isDone: () => boolean) => {
    for (let tries = 0; tries < 400 && !isDone(); tries += 1) await wait(25);
  };
  await until(() => sent.length === 12 && running === 3);
  expect(sent).toEqual(Array(12).fill("email"));
  expect(most).toBe(3);
  const answering = setInterval(() => {
    for (const answer of answers.splice(0)) answer();
  }, 10);
  await until(() => sent.length === 24);
  clearInterval(answering);
  await worker.stop();
  expect(sent).toHaveLength(24);
});
