import type { Transaction } from "@/db/client";

/** What `lib/services/messages` will take. */
export interface CodeMessage {
  channel: "sms" | "email";
  to: string;
  userId: bigint | null;
  subject: string;
  text: string;
  purpose: "code";
  locale: "fr" | "en";
  expiresAt: Date;
  key: string;
}

export async function queueMessage(_tx: Transaction, _message: CodeMessage): Promise<void> {}

/** The channels that are configured. */
export function availableChannels(): readonly ("sms" | "email" | "push")[] {
  return [];
}
