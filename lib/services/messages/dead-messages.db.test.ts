import { afterAll, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createContext } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { type Channel, MessageError } from "@/lib/messaging/channel";
import { overrideChannels } from "@/lib/messaging/registry";
import { listDeadLetters } from "../back-office/list-dead-letters";
import { retryJob } from "../outbox/retry-job";
import { queueMessage } from "./queue-message";
import { sendMessage } from "./send-message";

const { db, owner } = await useDatabase();
afterAll(() => overrideChannels(null));

it("a message whose attempts are used up is a dead letter without its recipient, and an operator has it sent again", async () => {
  const sent: string[] = [];
  let isDown = true;
  const gateway: Channel = {
    vendor: "fake",
    kind: "sms",
    callbacks: null,
    reaches: () => true,
    async send({ text }) {
      if (isDown) throw new MessageError("temporary", "http_503");
      sent.push(text);
      return { vendorMessageId: null };
    },
  };
  overrideChannels([gateway]);
  const system = createContext(db, { kind: "system" });
  const key = newKey();
  const [to, text] = ["+22670000001", "Cauris : code secret changé."];
  await inTransaction(db, (tx) =>
    queueMessage(tx, { channel: "sms", to, userId: null, text, purpose: "security", locale: "fr", key }),
  );
  const [row] = await owner<{ id: string }[]>`select id from outgoing_messages where key = ${key}`;
  const id = BigInt(row?.id ?? 0);
  await expect(sendMessage(system, id, { isLastTry: true })).rejects.toThrow("http_503");
  const [job] = await owner<{ id: string }[]>`update graphile_worker._private_jobs
    set attempts = max_attempts, last_error = 'temporary: http_503' where key = ${`message:${id}`} returning id`;
  const dead = (await listDeadLetters(system)).find((each) => each.id === job?.id);
  expect(dead).toMatchObject({ kind: "job", why: "send_message: security by sms, http_503" });
  expect(JSON.stringify(dead)).not.toContain(to);

  isDown = false;
  await retryJob(system, BigInt(job?.id ?? 0));
  await sendMessage(system, id, { isLastTry: false });
  expect(sent).toEqual([text]);
});
