import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { z } from "zod";
import { type Handler, type Incoming, json, parseJson, type Reply } from "./http";

// Plays drand's network quicknet on mirrors `a` and `b`: same scheme, period and genesis, with a key of its own that anybody may
// know. Each round's signature is always the same.

/** What the application verifies the sandbox's rounds with. */
export const SANDBOX_BEACON = {
  chainHash: createHash("sha256").update("cauris sandbox chain").digest("hex"),
  publicKey:
    "b9e1350ab1fd10857865dc1f05ab4537f60e7162146300b439a5d43bda9833d742bc2168e42d02568dbb9200432af888104c3e62d7a4bdc91af025d026ee4d626afa2df4d8a90f0a64ce1eb5d848215a1fb88a0a94894945d276dfa3b6aaf011",
} as const;

const GENESIS_MS = 1_692_803_367_000;
const PERIOD_MS = 3_000;
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** What a mirror does wrong: not there yet, another round's value, a value that nobody signed, no service. */
const FAULTS = ["late", "other_round", "unsigned", "gone"] as const;
type Fault = (typeof FAULTS)[number];

const faultSchema = z.strictObject({ mirror: z.enum(["a", "b"]), fault: z.enum(FAULTS).nullable() });

function secretKey(): Uint8Array {
  const secret = createHash("sha256").update("cauris sandbox beacon").digest();
  // Below the order of the curve.
  secret[0] = (secret[0] ?? 0) & 0x3f;
  return secret;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** A round as drand's relays answer it. */
export function sandboxRound(round: number): { round: number; randomness: string; signature: string } {
  const { shortSignatures } = bls12_381;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(round));
  const message = shortSignatures.hash(createHash("sha256").update(bytes).digest(), DOMAIN);
  const signature = shortSignatures.sign(message, secretKey()).toBytes();
  return {
    round,
    randomness: createHash("sha256").update(signature).digest("hex"),
    signature: hex(signature),
  };
}

/** Answers `/drand/<mirror>/<chain hash>/public/<round>`, and `/_beacon`, which shows and sets what mirrors do wrong. */
export function createBeacon(): Handler {
  const faults = new Map<string, Fault>();
  return (incoming) => {
    if (incoming.url.pathname === "/_beacon") return inspectBeacon(incoming, faults);
    const [, mirror = "", chain, number] =
      /^\/drand\/([ab])\/([0-9a-f]{64})\/public\/(\d{1,12})$/.exec(incoming.url.pathname) ?? [];
    if (incoming.method !== "GET" || chain !== SANDBOX_BEACON.chainHash)
      return json(404, { error: "not found" });
    return answer(Number(number), faults.get(mirror) ?? null);
  };
}

function answer(round: number, fault: Fault | null): Reply {
  if (fault === "gone") return json(503, { error: "unavailable" });
  const isThere = round >= 1 && Date.now() >= GENESIS_MS + (round - 1) * PERIOD_MS;
  if (!isThere || fault === "late") return json(425, { error: "too early" });
  if (fault === "other_round") return json(200, { ...sandboxRound(round + 1), round });
  if (fault !== "unsigned") return json(200, sandboxRound(round));
  const randomness = createHash("sha256").update(`unsigned ${round}`).digest("hex");
  return json(200, { ...sandboxRound(round), randomness });
}

function inspectBeacon(incoming: Incoming, faults: Map<string, Fault>): Reply {
  if (incoming.method === "POST") {
    const isJson = incoming.headers.get("content-type")?.startsWith("application/json") === true;
    const parsed = faultSchema.safeParse(isJson ? parseJson(incoming) : null);
    if (!parsed.success) return json(400, { code: "invalid_body", known: FAULTS });
    const { mirror, fault } = parsed.data;
    if (fault === null) faults.delete(mirror);
    else faults.set(mirror, fault);
  }
  return json(200, { faults: Object.fromEntries(faults), known: FAULTS });
}
