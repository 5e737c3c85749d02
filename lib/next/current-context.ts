import { headers } from "next/headers";
import { currentUser, type SignedInUser } from "@/lib/auth/current-user";
import { addressFromHeaders } from "@/lib/http/client-address";
import { contextOf } from "@/lib/http/request-context";
import type { Actor, Context } from "@/lib/services/context";

/** How a signed-in person, or nobody, acts. */
export function actorOf(user: SignedInUser | null): Actor {
  return user ? { kind: "user", userId: user.userId, sessionId: user.sessionId } : { kind: "anonymous" };
}

/** What verbs are handed for this page or action: whoever is signed in, or nobody. */
export async function currentContext(): Promise<Context> {
  return contextOf(await headers(), actorOf(await currentUser()));
}

/** The network address that this request came from, as limits count it: IPv4, an IPv6 /64, or `unknown`. */
export async function currentAddress(): Promise<string> {
  return addressFromHeaders(await headers());
}
