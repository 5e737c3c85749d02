import { inTransaction } from "@/db/transaction";
import { DomainError, type FieldIssue } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { stripInvisible } from "@/lib/text";
import { type Context, requirePerson } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { requireAvailable } from "../wallets/require-available";
import { type CheckedTransfer, checkTransfer } from "./check-transfer";
import { lookUpRecipient } from "./look-up-recipient";
import { QUOTE_LIFETIME_MS } from "./policy";
import type { QuoteTransfer } from "./schema";
import { insertTransferQuote } from "./store";

/**
 * Checks a transfer and keeps it for review; nothing moves. Answers the quote's id. Throws `validation_failed` with one
 * issue a field, `insufficient_funds` when the amount exceeds what is available, `rate_limited` for too many names
 * looked up, `unauthenticated` for API keys: they send without a review.
 */
export async function quoteTransfer(context: Context, input: QuoteTransfer): Promise<{ quoteId: string }> {
  const userId = requirePerson(context);
  const { transfer, issues } = checkTyped(input);
  const numberIssue =
    issues.find(({ field }) => field === "walletNumber") ?? (await recipientIssue(context, transfer));
  const all = numberIssue ? [numberIssue, ...issues.filter((issue) => issue !== numberIssue)] : issues;
  if (all.length > 0) throw new DomainError("validation_failed", { issues: all });
  const wallet = await walletOfUser(context.db, userId);
  await requireAvailable(context.db, wallet.id, transfer.amount);
  const quoteId = newKey();
  const expiresAt = new Date(context.now.getTime() + QUOTE_LIFETIME_MS);
  await inTransaction(context.db, (tx) =>
    insertTransferQuote(tx, { id: quoteId, userId, ...transfer, expiresAt }),
  );
  return { quoteId };
}

/** What was typed, read and checked, before any query: the recipient's number, the amount, the note. */
function checkTyped(input: QuoteTransfer): { transfer: CheckedTransfer; issues: FieldIssue[] } {
  const parsed = parseAmount(input.amount, input.currency);
  const walletNumber = stripInvisible(input.walletNumber).replace(/[\s.\-\u2010-\u2015]/g, "");
  // One stands in for an amount that can't be read: the other fields are checked all the same.
  const amount = money("reason" in parsed ? 1n : parsed.amountMinor, input.currency);
  const issues: FieldIssue[] = "reason" in parsed ? [{ field: "amount", reason: parsed.reason }] : [];
  const transfer = { walletNumber, amount, note: input.note };
  try {
    return { transfer: checkTransfer(transfer), issues };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const found = (error.details.issues ?? []).map((issue) =>
      issue.field === "walletNumber" && walletNumber === "" ? { ...issue, reason: "required" } : issue,
    );
    return { transfer, issues: [...found, ...issues] };
  }
}

const RECIPIENT_REASONS: Partial<Record<DomainError["code"], string>> = {
  recipient_not_found: "recipient_unknown",
  recipient_is_self: "recipient_self",
};

async function recipientIssue(
  context: Context,
  { walletNumber }: CheckedTransfer,
): Promise<FieldIssue | null> {
  try {
    await lookUpRecipient(context, walletNumber);
    return null;
  } catch (error) {
    const reason = error instanceof DomainError ? RECIPIENT_REASONS[error.code] : undefined;
    if (reason === undefined) throw error;
    return { field: "walletNumber", reason };
  }
}
