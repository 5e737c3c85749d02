import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError, type FieldIssue } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { stripInvisible } from "@/lib/text";
import { type Context, requirePerson } from "../context";
import { requireWithinLimit } from "../money-out-limits/require-within-limit";
import { walletOfUser } from "../wallets/get-wallet";
import { requireAvailable } from "../wallets/require-available";
import { type FoundRecipient, lookUpRecipient } from "./look-up-recipient";
import { QUOTE_LIFETIME_MS } from "./policy";
import { readSum } from "./read-sum";
import type { QuoteTransfer } from "./schema";
import { insertTransferQuote, type NewTransferQuote } from "./store";

/**
 * Checks a transfer and keeps it for review, with the recipient's wallet however it was named; nothing moves. Answers the
 * quote's id. Throws `validation_failed` with one issue a field, `insufficient_funds` when the amount exceeds what is
 * available, `money_out_limited`, `rate_limited` for too many names looked up, `unauthenticated` for API keys: they send without a review.
 */
export async function quoteTransfer(context: Context, input: QuoteTransfer): Promise<{ quoteId: string }> {
  const userId = requirePerson(context);
  const { amount, note, issues } = readSum(input);
  const found = await findRecipient(context, input.walletNumber);
  if ("reason" in found) throw new DomainError("validation_failed", { issues: [found, ...issues] });
  if (issues.length > 0) throw new DomainError("validation_failed", { issues });
  const wallet = await walletOfUser(context.db, userId);
  await requireAvailable(context.db, wallet.id, amount);
  await requireWithinLimit(context.db, context, amount);
  const quote = { id: newKey(), userId, counterpartyWalletId: found.walletId, amount, note };
  await inTransaction(context.db, (tx) => keepTransferQuote(tx, context, quote));
  return { quoteId: quote.id };
}

/** Keeps a checked transfer for review, in the caller's transaction. */
export async function keepTransferQuote(
  tx: Transaction,
  { now }: Context,
  quote: Omit<NewTransferQuote, "expiresAt">,
): Promise<void> {
  await insertTransferQuote(tx, { ...quote, expiresAt: new Date(now.getTime() + QUOTE_LIFETIME_MS) });
}

const RECIPIENT_REASONS: Partial<Record<DomainError["code"], string>> = {
  recipient_not_found: "recipient_unknown",
  recipient_is_self: "recipient_self",
};

/** The recipient that was typed, or what is wrong with the field; other refusals are thrown on. */
export async function findRecipient(context: Context, typed: string): Promise<FoundRecipient | FieldIssue> {
  if (stripInvisible(typed).trim() === "") return { field: "walletNumber", reason: "required" };
  try {
    return await lookUpRecipient(context, typed);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [issue] = error.details.issues ?? [];
    if (issue) return issue;
    const reason = RECIPIENT_REASONS[error.code];
    if (reason === undefined) throw error;
    return { field: "walletNumber", reason };
  }
}
