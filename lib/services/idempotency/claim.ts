import type { Reader, Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import type { OperationRow } from "../operations/operation";
import { hashOfInput, type KeyedInput } from "./input-hash";
import { findKeyRow, findOperation, insertKeyRow, type KeyRow, updateAnswer } from "./store";

/** A user's key with the input that it was sent with. */
export interface Claim {
  userId: bigint;
  key: string;
  input: KeyedInput;
}

/**
 * Claims a key for the operation about to be made, in its transaction. Answers the operation that the key stands for
 * already, or null when it is ours. Throws `idempotency_mismatch` for the same key with other input.
 */
export async function claimKey(
  tx: Transaction,
  { userId, key, input, reference }: Claim & { reference: string },
): Promise<OperationRow | null> {
  const existing = await insertKeyRow(tx, { userId, key, inputHash: hashOfInput(input), reference });
  return existing && (await operationBehind(tx, existing, input));
}

/**
 * What a key stands for already, without claiming it: for verbs that ask a provider something before their transaction.
 * Throws as {@link claimKey} does.
 */
export async function findClaim(reader: Reader, { userId, key, input }: Claim): Promise<OperationRow | null> {
  const existing = await findKeyRow(reader, userId, key);
  return existing && (await operationBehind(reader, existing, input));
}

/**
 * As {@link claimKey} for a verb that makes no operation. Answers the JSON that {@link storeAnswer} wrote under the
 * key, or null when it is ours: then the same transaction must store an answer.
 */
export async function claimKeyForAnswer(
  tx: Transaction,
  { userId, key, input }: Claim,
): Promise<string | null> {
  const existing = await insertKeyRow(tx, { userId, key, inputHash: hashOfInput(input), reference: null });
  if (!existing) return null;
  requireSameInput(existing, input);
  invariant(
    existing.answer !== null,
    "a key without an operation is answered in the transaction that claims it",
  );
  return existing.answer;
}

/** Keeps the answer of {@link claimKeyForAnswer}'s verb, as JSON. */
export async function storeAnswer(tx: Transaction, claim: Claim, answer: string): Promise<void> {
  await updateAnswer(tx, claim, answer);
}

function requireSameInput({ inputHash }: KeyRow, input: KeyedInput): void {
  if (!inputHash.equals(hashOfInput(input))) throw new DomainError("idempotency_mismatch");
}

async function operationBehind(
  reader: Reader,
  existing: KeyRow,
  input: KeyedInput,
): Promise<OperationRow | null> {
  requireSameInput(existing, input);
  invariant(existing.reference !== null, "keys of answers and of operations have different inputs");
  return await findOperation(reader, existing.reference);
}
