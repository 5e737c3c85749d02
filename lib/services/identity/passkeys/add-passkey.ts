import { type VerifiedRegistrationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { type Context, requirePerson } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { NAME_LENGTH_MAX, PASSKEYS_MAX } from "./policy";
import { relyingParty } from "./relying-party";
import { type Attestation, parseAttestation } from "./schema";
import { countByUserLocked, insertPasskey, takeChallenge } from "./store";

/**
 * Stores the passkey that a device made for `startAddingPasskey`, and tells the person. `device` is what they see in their list. Throws
 * `passkey_refused`, `passkey_limit_reached`.
 */
export async function addPasskey(
  context: Context,
  { answer, device }: { answer: string; device: string },
): Promise<void> {
  const userId = requirePerson(context);
  const given = parseAttestation(answer);
  const challenge =
    given === null ? null : await inTransaction(context.db, (tx) => takeChallenge(tx, given.challengeId));
  const isAsked =
    challenge?.purpose === "add" && challenge.userId === userId && challenge.expiresAt > context.now;
  if (given === null || challenge === null || !isAsked) throw new DomainError("passkey_refused");
  const { credential } = await registrationOf(context, given.response, challenge.challenge);
  const name = device.slice(0, NAME_LENGTH_MAX);
  await inTransaction(context.db, async (tx) => {
    if ((await countByUserLocked(tx, userId)) >= PASSKEYS_MAX) throw new DomainError("passkey_limit_reached");
    const id = await insertPasskey(tx, {
      userId,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: given.response.response.transports ?? [],
      name,
    });
    if (id === null) throw new DomainError("passkey_refused");
    await recordNotice(tx, { userId, kind: "passkey_added", details: { name }, key: `passkey:${id}` });
  });
}

type Registration = NonNullable<VerifiedRegistrationResponse["registrationInfo"]>;

async function registrationOf(
  { requestId }: Context,
  response: Attestation,
  expectedChallenge: string,
): Promise<Registration> {
  const { id, origin } = relyingParty();
  const { clientDataJSON, attestationObject } = response.response;
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...response, response: { clientDataJSON, attestationObject } },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
    });
    if (verified && registrationInfo) return registrationInfo;
  } catch (error) {
    log.info({ requestId, why: error instanceof Error ? error.name : "unverified" }, "a passkey was refused");
  }
  throw new DomainError("passkey_refused");
}
