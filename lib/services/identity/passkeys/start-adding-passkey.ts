import { createHash } from "node:crypto";
import { generateRegistrationOptions } from "@simplewebauthn/server";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { type Context, requirePerson } from "@/lib/services/context";
import { checkPin } from "../pin/check-pin";
import { findPin } from "../pin/store";
import { requirePassword } from "../users/require-password";
import { findUserById } from "../users/store";
import { CHALLENGE_MS, PASSKEYS_MAX } from "./policy";
import { relyingParty } from "./relying-party";
import { insertChallenge, listByUser } from "./store";

/** What a browser hands to a device for a new passkey, and the name of the answer's challenge. */
export interface NewPasskeyRequest {
  challengeId: string;
  options: Awaited<ReturnType<typeof generateRegistrationOptions>>;
}

/**
 * Asks the person's device for a new passkey. A passkey confirms money out, so it takes the PIN, and the account's password only
 * where there is no PIN yet. Throws what `checkPin` and `requirePassword` throw, with issues on `secret`; `pin_not_set` for a person
 * with neither; `passkey_limit_reached`.
 */
export async function startAddingPasskey(context: Context, secret: string): Promise<NewPasskeyRequest> {
  const userId = requirePerson(context);
  const [user, pin, known] = await Promise.all([
    findUserById(context.db, userId),
    findPin(context.db, userId),
    listByUser(context.db, userId),
  ]);
  if (user === null) throw new DomainError("unauthenticated");
  if (known.length >= PASSKEYS_MAX) throw new DomainError("passkey_limit_reached");
  if (pin !== null || user.passwordHash === null) await checkPin(context, secret, "secret");
  else await requirePassword(context, userId, secret, "secret");
  const { id, name } = relyingParty();
  const options = await generateRegistrationOptions({
    rpID: id,
    rpName: name,
    userName: user.email ?? user.phone ?? user.firstName,
    userDisplayName: user.firstName,
    userID: new Uint8Array(createHash("sha256").update(`cauris user ${userId}`).digest()),
    attestationType: "none",
    timeout: CHALLENGE_MS,
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  const challengeId = newKey();
  const { challenge } = options;
  const expiresAt = new Date(context.now.getTime() + CHALLENGE_MS);
  const row = { id: challengeId, purpose: "add" as const, userId, quoteId: null, challenge, expiresAt };
  await inTransaction(context.db, (tx) => insertChallenge(tx, row, context.now));
  return { challengeId, options };
}
