import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { isCheckable, verifyPin } from "./pin-hash";
import { PIN_TRIES_MAX } from "./policy";
import { isPin } from "./schema";
import { clearTries, countTry, findPin } from "./store";

/** Tries on their way in this process, by person and PIN. */
const inFlight = new Map<string, Promise<void>>();

/**
 * Resolves when `pin` is the person's own. Every try is counted, and committed, before the PIN is looked at: fifty
 * guesses at once are five. The same PIN twice at once is one try: else the second tap of two could lock the PIN that
 * the first was right with. `field` is the form's field that an answer is about. Throws `pin_required`,
 * `pin_not_set`, `pin_wrong` with `triesLeft`, `pin_locked` with `until` and `retryAfterSeconds`.
 */
export async function checkPin(context: Context, pin: string, field = "pin"): Promise<void> {
  const userId = requirePerson(context);
  if (pin === "") throw new DomainError("pin_required", { issues: [{ field, reason: "pin_required" }] });
  if (!isPin(pin)) throw new DomainError("validation_failed", { issues: [{ field, reason: "pin_format" }] });
  const tap = `${userId}\n${field}\n${pin}`;
  const first = inFlight.get(tap);
  if (first) return await first;
  const check = tryPin(context, userId, pin, field).finally(() => inFlight.delete(tap));
  inFlight.set(tap, check);
  await check;
}

async function tryPin(context: Context, userId: bigint, pin: string, field: string): Promise<void> {
  const stored = await findPin(context.db, userId);
  if (!stored || !isCheckable(stored.hash)) throw new DomainError("pin_not_set");
  const counted = await countTry(context.db, userId, context.now);
  if (!counted) throw lockedError((await findPin(context.db, userId))?.lockedUntil ?? null, context.now);
  if (await verifyPin(counted.hash, pin)) return await clearTries(context.db, counted);
  if (counted.lockedUntil !== null) throw lockedError(counted.lockedUntil, context.now);
  const triesLeft = PIN_TRIES_MAX - (counted.wrongTries % PIN_TRIES_MAX);
  throw new DomainError("pin_wrong", { triesLeft, issues: [{ field, reason: "pin_wrong" }] });
}

/** A lock that was taken off in the meantime ends now. */
function lockedError(lockedUntil: Date | null, now: Date): DomainError {
  const until = lockedUntil ?? now;
  const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return new DomainError("pin_locked", { until, retryAfterSeconds });
}
