import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import { type Context, requirePerson } from "../../context";
import { findFile, type StatementFileRow, selectFiles } from "./store";
import { type StatementFile, toStatementFile } from "./view";

const FILES_LISTED_MAX = 10;

/** A file of the signed-in person. Throws `not_found` for what doesn't exist, is somebody else's, or was deleted. */
export async function getStatementFile(context: Context, fileId: string): Promise<StatementFile> {
  return toStatementFile(await findOwnFile(context, fileId));
}

/** The signed-in person's files, newest first. */
export async function listStatementFiles(context: Context): Promise<StatementFile[]> {
  const rows = await selectFiles(context.db, requirePerson(context), FILES_LISTED_MAX);
  return rows.filter(({ expiresAt }) => expiresAt > context.now).map(toStatementFile);
}

/** The row of {@link getStatementFile}. */
export async function findOwnFile(context: Context, fileId: string): Promise<StatementFileRow> {
  const userId = requirePerson(context);
  const file = isUuid(fileId) ? await findFile(context.db, userId, fileId) : null;
  if (file === null || file.expiresAt <= context.now) throw new DomainError("not_found");
  return file;
}
