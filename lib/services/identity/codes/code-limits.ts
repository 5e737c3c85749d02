import type { LimitName } from "@/lib/services/rate-limits/limits";
import type { Contact } from "../contacts/contact";
import type { Budget } from "../users/sign-in-limits";

const NETWORK_LIMITS: readonly LimitName[] = ["code_network", "code_network_56", "code_network_48"];

interface Counted {
  contact: Contact;
  userId: bigint | null;
  networks: readonly string[];
}

/**
 * What a message with a code is counted by, so that nobody floods a phone or spends the deployment's messages. The daily budget of all
 * SMS is the messages' own (lib/services/messages).
 */
export function budgetsOfCode({ contact, userId, networks }: Counted): Budget[] {
  const address = [contact.kind, contact.value];
  // Also where nobody has the contact: as many statements as for an account, so that the time doesn't tell.
  const account = userId === null ? ["nobody", ...address] : [userId.toString()];
  return [
    { name: "code_contact", key: address },
    { name: "code_contact_day", key: address },
    { name: "code_account_day", key: account },
    ...NETWORK_LIMITS.slice(0, networks.length).map((name, at) => ({ name, key: [networks[at] ?? ""] })),
  ];
}
