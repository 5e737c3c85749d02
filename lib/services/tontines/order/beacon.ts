import { z } from "zod";
import type { BeaconSettings } from "@/lib/config";
import { exchange } from "@/lib/providers/exchange";
import { ProviderError } from "@/lib/providers/provider";
import { isSignedRound, randomnessOf } from "./beacon-signature";

/** A round that was read and verified. */
export interface BeaconRound {
  round: number;
  /** 32 bytes in hex. */
  randomness: string;
  /** The beacon's signature in hex, whose SHA-256 the randomness is. */
  signature: string;
  /** The mirror that answered. */
  mirror: string;
}

/**
 * A verified round; `late` when a mirror says that there is none yet, else `unreachable`. `liars` are the mirrors that answered something
 * that the beacon didn't sign.
 */
export type BeaconAnswer = { liars: readonly string[] } & (
  | { kind: "round"; value: BeaconRound }
  | { kind: "late" | "unreachable" }
);

/** Where randomness comes from: injected, so that tests and the demo have one of their own. */
export interface Beacon {
  read(round: number): Promise<BeaconAnswer>;
}

const CALL_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;
const BYTES_MAX = 4_096;

const answerSchema = z.object({
  round: z.number().int(),
  randomness: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.string().regex(/^[0-9a-f]{96}$/),
});

type MirrorAnswer = "late" | "unreachable" | "wrong" | BeaconRound;

/**
 * drand's HTTP API (docs.drand.love/developer/http-api): `<mirror>/<chain hash>/public/<round>`. Mirrors are asked one after another until one
 * answers a round that the beacon signed: a mirror can be silent or late, but it can't lie.
 */
export function httpBeacon({ urls, chainHash, publicKey }: BeaconSettings): Beacon {
  return {
    async read(round) {
      const liars: string[] = [];
      let isLate = false;
      for (const url of urls) {
        const mirror = new URL(url).host;
        const answer = await askMirror(`${url}/${chainHash}/public/${round}`, { round, mirror, publicKey });
        if (typeof answer === "object") return { kind: "round", value: answer, liars };
        if (answer === "wrong") liars.push(mirror);
        isLate ||= answer === "late";
      }
      return { kind: isLate ? "late" : "unreachable", liars };
    },
  };
}

async function askMirror(
  url: string,
  { round, mirror, publicKey }: { round: number; mirror: string; publicKey: string },
): Promise<MirrorAnswer> {
  const call = {
    method: "GET" as const,
    url: new URL(url),
    headers: { accept: "application/json", "accept-encoding": "identity", "user-agent": "Cauris/1.0" },
    body: Buffer.alloc(0),
    bytesMax: BYTES_MAX,
  };
  let status: number;
  let body: string;
  try {
    const limits = { callTimeoutMs: CALL_TIMEOUT_MS, connectTimeoutMs: CONNECT_TIMEOUT_MS };
    ({ status, body } = await exchange(call, limits));
  } catch (error) {
    if (error instanceof ProviderError) return "unreachable";
    throw error;
  }
  // Relays answer 404 or 425 for a round that isn't there yet.
  if (status === 404 || status === 425) return "late";
  if (status !== 200) return "unreachable";
  const answer = readAnswer(body);
  if (answer === null || answer.round !== round || answer.randomness !== randomnessOf(answer.signature)) {
    return "wrong";
  }
  if (!isSignedRound(round, answer.signature, publicKey)) return "wrong";
  return { round, randomness: answer.randomness, signature: answer.signature, mirror };
}

function readAnswer(body: string): z.infer<typeof answerSchema> | null {
  try {
    return answerSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
