import type { Reader } from "@/db/client";
import { findLastEntryId, readSealOfEntry } from "./store";

/** The seal that covers a ledger entry, and all entries before it. */
export interface EntrySeal {
  number: bigint;
  /** In hexadecimal. */
  root: string;
  sealedAt: Date;
}

/** The first seal that covers an entry; null while it isn't sealed, which takes some seconds. */
export async function findSealOfEntry(reader: Reader, entryId: bigint): Promise<EntrySeal | null> {
  return await readSealOfEntry(reader, entryId);
}

/** Where something that happened stands in the sealed ledger. */
export interface SealPlace {
  /** The newest journal entry of it; null while no money moved for it. */
  entryId: bigint | null;
  /** The seal that covers that entry; null while it isn't sealed yet. */
  seal: EntrySeal | null;
}

/** The place of the newest journal entry of a source: an operation's reference. */
export async function findSealPlace(reader: Reader, source: string): Promise<SealPlace> {
  const entryId = await findLastEntryId(reader, source);
  return { entryId, seal: entryId === null ? null : await findSealOfEntry(reader, entryId) };
}
