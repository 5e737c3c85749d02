import { DomainError } from "@/lib/errors";
import { currentContext } from "@/lib/next/current-context";
import { getOperation, type OperationDetails } from "@/lib/services/operations/get-operation";

/** One of the signed-in person's operations; null for what doesn't exist and for what is somebody else's. */
export async function findOperation(reference: string): Promise<OperationDetails | null> {
  try {
    return await getOperation(await currentContext(), reference);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  }
}
