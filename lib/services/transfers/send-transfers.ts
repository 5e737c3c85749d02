import { markCommitted } from "@/db/client";
import { withRetries } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { Money } from "@/lib/money/money";
import { actorName, type Context, requireUser } from "../context";
import { hashOfInput } from "../idempotency/input-hash";
import { requireIdempotencyKey } from "../idempotency/key";
import { type CheckedTransfer, checkTransfers, type TransferRequest } from "./check-transfer";
import { countFailedLookUps, requireFewFailedLookUps } from "./failed-look-ups";
import { sendThroughOutage } from "./send-through-outage";
import { callTransferPostList, type TransferOutcome, type TransferVerdict } from "./store";

export const TRANSFERS_MAX = 500;

export interface SendTransfers {
  /** 1 to 500, carried out in this order. */
  transfers: readonly TransferRequest[];
  /** Stands for the whole list. */
  key?: string | null;
}

/** Why one transfer of a list wasn't sent. */
export type TransferRefusal = Exclude<
  TransferVerdict,
  "posted" | "replayed" | "mismatch" | "unauthenticated" | "wallet_frozen"
>;

export interface ListedTransfer {
  walletNumber: string;
  amount: Money;
  note: string | null;
  /** Null when it was refused. */
  reference: string | null;
  /** Null when it was sent. */
  refusal: TransferRefusal | null;
}

export interface SentTransfers {
  /** One element a transfer, in order. */
  transfers: ListedTransfer[];
  /** True when the key had been used for this very list before: the first answer again, nothing moved now. */
  replayed: boolean;
}

/**
 * Sends a list of transfers in one transaction; one that is refused doesn't affect the others. With a key the answer is
 * kept, refusals too, and the same list answers it for ever. Throws `validation_failed` for a list that can't be read
 * (then nothing was sent), `idempotency_mismatch`, `wallet_frozen`, `unauthenticated`.
 */
export async function sendTransfers(context: Context, input: SendTransfers): Promise<SentTransfers> {
  const userId = requireUser(context);
  const { length } = input.transfers;
  if (length < 1 || length > TRANSFERS_MAX) {
    const issue = {
      field: "transfers",
      reason: length < 1 ? "required" : "too_long",
      values: { max: TRANSFERS_MAX },
    };
    throw new DomainError("validation_failed", { issues: [issue] });
  }
  requireFewFailedLookUps(context.db, userId);
  const transfers = checkTransfers(input.transfers);
  const key = input.key ?? null;
  if (key !== null) requireIdempotencyKey(key);
  const items = transfers.map(({ walletNumber, amount, note }) => ({
    walletNumber,
    ...amount,
    note,
    reference: newReference(),
  }));
  const call = {
    userId,
    actor: actorName(context.actor),
    key,
    hash: key === null ? null : hashOf(transfers),
    items,
  };
  const send = () => withRetries(() => callTransferPostList(context.db, call));
  const { outcome, answer } = await sendThroughOutage(send);
  markCommitted(context.db);
  if (outcome === "mismatch") throw new DomainError("idempotency_mismatch");
  if (outcome === "wallet_frozen") throw new DomainError("wallet_frozen");
  if (outcome === "unauthenticated" || answer === null) throw new DomainError("unauthenticated");
  const outcomes = JSON.parse(answer) as TransferOutcome[];
  invariant(outcomes.length === length, "each transfer of a list has an outcome");
  const failed = outcomes.filter(({ verdict }) => verdict === "recipient_not_found").length;
  await countFailedLookUps(context.db, userId, outcome === "sent" ? failed : 0);
  return {
    transfers: transfers.map((transfer, index) => listed(transfer, outcomes[index])),
    replayed: outcome === "replayed" && !isOwn(outcomes, items),
  };
}

/** Whether a replayed list was committed by this very call, whose first answer was lost with the connection. */
function isOwn(outcomes: readonly TransferOutcome[], items: readonly { reference: string }[]): boolean {
  return outcomes.some(({ verdict, reference }, index) => {
    return verdict === "posted" && reference === items[index]?.reference;
  });
}

/** What a key stands for, in hex. */
function hashOf(transfers: readonly CheckedTransfer[]): string {
  const fields = transfers.map(({ walletNumber, amount, note }) => [
    walletNumber,
    amount.amountMinor.toString(),
    amount.currency,
    note,
  ]);
  return hashOfInput({ verb: "transfers", fields }).toString("hex");
}

function listed(transfer: CheckedTransfer, outcome: TransferOutcome | undefined): ListedTransfer {
  invariant(outcome, "each transfer of a list has an outcome");
  const { verdict, reference } = outcome;
  if (verdict === "posted") return { ...transfer, reference, refusal: null };
  invariant(
    verdict !== "replayed" &&
      verdict !== "mismatch" &&
      verdict !== "unauthenticated" &&
      verdict !== "wallet_frozen",
    "a list's items have no keys of their own, and its sender isn't frozen",
  );
  return { ...transfer, reference: null, refusal: verdict };
}
