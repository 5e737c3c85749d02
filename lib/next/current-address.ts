import { headers } from "next/headers";
import { addressFromHeaders } from "@/lib/http/client-address";

/** The network address that this request came from, as limits count it: IPv4, an IPv6 /64, or `unknown`. */
export async function currentAddress(): Promise<string> {
  return addressFromHeaders(await headers());
}
