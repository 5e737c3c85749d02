import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EntryKind, Step } from "./scenario";

export interface BookWebhook {
  event: string;
  /** The exact bytes, so that a resend repeats them. */
  body: string;
  signature: NonNullable<Step["signature"]> | "raw" | "none";
  dropped: boolean;
  attempts: number;
  delivered: boolean;
  lastStatus: number | null;
}

/** A bank account that transfers go to, as Paystack registers it. */
export interface Recipient {
  code: string;
  id: number;
  name: string;
  bankCode: string;
  bankName: string;
  accountNumber: string;
}

/** What an entry of the book has besides when its provider is Paystack; its amounts are in kobo. */
export interface PaystackDetails {
  /** `data.id`. */
  id: number;
  /** Of the payer; empty for a transfer. */
  email: string;
  channel: string;
  metadata: unknown;
  /** Where the browser goes when its payer gives up. */
  cancelUrl: string | null;
  reason: string | null;
  recipient: Recipient | null;
  /** Queries don't find it until then. */
  hiddenUntil: string | null;
}

/** What an entry of the book has besides in GetMiPay's public dialect; the entry's id is its `transaction_reference`. */
export interface PublicDetails {
  /** `soleaspay_reference`. */
  payId: string;
  service: string;
  serviceName: string;
  needsCode: boolean;
  hasPage: boolean;
}

/** A collection or a payout, as the provider knows it. Amounts in francs, or in kobo for Paystack. */
export interface BookEntry {
  kind: EntryKind;
  id: string;
  reference: string;
  userId: string;
  amount: number;
  currency: string;
  phone: string;
  method: string;
  /** Empty where no webhook is sent. */
  callbackUrl: string;
  returnUrl: string | null;
  locale: "fr" | "en";
  scenario: string | null;
  state: "pending" | "completed" | "failed" | "reversed";
  /** A payout is confirmed from its start; a collection waits for its payer. */
  approval: "confirmed" | "cancelled" | null;
  stepsDone: number;
  /** How often money moved: more than once would be a bug of the sandbox. */
  timesPaid: number;
  paidAmount: number | null;
  paidCurrency: string | null;
  /** How often the merchant sent the request. */
  submissions: number;
  createdAt: string;
  changedAt: string;
  webhooks: BookWebhook[];
  /** Only where the provider is Paystack. */
  paystack?: PaystackDetails;
  /** Only in GetMiPay's public dialect. */
  getmipayPublic?: PublicDetails;
}

export interface Book {
  list(kind: EntryKind): BookEntry[];
  find(kind: EntryKind, reference: string): BookEntry | null;
  findById(id: string): BookEntry | null;
  /** Writes the entry as it now is. */
  save(entry: BookEntry): void;
}

const keyOf = (kind: EntryKind, reference: string) => `${kind} ${reference}`;

/** A kill may cut off the last line: its request had no answer yet. */
function parseLine(line: string): BookEntry | null {
  try {
    return JSON.parse(line) as BookEntry;
  } catch {
    return null;
  }
}

function load(path: string): BookEntry[] {
  if (!existsSync(path)) return [];
  const latest = new Map<string, BookEntry>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const entry = line === "" ? null : parseLine(line);
    if (entry) latest.set(entry.id, entry);
  }
  return [...latest.values()];
}

/** In memory, and with `dataDir` also as JSON lines, one a change: the last line of an entry is the valid one. */
export function openBook(dataDir: string | null): Book {
  const path = dataDir === null ? null : join(dataDir, "book.jsonl");
  const byReference = new Map<string, BookEntry>();
  const byId = new Map<string, BookEntry>();
  const remember = (entry: BookEntry) => {
    byReference.set(keyOf(entry.kind, entry.reference), entry);
    byId.set(entry.id, entry);
  };
  if (dataDir !== null && path !== null) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const entries = load(path);
    entries.forEach(remember);
    // Also makes a line that was cut off whole again, so that the next one doesn't continue it.
    writeFileSync(`${path}.new`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""), {
      mode: 0o600,
    });
    renameSync(`${path}.new`, path);
  }
  return {
    list: (kind) => [...byId.values()].filter((entry) => entry.kind === kind),
    find: (kind, reference) => byReference.get(keyOf(kind, reference)) ?? null,
    findById: (id) => byId.get(id) ?? null,
    save(entry) {
      entry.changedAt = new Date().toISOString();
      remember(entry);
      if (path !== null) appendFileSync(path, `${JSON.stringify(entry)}\n`);
    },
  };
}
