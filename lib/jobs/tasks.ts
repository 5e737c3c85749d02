import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Database } from "@/db/client";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { checkDeposit } from "@/lib/services/deposits/check-deposit";
import { completePinReset } from "@/lib/services/identity/pin/resets/complete-pin-reset";
import { sendMessage } from "@/lib/services/messages/send-message";
import { deliverNotice } from "@/lib/services/notice-delivery/deliver-notices";
import type { JobName } from "@/lib/services/outbox/enqueue-job";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { runReconciliation } from "@/lib/services/reconciliation/run-reconciliation";
import { makeStatementFile } from "@/lib/services/statements/files/make-file";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";

/** Jobs act as the system, at the time of the database's clock. */
export async function systemContext(db: Database): Promise<Context> {
  const [row] = await db.$client<{ now: string }[]>`select clock_timestamp()::text as now`;
  return { actor: { kind: "system" }, requestId: newKey(), db, now: new Date(row?.now ?? Date.now()) };
}

const operationPayload = z.object({ operationId: z.string().regex(/^[0-9]+$/) });
const runPayload = z.object({ runId: z.string().regex(/^[0-9]+$/) });
const messagePayload = z.object({ messageId: z.string().regex(/^[0-9]+$/) });
const noticePayload = z.object({
  userId: z.string().regex(/^[0-9]+$/),
  noticeId: z.string().regex(/^[0-9]+$/),
});
const userPayload = z.object({ userId: z.string().regex(/^[0-9]+$/) });
const filePayload = z.object({ fileId: z.uuid() });
const webhookPayload = z.object({ eventId: z.string().regex(/^[0-9]+$/) });

/**
 * One handler for each job of the outbox. After a throw the queue tries again, with exponential back-off. `contextOf` is
 * {@link systemContext} but in tests with a clock of their own.
 */
export function createTasks(db: Database, contextOf = systemContext): TaskList {
  const tasks: Record<JobName, TaskList[string]> = {
    submit_withdrawal: async (payload) => {
      const { operationId } = operationPayload.parse(payload);
      const submission = await submitWithdrawal(await contextOf(db), BigInt(operationId));
      if (submission === "again") throw new Error("the withdrawal's outcome is still open");
    },
    check_deposit: async (payload) => {
      const { operationId } = operationPayload.parse(payload);
      await checkDeposit(await contextOf(db), BigInt(operationId));
    },
    complete_pin_reset: async (payload) => {
      const { userId } = userPayload.parse(payload);
      await completePinReset(await contextOf(db), BigInt(userId));
    },
    process_webhook: async (payload) => {
      const { eventId } = webhookPayload.parse(payload);
      await processWebhook(await contextOf(db), BigInt(eventId));
    },
    deliver_notice: async (payload) => {
      const { userId, noticeId } = noticePayload.parse(payload);
      await deliverNotice(await contextOf(db), { userId: BigInt(userId), noticeId: BigInt(noticeId) });
    },
    make_statement_file: async (payload, { abortSignal }) => {
      const { fileId } = filePayload.parse(payload);
      await makeStatementFile(await contextOf(db), fileId, abortSignal);
    },
    reconcile: async (payload) => {
      const { runId } = runPayload.parse(payload);
      await runReconciliation(await contextOf(db), BigInt(runId));
    },
    send_message: async (payload, { job }) => {
      const { messageId } = messagePayload.parse(payload);
      const isLastTry = job.attempts >= job.max_attempts;
      await sendMessage(await contextOf(db), BigInt(messageId), { isLastTry });
    },
  };
  return tasks as TaskList;
}
