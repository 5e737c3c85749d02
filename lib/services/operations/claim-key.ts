import { createHash } from "node:crypto";
import type { Reader, Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { claimKeyRow, findByReference, findKeyRow, type KeyClaim, type OperationRow } from "./store";

/** 1 to 255 visible ASCII characters (draft-ietf-httpapi-idempotency-key-header-07 leaves the limit to us). */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

interface Claim {
  userId: bigint;
  key: string;
  /** What was asked for, in a fixed order of properties. */
  input: Record<string, string>;
  reference: string;
}

/**
 * Claims an idempotency key for the operation about to be made, in its transaction. Answers the operation that the
 * key stands for already, or null when it is ours. Throws `idempotency_mismatch` for the same key with other input.
 */
export async function claimKey(tx: Transaction, claim: Claim): Promise<OperationRow | null> {
  const { userId, key, input, reference } = claim;
  const existing = await claimKeyRow(tx, { userId, key, inputHash: hashOf(input), reference });
  return existing && (await operationBehind(tx, existing, input));
}

/**
 * What a key stands for already, without claiming it: for verbs that ask a provider something before their transaction.
 * Throws as {@link claimKey} does.
 */
export async function findClaim(
  reader: Reader,
  claim: Omit<Claim, "reference">,
): Promise<OperationRow | null> {
  const existing = await findKeyRow(reader, claim.userId, claim.key);
  return existing && (await operationBehind(reader, existing, claim.input));
}

function hashOf(input: Claim["input"]): Buffer {
  return createHash("sha256").update(JSON.stringify(input)).digest();
}

async function operationBehind(
  reader: Reader,
  existing: KeyClaim,
  input: Claim["input"],
): Promise<OperationRow | null> {
  if (!existing.inputHash.equals(hashOf(input))) throw new DomainError("idempotency_mismatch");
  invariant(existing.reference !== null, "keys of lists and of operations have different inputs");
  return await findByReference(reader, existing.reference);
}
