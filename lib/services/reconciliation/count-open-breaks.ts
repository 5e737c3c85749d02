import { type Context, requireSystem } from "../context";
import { countOpen } from "./store";

/** The number of open breaks of all providers. Throws `unauthenticated`. */
export async function countOpenBreaks(context: Context): Promise<number> {
  requireSystem(context);
  return await countOpen(context.db);
}
