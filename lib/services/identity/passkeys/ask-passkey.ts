import { generateAuthenticationOptions } from "@simplewebauthn/server";
import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { CHALLENGE_MS } from "./policy";
import { relyingParty } from "./relying-party";
import { type ChallengeRow, insertChallenge, type PasskeyRow } from "./store";

/** What a browser hands to a device (WebAuthn's PublicKeyCredentialRequestOptions, in JSON), and the name of the answer's challenge. */
export interface PasskeyRequest {
  challengeId: string;
  options: Awaited<ReturnType<typeof generateAuthenticationOptions>>;
}

/** Asks for a signature of one of these passkeys, or of any where there are none. The device has to verify its owner. */
export async function askPasskey(
  { db, now }: Context,
  subject: Pick<ChallengeRow, "purpose" | "userId" | "quoteId">,
  allowed: readonly PasskeyRow[],
): Promise<PasskeyRequest> {
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().id,
    userVerification: "required",
    timeout: CHALLENGE_MS,
    allowCredentials: allowed.map(({ credentialId }) => ({ id: credentialId })),
  });
  const { challenge } = options;
  const challengeId = newKey();
  const expiresAt = new Date(now.getTime() + CHALLENGE_MS);
  await inTransaction(db, (tx) =>
    insertChallenge(tx, { ...subject, id: challengeId, challenge, expiresAt }, now),
  );
  return { challengeId, options };
}
