import type { Context } from "@/lib/services/context";
import { consume } from "@/lib/services/rate-limits/consume";
import { askPasskey, type PasskeyRequest } from "./ask-passkey";
import { verifyAssertion } from "./verify-assertion";

/** Asks for any passkey of this deployment. Throws `rate_limited` by network. */
export async function startPasskeySignIn(context: Context, network: string): Promise<PasskeyRequest> {
  await consume(context.db, "passkey_sign_in", [network]);
  return await askPasskey(context, { purpose: "sign_in", userId: null, quoteId: null }, []);
}

/** The user whose passkey answered {@link startPasskeySignIn}. Throws `passkey_refused`. */
export async function authenticateWithPasskey(context: Context, answer: string): Promise<{ userId: bigint }> {
  return await verifyAssertion(context, answer, ({ purpose }) => purpose === "sign_in");
}
