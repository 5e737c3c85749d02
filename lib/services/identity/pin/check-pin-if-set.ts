import type { Context } from "@/lib/services/context";
import { checkPin } from "./check-pin";
import { hasPin } from "./get-pin-status";

/** {@link checkPin} for people who have chosen a PIN; the others aren't asked for one. */
export async function checkPinIfSet(context: Context, pin: string): Promise<void> {
  if (await hasPin(context)) await checkPin(context, pin);
}
