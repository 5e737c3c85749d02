import type { Reader } from "@/db/client";
import { listCleared, type MovedRow } from "@/lib/ledger/clearing";
import { listSuspended } from "@/lib/ledger/suspense";
import { statesAwaiting } from "../operations/kinds";
import { findMoneySource } from "../provider-events/find-money-source";
import { type Book, type BookRecord, bookKeyOf } from "./compare";
import { SUSPENDED_MAX } from "./policy";
import { type OurRow, selectOurs } from "./store";

/** States in which the provider has still to do something; the others end an operation, unless its provider reverses it. */
const OPEN = new Set<string>(statesAwaiting("provider"));

/** States in which the provider has confirmed that it knows the operation. */
const KNOWN_THERE = new Set(["submitted", "conflict"]);

/**
 * Our book of a provider: its operations of the window and those of `references`, each with what the ledger says passed
 * through the provider's clearing account for it, money in suspense included.
 */
export async function readOurBook(
  reader: Reader,
  provider: string,
  window: { from: Date; to: Date },
  references: readonly string[],
): Promise<Book> {
  const rows = await selectOurs(reader, provider, window, references);
  const suspended = await readSuspended(reader, provider, window.from);
  const sources = [...rows.map(({ reference }) => reference), ...suspended.keys()];
  const cleared = sumUp(await listCleared(reader, provider, sources), suspended);
  const book = new Map<string, BookRecord>();
  for (const row of rows) {
    const record = toRecord(row, cleared.get(row.reference));
    book.set(bookKeyOf(record), record);
  }
  // Money in suspense without an operation of ours is in our book too.
  const own = new Set(rows.map(({ reference }) => reference));
  const listed = new Set(references);
  for (const reference of new Set(suspended.values())) {
    const sum = cleared.get(reference);
    if (!sum || own.has(reference) || !listed.has(reference)) continue;
    const record = suspenseRecord(reference, sum, window.from);
    book.set(bookKeyOf(record), record);
  }
  return book;
}

/** Source of each entry into suspense → the reference that its event named. */
async function readSuspended(reader: Reader, provider: string, since: Date): Promise<Map<string, string>> {
  const references = new Map<string, string>();
  for (const { source } of await listSuspended(reader, since, SUSPENDED_MAX)) {
    const origin = source.startsWith(`${provider}:`) ? await findMoneySource(reader, source) : null;
    if (origin?.reference) references.set(source, origin.reference);
  }
  return references;
}

interface Sum {
  currency: string;
  cameInMinor: bigint;
}

/** By reference. If money came in a second currency, that one is kept, so that it shows as a difference. */
function sumUp(rows: readonly MovedRow[], suspended: ReadonlyMap<string, string>): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { source, currency, cameInMinor } of rows) {
    const reference = suspended.get(source) ?? source;
    const before = sums.get(reference);
    const sameMinor = before?.currency === currency ? before.cameInMinor : 0n;
    sums.set(reference, { currency, cameInMinor: sameMinor + cameInMinor });
  }
  return sums;
}

function toRecord(row: OurRow, sum: Sum | undefined): BookRecord {
  const { reference, type, state, currency, createdAt, changedAt } = row;
  const direction = type === "deposit" ? "in" : "out";
  const cameInMinor = sum?.cameInMinor ?? 0n;
  return {
    direction,
    subject: reference,
    state,
    currency: sum?.currency ?? currency,
    movedMinor: direction === "in" ? cameInMinor : -cameInMinor,
    isFinal: !OPEN.has(state),
    isKnownThere: KNOWN_THERE.has(state),
    createdAt,
    changedAt,
  };
}

function suspenseRecord(reference: string, sum: Sum, at: Date): BookRecord {
  return {
    direction: "in",
    subject: reference,
    state: "suspense",
    currency: sum.currency,
    movedMinor: sum.cameInMinor,
    isFinal: true,
    isKnownThere: false,
    createdAt: at,
    changedAt: at,
  };
}
