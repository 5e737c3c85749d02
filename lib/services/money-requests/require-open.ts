import { DomainError } from "@/lib/errors";
import type { MoneyRequestRow } from "./store";
import { statusOf } from "./view";

/** Throws `money_request_closed` for a request that was paid, declined or cancelled, or that has expired. */
export function requireOpen(row: MoneyRequestRow): void {
  if (statusOf(row) !== "open") throw new DomainError("money_request_closed");
}
