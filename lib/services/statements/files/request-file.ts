import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { TimeZone } from "@/lib/phone";
import { type Context, requirePerson } from "../../context";
import { confirmOwner } from "../../identity/contacts/confirm-owner";
import { recordNotice } from "../../notices/record-notice";
import { enqueueJob } from "../../outbox/enqueue-job";
import { consume } from "../../rate-limits/consume";
import type { StatementStyle } from "../content";
import { findSubject } from "../find-subject";
import { deliveryOf } from "../get-statement";
import { KEPT_FOR_MS } from "../policy";
import { statementTooLong } from "../read-statement";
import type { StatementInput } from "../schema";
import { openStatement } from "../statement";
import type { StatementLocale } from "../texts/words-of";
import { findOpenFile, insertFile, type NewStatementFile } from "./store";

interface RequestedFile {
  id: string;
}

/**
 * Has the worker make a statement. A person has one file made at a time: while one is, its id is answered instead, so a double tap
 * makes one. Throws as `findSubject`, `validation_failed` for a PDF that would be too long, and `rate_limited`.
 */
export async function requestStatementFile(
  context: Context,
  input: StatementInput,
  { zone, format, locale }: StatementStyle & { zone: TimeZone },
): Promise<RequestedFile> {
  requirePerson(context);
  const subject = await findSubject(context, input, zone);
  const { lineCount } = await openStatement(context.db, subject, context.now);
  if (deliveryOf(format, lineCount) === "too_long") {
    throw statementTooLong();
  }
  const { userId, currency, vaultId, range } = subject;
  const about = { kind: "statement", currency, vaultId, fromDay: range.from, toDay: range.to } as const;
  return await request(context, { userId, ...about, format, locale, timeZone: zone, lineCount });
}

/**
 * Has the worker make a copy of all data of the signed-in person. A stolen session must not do: asks for the password or the PIN, as a change of
 * who can sign in does, and tells the person. Throws as `confirmOwner` and `rate_limited`.
 */
export async function requestDataFile(
  context: Context,
  { secret }: { secret: string },
  { zone, locale }: { zone: TimeZone; locale: StatementLocale },
): Promise<RequestedFile> {
  const userId = requirePerson(context);
  await confirmOwner(context, userId, secret);
  const file = { userId, kind: "data", format: "json", locale, timeZone: zone } as const;
  return await request(context, file, async (tx, fileId) => {
    const notice = {
      userId,
      kind: "data_copy_requested",
      details: {},
      key: `data_copy_requested:${fileId}`,
    } as const;
    await recordNotice(tx, notice);
  });
}

async function request(
  context: Context,
  values: Omit<NewStatementFile, "id" | "expiresAt">,
  tell: (tx: Transaction, fileId: string) => Promise<void> = async () => {},
): Promise<RequestedFile> {
  const { db, now } = context;
  const { userId } = values;
  const open = await findOpenFile(db, userId);
  if (open) return { id: open.id };
  await consume(db, "statement_file_day", [userId.toString()]);
  const id = newKey();
  return await inTransaction(db, async (tx) => {
    const file = await insertFile(tx, { ...values, id, expiresAt: new Date(now.getTime() + KEPT_FOR_MS) });
    if (file === null) {
      // Requested twice at once.
      const other = await findOpenFile(tx, userId);
      invariant(other, "a file that isn't ready keeps another from being made");
      return { id: other.id };
    }
    await enqueueFile(tx, id);
    await tell(tx, id);
    return { id };
  });
}

/** One after the other in the whole deployment: the worker has other work too. */
export async function enqueueFile(tx: Transaction, fileId: string): Promise<void> {
  const options = { key: `statement_file:${fileId}`, queue: "statement files", priority: 20 };
  await enqueueJob(tx, "make_statement_file", { fileId }, options);
}
