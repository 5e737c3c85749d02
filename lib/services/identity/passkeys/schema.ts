import { z } from "zod";

const TEXT_LENGTH_MAX = 10_000;

/** What a browser answered to a challenge, in JSON, as a form posts it: `{ challengeId, response }`. */
export const passkeyAnswer = z.string().max(TEXT_LENGTH_MAX, "too_long");

const base64url = z.string().regex(/^[A-Za-z0-9_-]{1,8000}$/);

const credential = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal("public-key"),
  clientExtensionResults: z.object({}),
});

const attestation = credential.extend({
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.enum(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]))
      .optional(),
  }),
});

const assertion = credential.extend({
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish().transform((handle) => handle ?? undefined),
  }),
});

export type Attestation = z.output<typeof attestation>;
export type Assertion = z.output<typeof assertion>;

function parseAnswer<Response>(schema: z.ZodType<Response>, answer: string) {
  try {
    const parsed = z.object({ challengeId: z.uuid(), response: schema }).safeParse(JSON.parse(answer));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Null for anything but the answer to a request for a new passkey. */
export const parseAttestation = (answer: string) => parseAnswer(attestation, answer);

/** Null for anything but the answer to a request for a signature. */
export const parseAssertion = (answer: string) => parseAnswer(assertion, answer);
