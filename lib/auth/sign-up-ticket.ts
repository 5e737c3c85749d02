import { decode, encode } from "next-auth/jwt";

const SALT = "cauris.sign-up-ticket";
const MAX_AGE_SECONDS = 60;

/** Who was authenticated; `isNew` when they were made just now. */
export interface TicketHolder {
  userId: bigint;
  isNew: boolean;
}

/**
 * Lets next-auth sign in somebody who was authenticated by other means than a password, or was just made: an answer to sign-up
 * can't be "too many tries". It never leaves the server.
 */
export async function signUpTicket(userId: bigint, secret: string, isNew = true): Promise<string> {
  const token = { uid: userId.toString(), isNew };
  return await encode({ token, secret, salt: SALT, maxAge: MAX_AGE_SECONDS });
}

/** Null for anything but a ticket of the last minute. */
export async function holderOfTicket(ticket: unknown, secret: string): Promise<TicketHolder | null> {
  if (typeof ticket !== "string" || ticket === "") return null;
  try {
    const token = await decode({ token: ticket, secret, salt: SALT });
    return typeof token?.uid === "string" ? { userId: BigInt(token.uid), isNew: token.isNew === true } : null;
  } catch {
    return null;
  }
}
