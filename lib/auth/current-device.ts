import { cookies } from "next/headers";
import { config } from "@/lib/config";
import type { KnownDevice } from "@/lib/services/identity/users/sign-in-limits";
import { deviceIn } from "./device-cookie";
import { deviceCookieName } from "./session-cookie";

/** The accounts that were signed in to with this browser before; null for a new browser. */
export async function currentDevice(): Promise<KnownDevice | null> {
  const { auth } = config();
  return await deviceIn((await cookies()).get(deviceCookieName(auth.isHttps))?.value, auth);
}
