import { hashOfToken, linkToken } from "@/lib/link-token";
import type { ReceiptLinkRow } from "./store";

/** A link that works, as who made it sees it. */
export interface ReceiptLink {
  id: string;
  /** What its address ends with; null when our secret has changed since: it works, but can't be shown again. */
  token: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export function toReceiptLink({ id, tokenHash, createdAt, expiresAt }: ReceiptLinkRow): ReceiptLink {
  const token = linkToken("receipt", id);
  return { id, token: hashOfToken(token).equals(tokenHash) ? token : null, createdAt, expiresAt };
}
