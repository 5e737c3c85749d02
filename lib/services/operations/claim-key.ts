import { createHash } from "node:crypto";
import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { claimKeyRow, findByReference, type OperationRow } from "./store";

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
  const inputHash = createHash("sha256").update(JSON.stringify(claim.input)).digest();
  const { userId, key, reference } = claim;
  const existing = await claimKeyRow(tx, { userId, key, inputHash, reference });
  if (!existing) return null;
  if (!existing.inputHash.equals(inputHash)) throw new DomainError("idempotency_mismatch");
  invariant(existing.reference !== null, "keys of lists and of operations have different inputs");
  return await findByReference(tx, existing.reference);
}
