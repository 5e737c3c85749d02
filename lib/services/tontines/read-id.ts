import { DomainError } from "@/lib/errors";

/** An id as forms post it. Throws `not_found` for what can't be one. */
export function readId(typed: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(typed)) throw new DomainError("not_found");
  return BigInt(typed);
}
