import type { Bank } from "@/lib/providers/provider";
import { type Context, requireUser } from "../context";
import { bankPayoutProvider, banksOf } from "./directory";

/**
 * The banks that a withdrawal may go to, by name, at most a thousand; cached for an hour. Throws
 * `unauthenticated`, `method_unavailable` when no withdrawal goes to a bank, `provider_unavailable`.
 */
export async function listBanks(context: Context): Promise<readonly Bank[]> {
  requireUser(context);
  return await banksOf(bankPayoutProvider());
}
