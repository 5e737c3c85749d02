import { type Context, requireSystem } from "@/lib/services/context";
import { collectLetters } from "./collect";
import type { DeadLetter } from "./letter";

/** What waits for a person, with bounds: a kind that has more is listed from its oldest. Throws `unauthenticated`. */
export async function listDeadLetters(context: Context): Promise<DeadLetter[]> {
  requireSystem(context);
  return await collectLetters(context);
}
