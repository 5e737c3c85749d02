import type { Transaction } from "@/db/client";
import { rescheduleLaterThan } from "./store";

/** Has failed jobs whose key begins with `keyPrefix` tried again at `latest`, where their back-off is longer. Answers how many. */
export async function bringJobsForward(tx: Transaction, keyPrefix: string, latest: Date): Promise<number> {
  return await rescheduleLaterThan(tx, keyPrefix, latest);
}
