import type { Transaction } from "@/db/client";
import type { Context } from "../context";
import type { OperationRow } from "../operations/operation";
import { enqueueJob } from "../outbox/enqueue-job";
import { ASKED_AGAIN_AFTER_MS, ASKED_FOR_MS } from "./policy";

/**
 * Has the worker ask about a deposit whose time is over: it may still be paid, and no webhook tell of it. Ever more seldom,
 * when a quarter of its age has passed again.
 */
export async function askLater(
  tx: Transaction,
  { now }: Context,
  { id, createdAt }: OperationRow,
): Promise<void> {
  const ageMs = now.getTime() - createdAt.getTime();
  if (ageMs >= ASKED_FOR_MS) return;
  const runAt = new Date(now.getTime() + Math.max(ASKED_AGAIN_AFTER_MS, ageMs / 4));
  const key = `check_deposit:${id}`;
  await enqueueJob(tx, "check_deposit", { operationId: id.toString() }, { key, runAt });
}
