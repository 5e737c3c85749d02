import type { Transaction } from "@/db/client";
import { doAndUndo } from "@/db/transaction";
import { queueMessage } from "@/lib/services/messages/queue-message";
import { codeText } from "./code-texts";
import { codeOf } from "./code-value";
import type { CodeRow } from "./store";

/**
 * Queues the message of a challenge. Where nobody has the contact, the same is done and undone: an answer takes as long, and no
 * message leaves.
 */
export async function sendCode(tx: Transaction, code: CodeRow): Promise<void> {
  const isForSomebody = code.purpose === "sign_up" || code.userId !== null;
  if (isForSomebody) await queueMessage(tx, messageOf(code));
  else await doAndUndo(tx, (undone) => queueMessage(undone, messageOf(code)));
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
