import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const FLAG_USER_PRESENT = 0x01;
const FLAG_USER_VERIFIED = 0x04;
const FLAG_CREDENTIAL_DATA = 0x40;

export interface AnswerOptions {
  origin?: string;
  rpId?: string;
  /** False: as a device that didn't ask for its owner's finger or PIN. */
  isVerified?: boolean;
  /** The device's count of uses instead of the next one. */
  counter?: number;
  /** Signs other bytes than were asked for. */
  isForged?: boolean;
}

/** An authenticator in software, with one ES256 credential: what WebAuthn says between browser and server. */
export interface SoftwarePasskey {
  credentialId: string;
  /** The browser's answer to a request for a new passkey, as a form posts it. */
  create(request: { challengeId: string; options: { challenge: string } }, options?: AnswerOptions): string;
  /** The browser's answer to a request for a signature. */
  sign(request: { challengeId: string; options: { challenge: string } }, options?: AnswerOptions): string;
}

const ORIGIN = "http://localhost:3000";
const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest();

/** CBOR (RFC 8949) of byte strings, short texts, small integers and maps: all that an attestation needs. */
function cbor(value: number | string | Buffer | Map<number | string, unknown>): Buffer {
  if (typeof value === "number") return head(value < 0 ? 1 : 0, value < 0 ? -1 - value : value);
  if (typeof value === "string") return Buffer.concat([head(3, value.length), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.byteLength), value]);
  const entries = [...value].flatMap(([key, each]) => [cbor(key), cbor(each as number)]);
  return Buffer.concat([head(5, value.size), ...entries]);
}

function head(type: number, count: number): Buffer {
  const major = type << 5;
  if (count < 24) return Buffer.from([major | count]);
  if (count < 256) return Buffer.from([major | 24, count]);
  return Buffer.from([major | 25, count >> 8, count & 255]);
}

export function createSoftwarePasskey(): SoftwarePasskey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = publicKey.export({ format: "jwk" });
  const id = randomBytes(32);
  const credentialId = id.toString("base64url");
  let uses = 0;

  const clientData = (type: string, challenge: string, origin = ORIGIN) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = (flags: number, { rpId = "localhost", counter = uses }: AnswerOptions) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const flagsOf = ({ isVerified = true }: AnswerOptions) =>
    FLAG_USER_PRESENT | (isVerified ? FLAG_USER_VERIFIED : 0);
  const answer = (challengeId: string, response: object) =>
    JSON.stringify({
      challengeId,
      response: {
        id: credentialId,
        rawId: credentialId,
        type: "public-key",
        clientExtensionResults: {},
        response,
      },
    });

  return {
    credentialId,
    create({ challengeId, options: { challenge } }, options = {}) {
      const coordinate = (name: "x" | "y") => Buffer.from(jwk[name] ?? "", "base64url");
      const key = cbor(
        new Map<number, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, coordinate("x")],
          [-3, coordinate("y")],
        ]),
      );
      const length = Buffer.from([0, id.byteLength]);
      const data = authenticatorData(flagsOf(options) | FLAG_CREDENTIAL_DATA, options);
      const authData = Buffer.concat([data, Buffer.alloc(16), length, id, key]);
      const attestation = new Map<string, unknown>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        ["authData", authData],
      ]);
      return answer(challengeId, {
        clientDataJSON: clientData("webauthn.create", challenge, options.origin).toString("base64url"),
        attestationObject: cbor(attestation).toString("base64url"),
        transports: ["internal"],
      });
    },
    sign({ challengeId, options: { challenge } }, options = {}) {
      uses += 1;
      const client = clientData("webauthn.get", challenge, options.origin);
      const data = authenticatorData(flagsOf(options), options);
      const signed = Buffer.concat([data, sha256(options.isForged ? Buffer.from("other") : client)]);
      return answer(challengeId, {
        clientDataJSON: client.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: sign("sha256", signed, privateKey).toString("base64url"),
      });
    },
  };
}
