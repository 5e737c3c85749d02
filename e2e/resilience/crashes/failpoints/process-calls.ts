// What workloads call besides verbs: parts of the process that pages, the launcher or the queue call.
import type { Database } from "@/db/client";
import { issueLocalToken } from "@/lib/api/auth/issue-local-token";
import { stopCredentialChecks } from "@/lib/auth/token-and-key-checks";
import { DomainError } from "@/lib/errors";
import { sweepOnce } from "@/lib/jobs/sweeps";
import { systemContext } from "@/lib/jobs/tasks";
import { finishGoogleSignIn } from "@/lib/services/api-access/sessions/finish-google-sign-in";
import { type Context, database } from "@/lib/services/context";
import { insertAlarm } from "@/lib/services/identity/contacts/alarm-store";
import { hashOfToken } from "@/lib/services/identity/contacts/alarm-token";
import { findSession } from "@/lib/services/identity/sessions/find-session";
import type { NewMessage } from "@/lib/services/messages/message";
import { queueMessage } from "@/lib/services/messages/queue-message";
import { downloadStatement } from "@/lib/services/statements/download-statement";
import { shiftedDate } from "./failpoint";

/** Of jobs and sweeps. */
export async function shiftedContext(pool: Database): Promise<Context> {
  const context = await systemContext(pool);
  return { ...context, now: shiftedDate(context.now) };
}

export const sweep = ({ db }: Context) => sweepOnce(db, shiftedContext);

export const findPageSession = ({ db }: Context, sessionId: string) => findSession(db, sessionId);

/** Queues messages as a verb does, in one transaction. */
export const queueMessages = async ({ db }: Context, messages: readonly NewMessage[]): Promise<void> =>
  await db.transaction(async (tx) => {
    for (const message of messages) await queueMessage(tx, message);
  });

/** A statement that is made while its owner waits, read to its end. */
export const statementText = async (
  context: Context,
  ...args: Parameters<typeof downloadStatement> extends [Context, ...infer Rest] ? Rest : never
): Promise<string> => {
  const download = await downloadStatement(context, ...args);
  return "body" in download ? await new Response(download.body).text() : download.delivery;
};

/** As at a graceful stop, which writes when API keys were last used. */
export const stopApiChecks = (_context: Context) => stopCredentialChecks(database);

export const issueAccessToken = ({ db }: Context, email: string) => issueLocalToken(db, email);

/** The callback while Google is unreachable. */
export const finishGoogleWhileUnreachable = (context: Context, state: string) =>
  finishGoogleSignIn(context, state, async () => {
    throw new DomainError("provider_unavailable");
  });

/** A link as the message to a former contact has it. */
export const makeAlarm = async ({ db }: Context, token: string, userId: bigint): Promise<void> =>
  await db.transaction((tx) => insertAlarm(tx, { tokenHash: hashOfToken(token), userId, contact: "phone" }));
