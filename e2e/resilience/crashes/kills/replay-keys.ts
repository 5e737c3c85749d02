import type { Random } from "@/e2e/resilience/random";
import type { ApiClient } from "./api-client";
import type { ClientLog } from "./client-log";
import { newClientLog } from "./client-log";
import { sendUntilDefinite } from "./send-until-definite";

const SAMPLE = 10;

/** Sends some acknowledged requests again with their keys: each must have the same response. */
export async function replayKeys(client: ApiClient, log: ClientLog, random: Random): Promise<string[]> {
  const violations: string[] = [];
  for (const { intent, references } of random.shuffle(log.answered).slice(0, SAMPLE)) {
    const again = newClientLog();
    await sendUntilDefinite(client, intent, again);
    const replayed = again.acknowledged.map(({ reference }) => reference);
    if (replayed.join() === references.join()) continue;
    violations.push(
      `the key of the ${intent.kind} ${references.join(", ")} had the response ${replayed.join(", ") || "something else"} later on`,
    );
  }
  return violations;
}
