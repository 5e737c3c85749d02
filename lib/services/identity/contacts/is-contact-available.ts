import { availableChannels } from "@/lib/services/messages/available-channels";
import type { ContactKind } from "./contact";

/** True where codes can be sent to this kind of contact: what can't be verified isn't offered. */
export function isContactAvailable(kind: ContactKind): boolean {
  return availableChannels().includes(kind === "phone" ? "sms" : "email");
}

/** True where people can sign up with a phone number. */
export function isPhoneSignUp(): boolean {
  return isContactAvailable("phone");
}
