import type { Incoming, Reply } from "./http";
import type { PaystackOptions } from "./paystack-call";
import {
  chargeData,
  isHidden,
  isPaystack,
  type PaystackEntry,
  transferData,
  worked,
} from "./paystack-shapes";
import type { EntryKind } from "./scenario";

const PAGE_MAX = 100;

/** GET /transaction and GET /transfer: newest first, page by page, of those that began from `from` to `to`. */
export function listEntries(kind: EntryKind, { url }: Incoming, { book }: PaystackOptions): Reply {
  const query = url.searchParams;
  const perPage = Math.min(PAGE_MAX, count(query.get("perPage"), 50));
  const page = count(query.get("page"), 1);
  const from = query.get("from") ?? "";
  const to = query.get("to") ?? "9999";
  // ISO 8601 in UTC orders as text does.
  const entries = book
    .list(kind)
    .filter(isPaystack)
    .filter((entry) => entry.createdAt >= from && entry.createdAt <= to && !isLate(entry))
    .sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
  const skipped = (page - 1) * perPage;
  const data = entries.slice(skipped, skipped + perPage).map((entry) => shape(entry));
  const pageCount = Math.ceil(entries.length / perPage);
  const words = kind === "collection" ? "Transactions retrieved" : "Transfers retrieved";
  return worked(200, words, data, { total: entries.length, skipped, perPage, page, pageCount });
}

function shape(entry: PaystackEntry): object {
  return entry.kind === "collection" ? chargeData(entry, !isHidden(entry)) : transferData(entry);
}

function isLate(entry: PaystackEntry): boolean {
  return entry.kind === "payout" && isHidden(entry);
}

function count(text: string | null, otherwise: number): number {
  return text !== null && /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : otherwise;
}
