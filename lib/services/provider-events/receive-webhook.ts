import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { WebhookChecks } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import { enqueueProcessing } from "./enqueue-processing";
import { writePayload } from "./payload";
import { insertEvent } from "./store";

export interface IncomingWebhook {
  provider: string;
  rawBody: Uint8Array;
  headers: Headers;
  /** The URL that was called: some unsigned callbacks carry an authentication code in it. */
  calledAt: URL;
  checks?: WebhookChecks;
}

/**
 * Stores a verified event, once, with the job that will process it, and nothing more: the provider is answered before the
 * event has any effect. Throws `not_found` for a provider that isn't configured, `invalid_signature`.
 */
export async function receiveWebhook(context: Context, incoming: IncomingWebhook): Promise<void> {
  const provider = findProvider(incoming.provider);
  if (!provider) throw new DomainError("not_found");
  const { rawBody, headers, calledAt, checks = {} } = incoming;
  const event = provider.verifyWebhook(rawBody, headers, calledAt, checks);
  if (!event) throw new DomainError("invalid_signature");
  const stored = await inTransaction(context.db, async (tx) => {
    const row = await insertEvent(tx, {
      provider: provider.name,
      eventKey: event.eventKey,
      kind: event.kind,
      reference: event.reference,
      rawBody: Buffer.from(rawBody),
      payload: writePayload(event),
    });
    if (row) await enqueueProcessing(tx, row.id);
    return row !== null;
  });
  log.info({ requestId: context.requestId, provider: provider.name, kind: event.kind, stored }, "webhook");
}
