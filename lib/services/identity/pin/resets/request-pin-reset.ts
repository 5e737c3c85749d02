import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { stopMoneyOut } from "@/lib/services/money-out-limits/limit-money-out";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { enqueueJob } from "@/lib/services/outbox/enqueue-job";
import { checkCode, takeProof } from "../../codes/check-code";
import { type RequestedCode, requestCode } from "../../codes/request-code";
import type { ContactKind } from "../../contacts/contact";
import { lockUser } from "../../recovery/store";
import { requirePassword } from "../../users/require-password";
import { getPinRecovery } from "../get-pin-status";
import { hashPin } from "../pin-hash";
import { findPin } from "../store";
import { listPinCodeContacts, pinResetHours } from "./get-pin-reset";
import { endOpenReset, insertReset } from "./store";

const PURPOSE = "reset_pin";

/** Sends the code of a forgotten PIN to one of the person's verified contacts. Throws `not_found` without it, `rate_limited`. */
export async function sendPinCode(
  context: Context,
  { kind, locale, networks }: { kind: ContactKind; locale: "fr" | "en"; networks: readonly string[] },
): Promise<RequestedCode> {
  const userId = requirePerson(context);
  const contact = (await listPinCodeContacts(context)).find((each) => each.kind === kind);
  if (!contact) throw new DomainError("not_found");
  return await requestCode(context, { purpose: PURPOSE, contact, userId, locale, networks });
}

export interface RequestPinReset {
  /** The new PIN, checked by its schema. */
  pin: string;
  /** Empty for an account without one, right after signing in. */
  password: string;
  /** Of {@link sendPinCode}; empty, as the code, for an account without a verified contact. */
  challengeId: string;
  code: string;
}

/**
 * A new PIN for a forgotten one: with the account's password, or a sign-in of the last ten minutes where there is none, and a code to a
 * verified contact, where there is one. It waits a day, during which nothing goes out of the wallet, and every verified address is told.
 * Throws `validation_failed` and `rate_limited` for the password, `unauthenticated` for an old sign-in, `pin_not_set` when there is none to
 * forget, `code_required`, `code_wrong`, `code_expired`.
 */
export async function requestPinReset(
  context: Context,
  input: RequestPinReset,
): Promise<{ effectiveAt: Date }> {
  const userId = requirePerson(context);
  if (!(await findPin(context.db, userId))) throw new DomainError("pin_not_set");
  await requireOwner(context, userId, input.password);
  const hash = await hashPin(input.pin);
  const hours = await pinResetHours(context, userId);
  if ((await listPinCodeContacts(context)).length === 0) {
    return await inTransaction(context.db, (tx) => placeReset(tx, userId, { hash, hours }));
  }
  const { challengeId, code } = input;
  if (challengeId === "" || code === "") {
    throw new DomainError("validation_failed", { issues: [{ field: "code", reason: "required" }] });
  }
  let placed: { effectiveAt: Date } | undefined;
  // In the transaction that notes the right code: a crash leaves both or neither.
  await checkCode(context, { challengeId, code, purpose: PURPOSE }, async (tx) => {
    await takeProof(tx, challengeId, PURPOSE);
    placed = await placeReset(tx, userId, { hash, hours });
  });
  if (!placed) throw new DomainError("code_expired");
  return placed;
}

async function requireOwner(context: Context, userId: bigint, password: string): Promise<void> {
  const recovery = await getPinRecovery(context);
  if (recovery === "password") return await requirePassword(context, userId, password);
  if (recovery === "sign_in_again") throw new DomainError("unauthenticated");
}

async function placeReset(
  tx: Transaction,
  userId: bigint,
  { hash, hours }: { hash: string; hours: number },
): Promise<{ effectiveAt: Date }> {
  await lockUser(tx, userId);
  // An earlier one is replaced, and its stop stays: the wait never gets shorter.
  await endOpenReset(tx, userId, "cancelled");
  const limit = await stopMoneyOut(tx, userId, { cause: "pin_reset", hours });
  const reset = await insertReset(tx, { userId, hash, limitId: limit.id, effectiveAt: limit.until });
  const job = { key: `pin_reset:${userId}`, runAt: limit.until };
  await enqueueJob(tx, "complete_pin_reset", { userId: userId.toString() }, job);
  const key = `pin_reset_requested:${reset.id}`;
  await recordNotice(tx, { userId, kind: "pin_reset_requested", details: {}, key });
  return { effectiveAt: limit.until };
}
