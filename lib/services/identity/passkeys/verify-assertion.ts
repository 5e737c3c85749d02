import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Context } from "@/lib/services/context";
import { relyingParty } from "./relying-party";
import { type Assertion, parseAssertion } from "./schema";
import { type ChallengeRow, countUse, findByCredential, takeChallenge } from "./store";

/**
 * Whose passkey signed an answer: it was asked for what `isAsked` accepts, not answered before, and its device verified its
 * owner. The challenge is used up whatever comes of it. Throws `passkey_refused`.
 */
export async function verifyAssertion(
  context: Context,
  answer: string,
  isAsked: (challenge: ChallengeRow) => boolean,
): Promise<{ userId: bigint }> {
  const given = parseAssertion(answer);
  const challenge =
    given === null ? null : await inTransaction(context.db, (tx) => takeChallenge(tx, given.challengeId));
  if (given === null || challenge === null) throw refusal(context, "no_challenge");
  if (challenge.expiresAt <= context.now || !isAsked(challenge)) throw refusal(context, "other_challenge");
  const passkey = await findByCredential(context.db, given.response.id);
  if (passkey === null || passkey.frozenAt !== null) throw refusal(context, "unknown_passkey");
  if (challenge.userId !== null && challenge.userId !== passkey.userId)
    throw refusal(context, "other_person");
  const { credentialId, publicKey, counter } = passkey;
  const signed = { id: credentialId, publicKey: new Uint8Array(publicKey), counter };
  const newCounter = await counterOf(context, given.response, challenge.challenge, signed);
  const isCounted = await inTransaction(context.db, (tx) =>
    countUse(tx, passkey.id, newCounter, context.now),
  );
  if (!isCounted) throw refusal(context, "counter");
  return { userId: passkey.userId };
}

async function counterOf(
  context: Context,
  response: Assertion,
  expectedChallenge: string,
  credential: { id: string; publicKey: Uint8Array<ArrayBuffer>; counter: number },
): Promise<number> {
  const { id, origin } = relyingParty();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, response: withoutUndefined(response.response) },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: id,
      credential,
      requireUserVerification: true,
    });
    if (verified) return authenticationInfo.newCounter;
  } catch (error) {
    throw refusal(context, error instanceof Error ? error.name : "unverified");
  }
  throw refusal(context, "unverified");
}

function withoutUndefined({ userHandle, ...rest }: Assertion["response"]) {
  return userHandle === undefined ? rest : { ...rest, userHandle };
}

/** Callers learn that it was refused, the log why. */
function refusal({ requestId }: Context, why: string): DomainError {
  log.info({ requestId, why }, "a passkey was refused");
  return new DomainError("passkey_refused");
}
