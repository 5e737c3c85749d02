import type { Reader } from "@/db/client";
import { readSealOfEntry } from "./store";

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
