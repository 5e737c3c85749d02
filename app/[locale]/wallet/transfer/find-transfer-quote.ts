import { DomainError } from "@/lib/errors";
import { currentContext } from "@/lib/next/current-context";
import { getTransferQuote, type TransferQuote } from "@/lib/services/transfers/get-transfer-quote";

/** One of the signed-in person's quotes; null for what doesn't exist and for what is somebody else's. */
export async function findTransferQuote(quoteId: string): Promise<TransferQuote | null> {
  try {
    return await getTransferQuote(await currentContext(), quoteId);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  }
}
