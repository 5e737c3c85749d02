import { createHash, timingSafeEqual } from "node:crypto";
import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { DeliveryReport } from "@/lib/messaging/channel";
import { listChannels } from "@/lib/messaging/registry";
import type { Context } from "../context";
import { findByVendorId, insertReport, lockVendorId, updateMessage } from "./store";

export interface IncomingReport {
  vendor: string;
  /** The last part of the address that was called. */
  secret: string;
  body: string;
}

/**
 * Stores what a gateway reports of messages that it took, each report once, and brings the messages' states up to date. A
 * report that can't be read is logged and forgotten: the gateway would only repeat it. Throws `not_found` for a vendor that
 * isn't configured to report, `invalid_signature` for a wrong secret.
 */
export async function receiveReport(
  context: Context,
  { vendor, secret, body }: IncomingReport,
): Promise<void> {
  const channel = listChannels().find((each) => each.vendor === vendor && each.callbacks !== null);
  if (!channel?.callbacks) throw new DomainError("not_found");
  if (!isSame(secret, channel.callbacks.secret)) throw new DomainError("invalid_signature");
  const reports = channel.callbacks.read(body);
  log.info({ requestId: context.requestId, vendor, reports: reports?.length ?? null }, "delivery report");
  if (reports === null) return;
  await inTransaction(context.db, async (tx) => {
    for (const report of reports) await storeReport(tx, vendor, report);
  });
}

async function storeReport(tx: Transaction, vendor: string, report: DeliveryReport): Promise<void> {
  await lockVendorId(tx, vendor, report.vendorMessageId);
  if (!(await insertReport(tx, { vendor, ...report })) || report.status === "pending") return;
  const message = await findByVendorId(tx, vendor, report.vendorMessageId);
  // A report that comes before we know the message's id is found when that is recorded.
  if (message === null || message.state !== "sent") return;
  await updateMessage(tx, message.id, { state: report.status });
}

/** Constant time whatever the lengths. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
