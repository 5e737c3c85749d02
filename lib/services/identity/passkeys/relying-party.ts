import { config } from "@/lib/config";

/** Who asks for passkeys: this deployment, by the host name that people open. A passkey works on no other. */
export interface RelyingParty {
  id: string;
  name: string;
  origin: string;
}

export function relyingParty(): RelyingParty {
  const { origin } = config().auth;
  return { id: new URL(origin).hostname, name: "Cauris", origin };
}
