import type { Reader } from "@/db/client";
import { findReferenceById } from "./store";

/** The public reference of an operation that exists. */
export async function referenceOf(reader: Reader, operationId: bigint): Promise<string | null> {
  return await findReferenceById(reader, operationId);
}
