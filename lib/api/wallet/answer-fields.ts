import { z } from "zod";
import type { OperationStatus } from "@/lib/services/operations/kinds";

/** The contract's three words for how an operation stands. */
export const API_STATUSES = ["pending", "success", "failed"] as const;

export type ApiStatus = (typeof API_STATUSES)[number];

export const statusOutput = z.enum(API_STATUSES);

const STATUS_OF: Record<OperationStatus, ApiStatus> = {
  in_progress: "pending",
  review: "pending",
  succeeded: "success",
  failed: "failed",
  expired: "failed",
  refunded: "failed",
};

/** What is late or in review may still change. */
export function apiStatus(status: OperationStatus): ApiStatus {
  return STATUS_OF[status];
}

/** The statuses that the contract calls `status`. */
export function statusesOf(status: ApiStatus): OperationStatus[] {
  const all = Object.keys(STATUS_OF) as OperationStatus[];
  return all.filter((each) => STATUS_OF[each] === status);
}

/** An answer that an idempotency key had before. */
export const REPLAYED: Readonly<Record<string, string>> = { "idempotency-replayed": "true" };
