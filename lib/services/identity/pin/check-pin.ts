import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { hashPin, isCheckable, isOutdated, verifyPin } from "./pin-hash";
import { PIN_TRIES_MAX } from "./policy";
import { completeDueReset } from "./resets/complete-pin-reset";
import { isPin } from "./schema";
import { clearTries, countTry, findPin, type PinRow } from "./store";

/** Tries that are running in this process, by person, field and PIN. */
const inFlight = new Map<string, Promise<void>>();

/**
 * The rule for every verb by which a person's money leaves their wallet: resolves when `pin` is the person's own. Each
 * try is committed before the PIN is compared, so of fifty concurrent guesses five are. The same PIN twice at once is one
 * try: the second tap must not lock the PIN that the first was right with. `field` is the form's field that a refusal
 * names. Throws `pin_not_set` (choose one first), `pin_reset_required` (its key was lost), `pin_required`,
 * `validation_failed`, `pin_wrong` with `triesLeft`, `pin_locked` with `until` and `retryAfterSeconds`;
 * `unauthenticated` for API keys.
 */
export async function checkPin(context: Context, pin: string, field = "pin"): Promise<void> {
  await checkPinOf(context, requirePerson(context), pin, field);
}

/** As {@link checkPin} for somebody who isn't signed in: after a code that only the owner of a contact can read. */
export async function checkPinOf(
  context: Context,
  userId: bigint,
  pin: string,
  field = "pin",
): Promise<void> {
  await completeDueReset(context.db, userId);
  if (!isPin(pin)) throw await refusalOfNoPin(context, userId, pin, field);
  const tap = `${userId}\n${field}\n${pin}`;
  const first = inFlight.get(tap);
  if (first) return await first;
  const check = tryPin(context, userId, pin, field).finally(() => inFlight.delete(tap));
  inFlight.set(tap, check);
  await check;
}

/** The refusal of a text that can't be a PIN and doesn't count as a try. A person without a PIN gets `pin_not_set` first. */
async function refusalOfNoPin(
  context: Context,
  userId: bigint,
  typed: string,
  field: string,
): Promise<DomainError> {
  const missing = missingPin(await findPin(context.db, userId));
  if (missing) return missing;
  if (typed === "") return new DomainError("pin_required", { issues: [{ field, reason: "pin_required" }] });
  return new DomainError("validation_failed", { issues: [{ field, reason: "pin_format" }] });
}

function missingPin(stored: PinRow | null): DomainError | null {
  if (!stored) return new DomainError("pin_not_set");
  return isCheckable(stored.hash) ? null : new DomainError("pin_reset_required");
}

async function tryPin(context: Context, userId: bigint, pin: string, field: string): Promise<void> {
  const missing = missingPin(await findPin(context.db, userId));
  if (missing) throw missing;
  const counted = await countTry(context.db, userId, context.now);
  if (!counted) throw lockedError((await findPin(context.db, userId))?.lockedUntil ?? null, context.now);
  if (await verifyPin(counted.hash, pin)) {
    const rehashed = isOutdated(counted.hash) ? await hashPin(pin) : counted.hash;
    return await clearTries(context.db, counted, rehashed);
  }
  if (counted.lockedUntil !== null) {
    // Known only now: the fifth try locks before it is compared, and a right one unlocks again.
    const key = `pin_locked:${counted.lockedUntil.toISOString()}`;
    const notice = { userId, kind: "limits_reached", details: { limit: "pin_tries" }, key } as const;
    await inTransaction(context.db, (tx) => recordNotice(tx, notice));
    throw lockedError(counted.lockedUntil, context.now);
  }
  const triesLeft = PIN_TRIES_MAX - (counted.wrongTries % PIN_TRIES_MAX);
  throw new DomainError("pin_wrong", { triesLeft, issues: [{ field, reason: "pin_wrong" }] });
}

/** A lock that was taken off in the meantime ends now. */
function lockedError(lockedUntil: Date | null, now: Date): DomainError {
  const until = lockedUntil ?? now;
  const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return new DomainError("pin_locked", { until, retryAfterSeconds });
}
