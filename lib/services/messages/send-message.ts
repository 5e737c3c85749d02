import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { config } from "@/lib/config";
import { log } from "@/lib/log";
import { type Channel, type ChannelMessage, MessageError, type Sent } from "@/lib/messaging/channel";
import { listChannels, sendByChannel } from "@/lib/messaging/registry";
import { type Context, requireSystem } from "../context";
import { openContent } from "./content";
import { BUDGET_PERCENT, CLAIM_MS } from "./policy";
import {
  countSmsCall,
  deleteSubscription,
  findSubscription,
  lockMessage,
  lockVendorId,
  type MessageRow,
  selectReports,
  updateMessage,
} from "./store";

/** A message that this worker alone may send for a while, and by whom. */
interface Claim {
  row: MessageRow;
  channel: Channel;
  message: ChannelMessage;
}

/**
 * Sends a queued message, at least once: it is claimed and counted in one commit, handed to a vendor, and its end recorded in
 * another. Does nothing for one that was sent, has expired, or failed for good. Throws {@link MessageError} for a temporary
 * failure, so that the queue tries again; `isLastTry` says that it won't. Throws `unauthenticated`.
 */
export async function sendMessage(
  context: Context,
  messageId: bigint,
  { isLastTry }: { isLastTry: boolean },
): Promise<void> {
  requireSystem(context);
  const claim = await inTransaction(context.db, (tx) => claimMessage(tx, context, messageId));
  if (claim === null) return;
  if (claim instanceof MessageError) return await recordFailure(context, messageId, claim, isLastTry);
  try {
    const sent = await sendByChannel(claim.channel, claim.message);
    await recordSent(context, claim, sent);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    await recordFailure(context, messageId, error, isLastTry);
  }
}

/** Null when there is nothing to send; an error when it can't be sent now, or never. Throws when another worker sends it. */
async function claimMessage(
  tx: Transaction,
  { now }: Context,
  id: bigint,
): Promise<Claim | MessageError | null> {
  const row = await lockMessage(tx, id);
  if (row === null || row.content === null) return null;
  if (row.claimedUntil !== null && row.claimedUntil > now) throw new MessageError("temporary", "being_sent");
  if (row.expiresAt !== null && row.expiresAt <= now) {
    await updateMessage(tx, id, { state: "expired", content: null, claimedUntil: null });
    return null;
  }
  const content = openContent(row.key, row.content);
  if (content === null) return new MessageError("permanent", "unreadable");
  const to = await addressOf(tx, row);
  if (to === null) return new MessageError("permanent", "no_subscription");
  const channels = listChannels().filter(({ kind, reaches }) => kind === row.channel && reaches(to));
  // After a failure the next vendor is tried, where there is another one.
  const channel = channels[row.attempts % Math.max(1, channels.length)];
  if (channel === undefined) return new MessageError("permanent", "no_channel");
  if (row.channel === "sms" && !(await countSmsCall(tx, now, smsMaxOf(row)))) {
    // A code is of no use tomorrow.
    return new MessageError(row.purpose === "code" ? "permanent" : "temporary", "over_budget");
  }
  await updateMessage(tx, id, {
    attempts: row.attempts + 1,
    vendor: channel.vendor,
    vendorMessageId: null,
    claimedUntil: new Date(now.getTime() + CLAIM_MS),
  });
  const { locale, expiresAt } = row;
  return { row, channel, message: { to, ...content, locale, key: idempotencyKey(id), expiresAt } };
}

function idempotencyKey(id: bigint): string {
  return `cauris-message-${id}`;
}

function smsMaxOf({ purpose }: MessageRow): number {
  return Math.floor((config().smsDailyMax * BUDGET_PERCENT[purpose]) / 100);
}

async function addressOf(tx: Transaction, row: MessageRow): Promise<string | null> {
  if (row.channel !== "push") return row.recipient;
  const subscription = await findSubscription(tx, BigInt(row.recipient));
  if (subscription === null) return null;
  const { endpoint, p256dh, auth } = subscription;
  return JSON.stringify({ endpoint, p256dh, auth });
}

async function recordSent(context: Context, { row, channel }: Claim, sent: Sent): Promise<void> {
  const { vendorMessageId } = sent;
  await inTransaction(context.db, async (tx) => {
    if (vendorMessageId !== null) await lockVendorId(tx, channel.vendor, vendorMessageId);
    if ((await lockMessage(tx, row.id)) === null) return;
    // A report may have come before this commit.
    const reports = vendorMessageId === null ? [] : await selectReports(tx, channel.vendor, vendorMessageId);
    const final = reports.find(({ status }) => status !== "pending")?.status;
    await updateMessage(tx, row.id, {
      state: final === "delivered" || final === "undelivered" ? final : "sent",
      content: null,
      vendorMessageId,
      failure: null,
      sentAt: context.now,
      claimedUntil: null,
    });
  });
  log.info({ messageId: row.id.toString(), vendor: channel.vendor, purpose: row.purpose }, "message sent");
}

/** Keeps the text of a message that may be sent again, by the queue or by an operator. Throws what is temporary. */
async function recordFailure(
  context: Context,
  messageId: bigint,
  error: MessageError,
  isLastTry: boolean,
): Promise<void> {
  const isTemporary = error.kind === "temporary";
  await inTransaction(context.db, async (tx) => {
    const row = await lockMessage(tx, messageId);
    if (row === null || row.content === null) return;
    await updateMessage(tx, messageId, {
      state: isTemporary && !isLastTry ? "waiting" : "failed",
      failure: error.code,
      claimedUntil: null,
      ...(isTemporary ? {} : { content: null }),
    });
    if (error.kind === "gone" && row.channel === "push") await deleteSubscription(tx, BigInt(row.recipient));
  });
  log.warn({ messageId: messageId.toString(), kind: error.kind, why: error.code }, "message not sent");
  if (isTemporary) throw error;
}
