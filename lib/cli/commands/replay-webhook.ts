import { getWebhook } from "@/lib/services/provider-events/get-webhook";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { replayWebhook } from "@/lib/services/provider-events/replay-webhook";
import type { Deployment } from "./deployment";

/** Processes a stored event again and prints its outcome. */
export async function reportReplay(
  { context, print }: Deployment,
  { eventId }: { eventId: bigint },
): Promise<number> {
  const before = await getWebhook(context, eventId);
  print(
    `Event ${eventId} of ${before.provider}, ${before.kind} ${before.reference ?? "without a reference"}`,
  );
  await replayWebhook(context, eventId);
  try {
    await processWebhook(context, eventId);
  } catch (error) {
    const why = error instanceof Error ? error.message : "no reason was given";
    print(`Not processed just now (${why}): the worker tries again.`);
    return 1;
  }
  const { state, outcome } = await getWebhook(context, eventId);
  print(`${state}: ${(outcome ?? "nothing").replaceAll("_", " ")}`);
  return state === "needs_review" ? 1 : 0;
}
