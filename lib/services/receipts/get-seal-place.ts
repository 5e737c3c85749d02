import { findSealPlace, type SealPlace } from "@/lib/ledger/sealing/find-seal";
import type { Context } from "../context";
import type { OperationDetails } from "../operations/get-operation";

export type { SealPlace };

/** Where an operation that the caller was given stands in the sealed ledger. */
export async function getSealPlace(
  context: Context,
  { reference }: Pick<OperationDetails, "reference">,
): Promise<SealPlace> {
  return await findSealPlace(context.db, reference);
}
