import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import type { Contact } from "../contacts/contact";
import { isContactAvailable } from "../contacts/is-contact-available";
import { takeTry } from "../users/sign-in-limits";
import { budgetsOfCode } from "./code-limits";
import { type CodePurpose, RESEND_SECONDS } from "./policy";
import { sendCode } from "./send-code";
import { type CodeRow, findCode, insertCode, takeSend } from "./store";

export interface CodeRequest {
  purpose: CodePurpose;
  contact: Contact;
  /** The account that it is for; null at sign-up, and where nobody has verified this contact: then nothing is sent. */
  userId: bigint | null;
  locale: "fr" | "en";
  /** The caller's, the smallest first. */
  networks: readonly string[];
}

/** The answer is the same whether an account has the contact or not. */
export interface RequestedCode {
  challengeId: string;
  expiresAt: Date;
  /** From then on {@link resendCode} sends it again. */
  resendAt: Date;
}

/**
 * Queues a message with a code of six digits; a gateway that is slow or down delays nobody here. Throws `rate_limited`: limits of
 * the contact, the account and the network, the same whether an account has the contact; `method_unavailable` where no channel is configured.
 */
export async function requestCode(context: Context, request: CodeRequest): Promise<RequestedCode> {
  const { purpose, contact, userId, locale } = request;
  if (!isContactAvailable(contact.kind)) throw new DomainError("method_unavailable");
  await takeTry(context, budgetsOfCode(request));
  const row = { id: newKey(), purpose, contactKind: contact.kind, contact: contact.value, userId, locale };
  return await inTransaction(context.db, async (tx) => {
    const code = await insertCode(tx, row);
    await sendCode(tx, code);
    return answer(code);
  });
}

/**
 * Sends the same code again, {@link RESEND_SECONDS} seconds after the last time at the earliest. Throws `code_expired` when the challenge is over
 * or was sent three times, and `rate_limited` before `resendAt` and for the limits of {@link requestCode}.
 */
export async function resendCode(
  context: Context,
  {
    challengeId,
    purpose,
    networks,
  }: { challengeId: string; purpose: CodePurpose; networks: readonly string[] },
): Promise<RequestedCode> {
  const known = await findCode(context.db, challengeId);
  if (!known || known.purpose !== purpose) throw new DomainError("code_expired");
  const waitMs = resendAtOf(known).getTime() - Date.now();
  if (waitMs > 0) throw new DomainError("rate_limited", { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  const contact = { kind: known.contactKind, value: known.contact };
  await takeTry(context, budgetsOfCode({ contact, userId: known.userId, networks }));
  return await inTransaction(context.db, async (tx) => {
    const code = await takeSend(tx, challengeId, purpose);
    if (!code) throw new DomainError("code_expired");
    await sendCode(tx, code);
    return answer(code);
  });
}

/** When the code may be sent again. */
export function resendAtOf(code: CodeRow): Date {
  return new Date(code.sentAt.getTime() + RESEND_SECONDS * 1000);
}

function answer(code: CodeRow): RequestedCode {
  return { challengeId: code.id, expiresAt: code.expiresAt, resendAt: resendAtOf(code) };
}
