import type { Reader } from "@/db/client";
import { findByReference, findReferenceById } from "./store";

/** The public reference of an operation that exists. */
export async function referenceOf(reader: Reader, operationId: bigint): Promise<string | null> {
  return await findReferenceById(reader, operationId);
}

/** What `provider` calls the operation with our reference; null when it isn't that provider's, or has no name yet. */
export async function providerReferenceOf(
  reader: Reader,
  provider: string,
  reference: string,
): Promise<string | null> {
  const operation = await findByReference(reader, reference);
  return operation?.provider === provider ? operation.providerReference : null;
}
