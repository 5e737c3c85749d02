import { ConcurrencyLimit } from "@/lib/concurrency-limit";
import { DomainError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";
import type { Context } from "../context";
import { consume } from "../rate-limits/consume";
import { AT_ONCE_MAX } from "./policy";

const making = () => processWide("statements", () => new ConcurrencyLimit(AT_ONCE_MAX));

/**
 * Counts a statement that is made while its owner waits; the answer ends the count. Throws `rate_limited` while
 * {@link AT_ONCE_MAX} of the same person are made in this process.
 */
export function beginMaking(userId: bigint): () => void {
  const end = making().take(userId.toString());
  if (!end) throw new DomainError("rate_limited", { retryAfterSeconds: 2 });
  return end;
}

/**
 * As {@link beginMaking} for another file of a person, which counts among their downloads. Throws `rate_limited`.
 */
export async function beginDownload({ db }: Pick<Context, "db">, userId: bigint): Promise<() => void> {
  const end = beginMaking(userId);
  try {
    await consume(db, "statement_download", [userId.toString()]);
    return end;
  } catch (error) {
    end();
    throw error;
  }
}
