import { headers } from "next/headers";
import { describeDevice } from "@/lib/auth/describe-device";

/** The browser and system of this request, such as `Chrome · Android`: how a person recognizes their own device. */
export async function currentDevice(): Promise<string> {
  return describeDevice((await headers()).get("user-agent"));
}
