import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "@/lib/services/context";
import { checkPin } from "../pin/check-pin";
import { askPasskey, type PasskeyRequest } from "./ask-passkey";
import { listByUser } from "./store";
import { verifyAssertion } from "./verify-assertion";

/** How a person confirms money out: with the PIN, or with a passkey's answer to `startConfirmation` of the same quote. */
export interface Confirmation {
  pin: string;
  passkey?: string | undefined;
}

/** Asks for a passkey of the person, to confirm this quote and nothing else. Throws `passkey_refused` for a person without one. */
export async function startConfirmation(context: Context, quoteId: string): Promise<PasskeyRequest> {
  const userId = requirePerson(context);
  const own = await listByUser(context.db, userId);
  if (own.length === 0) throw new DomainError("passkey_refused");
  return await askPasskey(context, { purpose: "confirm", userId, quoteId }, own);
}

/**
 * The rule for every quote by which a person's money leaves their wallet: resolves when they confirmed exactly this one. A passkey's
 * answer counts once, for the quote that it was asked for. Throws `passkey_refused`, or what {@link checkPin} throws.
 */
export async function checkConfirmation(
  context: Context,
  { pin, passkey = "" }: Confirmation,
  quoteId: string,
): Promise<void> {
  if (passkey === "") return await checkPin(context, pin);
  const userId = requirePerson(context);
  const signed = await verifyAssertion(
    context,
    passkey,
    (asked) => asked.purpose === "confirm" && asked.quoteId === quoteId && asked.userId === userId,
  );
  if (signed.userId !== userId) throw new DomainError("passkey_refused");
}
