import type { Transaction } from "@/db/client";
import { codeText } from "./code-texts";
import { codeOf } from "./code-value";
import { queueMessage } from "./queue-message";
import type { CodeRow } from "./store";

/** Ends a savepoint, so that what was written in it is undone. */
class NotSent extends Error {
  override name = "NotSent";
}

/**
 * Queues the message of a challenge. Where nobody has the contact, the same is done and undone: an answer takes as long, and no
 * message leaves.
 */
export async function sendCode(tx: Transaction, code: CodeRow): Promise<void> {
  const isForSomebody = code.purpose === "sign_up" || code.userId !== null;
  try {
    await tx.transaction(async (savepoint) => {
      await queueMessage(savepoint, messageOf(code));
      if (!isForSomebody) throw new NotSent();
    });
  } catch (error) {
    if (!(error instanceof NotSent)) throw error;
  }
}

function messageOf(code: CodeRow) {
  return {
    channel: code.contactKind === "phone" ? ("sms" as const) : ("email" as const),
    to: code.contact,
    userId: code.userId,
    ...codeText(codeOf(code), code.locale),
    purpose: "code" as const,
    locale: code.locale,
    expiresAt: code.expiresAt,
    key: `code:${code.id}:${code.sends}`,
  };
}
