import { inTransaction } from "@/db/transaction";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import type { Context } from "../context";
import { availableChannels } from "../messages/available-channels";
import { deleteSubscriptionsOf, upsertSubscription } from "./store";

/** What a browser answers to `pushManager.subscribe` (W3C Push API). */
export interface PushSubscriptionInput {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** Browsers of one person: an older one is forgotten for a new one. */
const BROWSERS_MAX = 10;

/** The key that browsers subscribe with; null where the deployment sends no push messages. */
export function pushPublicKey(): string | null {
  return availableChannels().includes("push") ? (config().messaging.webPush?.publicKey ?? null) : null;
}

/**
 * Has push messages sent to this session's browser, until the session ends; the browser's earlier subscription, also
 * somebody else's, is replaced. Throws `unauthenticated`.
 */
export async function subscribePush(context: Context, input: PushSubscriptionInput): Promise<void> {
  const session = sessionOf(context);
  await inTransaction(context.db, async (tx) => {
    await deleteSubscriptionsOf(tx, session.sessionId);
    await upsertSubscription(tx, { ...input, ...session }, BROWSERS_MAX);
  });
}

/** Has no more push messages sent to this session's browser. Throws `unauthenticated`. */
export async function unsubscribePush(context: Context): Promise<void> {
  const { sessionId } = sessionOf(context);
  await inTransaction(context.db, (tx) => deleteSubscriptionsOf(tx, sessionId));
}

function sessionOf({ actor }: Context): { userId: bigint; sessionId: string } {
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  return { userId: actor.userId, sessionId: actor.sessionId };
}
