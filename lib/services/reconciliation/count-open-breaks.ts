import { type Context, requireSystem } from "../context";
import { countOpen } from "./store";

/** How many differences between our book and any provider's last. Throws `unauthenticated`. */
export async function countOpenBreaks(context: Context): Promise<number> {
  requireSystem(context);
  return await countOpen(context.db);
}
