import { headers } from "next/headers";
import { currentUser, type SignedInUser } from "@/lib/auth/current-user";
import { addressFromHeaders, networksFromHeaders } from "@/lib/http/client-address";
import { contextOf } from "@/lib/http/request-context";
import type { Actor, Context } from "@/lib/services/context";

/** The actor of a signed-in person; `anonymous` without one. */
export function actorOf(user: SignedInUser | null): Actor {
  return user ? { kind: "user", userId: user.userId, sessionId: user.sessionId } : { kind: "anonymous" };
}

/** The context for verbs of this page or action: the signed-in person's, or an anonymous one. */
export async function currentContext(): Promise<Context> {
  return contextOf(await headers(), actorOf(await currentUser()));
}

/** The network address that this request came from, as limits count it: IPv4, an IPv6 /64, or `unknown`. */
export async function currentAddress(): Promise<string> {
  return addressFromHeaders(await headers());
}

/** The networks that this request came from, the smallest first, as limits count them. */
export async function currentNetworks(): Promise<string[]> {
  return networksFromHeaders(await headers());
}
