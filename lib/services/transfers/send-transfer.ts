import type { Reader, Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import type { Money } from "@/lib/money/money";
import { actorName, type Context, requireUser } from "../context";
import { hashOfInput } from "../idempotency/input-hash";
import { requireIdempotencyKey } from "../idempotency/key";
import { limitOf } from "../money-out-limits/find-money-out-limit";
import { limitRefusal } from "../money-out-limits/require-within-limit";
import { type CheckedTransfer, checkTransfer, type TransferRequest } from "./check-transfer";
import { countFailedLookUps, requireFewFailedLookUps } from "./failed-look-ups";
import { sendGrouped } from "./group-transfers";
import { callTransferPostWithin, type TransferOutcome, type TransferRow } from "./store";

export interface SendTransfer extends TransferRequest {
  /** Idempotency key: 1 to 255 visible ASCII characters. Without one every call sends. */
  key?: string | null;
}

export interface SentTransfer {
  reference: string;
  amount: Money;
  /** The recipient's 13 digits. */
  walletNumber: string;
  note: string | null;
  /** True when the key had been used for this very transfer before: nothing moved now. */
  replayed: boolean;
}

/**
 * Sends money to another wallet, at once and for good, in a transaction shared with others who ask at the same time.
 * A refusal is not kept: the same key may succeed later. Throws `validation_failed`, `recipient_not_found` (also for a
 * frozen owner), `recipient_is_self`, `insufficient_funds`, `wallet_frozen`, `money_out_limited`, `idempotency_mismatch`, `unauthenticated`, `rate_limited`; and
 * `unavailable` or `outcome_unknown` in an outage of the database, after which the same key answers the outcome.
 */
export async function sendTransfer(context: Context, input: SendTransfer): Promise<SentTransfer> {
  const userId = requireUser(context);
  requireFewFailedLookUps(context.db, userId);
  const transfer = checkTransfer(input);
  const key = input.key ?? null;
  if (key !== null) requireIdempotencyKey(key);
  const outcome = await sendGrouped(context.db, rowOf(context, userId, transfer, key));
  await countFailedLookUps(context.db, userId, outcome.verdict === "recipient_not_found" ? 1 : 0);
  if (outcome.verdict === "money_out_limited")
    throw await limitedRefusal(context.db, context, transfer.amount);
  return { ...transfer, reference: outcome.reference, replayed: wasReplayed(outcome) };
}

/**
 * As {@link sendTransfer} in the caller's transaction, for what must be written with the money or not at all; it holds both wallets'
 * accounts until the transaction ends, so call it late. Throws as it does, without an outage's errors.
 */
export async function sendTransferWithin(
  tx: Transaction,
  context: Context,
  transfer: CheckedTransfer,
  key: string,
): Promise<SentTransfer> {
  const outcome = await callTransferPostWithin(tx, rowOf(context, requireUser(context), transfer, key));
  if (outcome.verdict === "money_out_limited") throw await limitedRefusal(tx, context, transfer.amount);
  return { ...transfer, reference: outcome.reference, replayed: wasReplayed(outcome) };
}

function rowOf(context: Context, userId: bigint, transfer: CheckedTransfer, key: string | null): TransferRow {
  const { walletNumber, amount, note } = transfer;
  return {
    userId,
    actor: actorName(context.actor),
    walletNumber,
    ...amount,
    note,
    reference: newReference(),
    key,
    hash: key === null ? null : hashOf(transfer),
  };
}

/** With what the limit leaves now; it may have ended in between, and then asking again succeeds. */
async function limitedRefusal(reader: Reader, context: Context, amount: Money): Promise<DomainError> {
  const limit = await limitOf(reader, requireUser(context), amount.currency);
  return limitRefusal(limit ?? { left: amount, until: context.now }, context.now);
}

/** What a key stands for, in hex. */
function hashOf({ walletNumber, amount, note }: CheckedTransfer): string {
  const fields = [walletNumber, amount.amountMinor.toString(), amount.currency, note];
  return hashOfInput({ verb: "transfer", fields }).toString("hex");
}

function wasReplayed({ verdict }: TransferOutcome): boolean {
  switch (verdict) {
    case "posted":
      return false;
    case "replayed":
      return true;
    case "mismatch":
      throw new DomainError("idempotency_mismatch");
    default:
      throw new DomainError(verdict);
  }
}
