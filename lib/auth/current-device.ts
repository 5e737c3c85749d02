import { cookies } from "next/headers";
import { config } from "@/lib/config";
import type { KnownDevice } from "@/lib/services/identity/users/sign-in-limits";
import { deviceIn } from "./device-cookie";
import { deviceCookieName } from "./session-cookie";

/** On whose accounts people signed in with this browser before; null for a new one. */
export async function currentDevice(): Promise<KnownDevice | null> {
  const { auth } = config();
  return await deviceIn((await cookies()).get(deviceCookieName(auth.isHttps))?.value, auth);
}
