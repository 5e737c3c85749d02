import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseConfig } from "@/lib/config";
import { isSignedRound, randomnessOf } from "./beacon-signature";

const { publicKey, chainHash } = parseConfig({
  DATABASE_URL: "postgres://cauris_app@localhost/cauris",
  AUTH_SECRET: "a".repeat(32),
  PIN_SECRET: "b".repeat(32),
}).beacon;

/** Rounds of quicknet as drand's documentation and clients have published them. */
const ROUND_42 =
  "95a9f9f5b231b7714de1553105d8ffdf3dcda24cfdb1e689319bccf79a9c8ce430a91b811fbfaf763900bc998b5d686a";
const ROUND_657413 =
  "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b";

describe("a round of quicknet", () => {
  it("is accepted with its signature", () => {
    expect(isSignedRound(42, ROUND_42, publicKey)).toBe(true);
    expect(isSignedRound(657_413, ROUND_657413, publicKey)).toBe(true);
    expect(randomnessOf(ROUND_657413)).toBe(
      "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    );
  });

  it.each([
    ["another round's", 43, ROUND_42],
    ["a changed digit", 42, ROUND_42.replace(/a$/, "b")],
    ["no point of the curve", 42, "ff".repeat(48)],
    ["too short", 42, "00"],
    ["empty", 42, ""],
  ])("is refused with a signature that is %s", (_what, round, signature) => {
    expect(isSignedRound(round, signature, publicKey)).toBe(false);
  });

  it("belongs to the chain whose hash is asked for: drand's hash of period, genesis, key, group and name", () => {
    const genesis = Buffer.alloc(12);
    genesis.writeUInt32BE(3);
    genesis.writeBigInt64BE(1_692_803_367n, 4);
    const groupHash = "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e";
    const hash = createHash("sha256")
      .update(genesis)
      .update(Buffer.from(publicKey, "hex"))
      .update(Buffer.from(groupHash, "hex"))
      .update("quicknet");
    expect(hash.digest("hex")).toBe(chainHash);
  });
});
