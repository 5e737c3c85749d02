import { type Fields, isFields } from "../exchange";
import { ProviderError, type ProviderTransaction } from "../provider";
import { readData } from "./answer";
import type { PaystackClient } from "./client";
import { fromChargeReference, fromTransferReference } from "./reference";
import { chargeState, transferState } from "./state";

const PAGE_SIZE = 50;
/** A hundred thousand transactions: with more, query a shorter time. */
const PAGES_MAX = 2_000;
/** A transaction with its log rarely has more than 20 kB. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024;

/** GET /transaction and GET /transfer, page after page. Throws {@link ProviderError}. */
export async function listTransactions(
  client: PaystackClient,
  from: Date,
  to: Date,
): Promise<ProviderTransaction[]> {
  const charges = await listAll(client, "/transaction", from, to);
  const transfers = await listAll(client, "/transfer", from, to);
  return [...charges.map(toCharge), ...transfers.map(toTransfer)];
}

/** New transactions move the others to later pages while we read: one that is seen twice counts once. */
async function listAll(client: PaystackClient, path: string, from: Date, to: Date): Promise<Fields[]> {
  const byId = new Map<string, Fields>();
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const window = { from: from.toISOString(), to: to.toISOString() };
    const query = new URLSearchParams({ perPage: String(PAGE_SIZE), page: String(page), ...window });
    const rows = readRows(readData(await client.get(`${path}?${query}`, PAGE_BYTES_MAX)));
    for (const row of rows) byId.set(idOf(row), row);
    if (rows.length < PAGE_SIZE) return [...byId.values()];
  }
  throw new ProviderError("unavailable", "list_too_long");
}

function readRows(data: unknown): Fields[] {
  if (!Array.isArray(data) || !data.every(isFields)) throw malformed();
  return data;
}

function malformed(): ProviderError {
  return new ProviderError("outcome_unknown", "malformed_answer");
}

function idOf({ id }: Fields): string {
  if (typeof id === "number" && Number.isSafeInteger(id)) return String(id);
  if (typeof id === "string" && /^[\x21-\x7e]{1,64}$/.test(id)) return id;
  throw malformed();
}

function toCharge(row: Fields): ProviderTransaction {
  const reference = fromChargeReference(row.reference);
  return { ...chargeState(row), direction: "in", id: idOf(row), reference, ...timesOf(row, "paid") };
}

function toTransfer(row: Fields): ProviderTransaction {
  const reference = fromTransferReference(row.reference);
  return { ...transferState(row), direction: "out", id: idOf(row), reference, ...timesOf(row, "updated") };
}

/** Timestamps come in two spellings. */
function timesOf(row: Fields, changed: "paid" | "updated"): { createdAt: Date; changedAt: Date } {
  const createdAt = toDate(row.createdAt ?? row.created_at);
  if (createdAt === null) throw malformed();
  return { createdAt, changedAt: toDate(row[`${changed}At`] ?? row[`${changed}_at`]) ?? createdAt };
}

function toDate(value: unknown): Date | null {
  const date = typeof value === "string" ? new Date(value) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}
