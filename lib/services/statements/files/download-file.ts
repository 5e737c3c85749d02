import type { Database } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Context } from "../../context";
import { CONTENT_TYPES, nameOf } from "../content";
import { type Download, streamOf } from "../download";
import { findOwnFile } from "./get-file";
import { readChunk, type StatementFileRow } from "./store";

/** A file of the signed-in person that is ready, whole. Throws `not_found`, also for one that isn't ready. */
export async function downloadFile(context: Context, fileId: string): Promise<Download> {
  const file = await findOwnFile(context, fileId);
  if (file.state !== "ready") throw new DomainError("not_found");
  const { format, byteCount } = file;
  return {
    fileName: fileNameOf(file),
    contentType: format === "json" ? "application/json; charset=utf-8" : CONTENT_TYPES[format],
    byteCount,
    body: streamOf(chunksOf(context.db, file)),
  };
}

function fileNameOf({
  format,
  locale,
  currency,
  fromDay,
  toDay,
  vaultId,
  createdAt,
}: StatementFileRow): string {
  if (format === "json" || currency === null || fromDay === null || toDay === null) {
    return `cauris-${locale === "fr" ? "mes-donnees" : "my-data"}-${createdAt.toISOString().slice(0, 10)}.json`;
  }
  return nameOf({ currency, vaultId, from: fromDay, to: toDay }, { format, locale });
}

/** Read one after the other: at most one is in memory. Fails when the file is deleted meanwhile. */
async function* chunksOf(db: Database, file: StatementFileRow): AsyncGenerator<Uint8Array> {
  let left = file.byteCount;
  for (let position = 0; left > 0n; position += 1) {
    const bytes = await readChunk(db, file, position);
    if (bytes === null) throw new Error("the file was deleted while it was read");
    left -= BigInt(bytes.length);
    yield bytes;
  }
}
