import { decode, encode } from "next-auth/jwt";

const SALT = "cauris.sign-up-ticket";
const MAX_AGE_SECONDS = 60;

/**
 * Lets next-auth sign in somebody who was just made, without their password being a try: an answer to sign-up can't be
 * "too many tries". It never leaves the server.
 */
export async function signUpTicket(userId: bigint, secret: string): Promise<string> {
  return await encode({ token: { uid: userId.toString() }, secret, salt: SALT, maxAge: MAX_AGE_SECONDS });
}

/** Null for anything but a ticket of the last minute. */
export async function userOfTicket(ticket: unknown, secret: string): Promise<bigint | null> {
  if (typeof ticket !== "string" || ticket === "") return null;
  try {
    const token = await decode({ token: ticket, secret, salt: SALT });
    return typeof token?.uid === "string" ? BigInt(token.uid) : null;
  } catch {
    return null;
  }
}
