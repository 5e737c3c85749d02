import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { type OperationState, type OperationType, statesAwaiting } from "@/lib/services/operations/kinds";
import { amountColumn, bytea, currencyColumn, idColumn, idReference, instant } from "./columns";
import { users, wallets } from "./identity";
import { moneyRequests } from "./money-requests";
import { vaults } from "./vaults";

/** A list of states as an index condition has it: constants, since an index can't ask the table of states. */
const inStates = (column: AnyPgColumn, states: readonly OperationState[]) =>
  sql`${column} in (${sql.raw(states.map((state) => `'${state}'`).join(", "))})`;

/**
 * A money operation as customers see it: what was requested, by whom, and its state. Types, states and the edges between them are
 * rows of operation_types, operation_states and operation_edges; triggers read them (0001_operation_kinds.sql).
 */
export const operations = pgTable(
  "operations",
  {
    id: idColumn(),
    reference: text("reference").notNull().unique("operations_reference_key"),
    type: text("type").$type<OperationType>().notNull(),
    /** No foreign keys to wallets: triggers see to it at a fraction of the cost (0001_operation_kinds.sql). */
    walletId: idReference("wallet_id").notNull(),
    currency: currencyColumn(),
    amountMinor: amountColumn("amount_minor").notNull(),
    feeMinor: amountColumn("fee_minor").notNull().default(sql`0`),
    state: text("state").$type<OperationState>().notNull(),
    /** A code below `reasons.` in the messages; null while nothing needs explaining. */
    reason: text("reason"),
    /** Null for what stays in the deployment. */
    provider: text("provider"),
    /** Null for what stays in the deployment, and for a deposit whose payer chooses on the payment page. */
    method: text("method"),
    phone: text("phone"),
    /** The bank account that a withdrawal goes to instead of a phone's wallet. */
    bankCode: text("bank_code"),
    bankName: text("bank_name"),
    accountNumber: text("account_number"),
    accountName: text("account_name"),
    /** Whom a transfer goes to. */
    counterpartyWalletId: idReference("counterparty_wallet_id"),
    vaultId: idReference("vault_id").references(() => vaults.id),
    /** What the sender of a transfer wrote to the recipient. */
    note: text("note"),
    /** The note as it is searched: `fold_text` of it, written by a trigger (0007_search.sql). */
    noteFolded: text("note_folded"),
    /** Where the payer's browser goes after the payment page; our own page when null. */
    returnUrl: text("return_url"),
    providerReference: text("provider_reference"),
    paymentUrl: text("payment_url"),
    /** Fencing token: counts the calls that were begun, so that a late answer to an earlier call is recognized. */
    attempt: integer("attempt").notNull().default(0),
    expiresAt: instant("expires_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check("operations_amount", sql`${t.amountMinor} > 0 and ${t.amountMinor} <= 1000000000000000`),
    check("operations_fee", sql`${t.feeMinor} >= 0 and ${t.feeMinor} <= ${t.amountMinor}`),
    check("operations_phone_e164", sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check(
      "operations_parties",
      sql`case ${t.type}
        when 'deposit' then ${t.provider} is not null
        when 'withdrawal' then ${t.provider} is not null and ${t.method} is not null
          and (${t.phone} is null) = (${t.accountNumber} is not null)
        else ${t.provider} is null and ${t.method} is null and ${t.phone} is null and ${t.feeMinor} = 0
      end
      and (${t.counterpartyWalletId} is not null) = (${t.type} = 'transfer')
      and (${t.vaultId} is not null) = (${t.type} in ('vault_deposit', 'vault_withdrawal'))
      and (${t.counterpartyWalletId} is null or ${t.counterpartyWalletId} <> ${t.walletId})`,
    ),
    check(
      "operations_bank",
      sql`num_nonnulls(${t.bankCode}, ${t.bankName}, ${t.accountNumber}, ${t.accountName}) in (0, 4)`,
    ),
    check("operations_note", sql`length(${t.note}) between 1 and 140`),
    index("operations_counterparty")
      .on(t.counterpartyWalletId, t.id)
      .where(sql`${t.counterpartyWalletId} is not null`),
    index("operations_wallet").on(t.walletId, t.id),
    uniqueIndex("operations_provider_reference_key")
      .on(t.provider, t.type, t.providerReference)
      .where(sql`${t.providerReference} is not null`),
    index("operations_open")
      .on(t.updatedAt)
      .where(inStates(t.state, statesAwaiting("provider"))),
    // Both wait for a person: what dead letters lists.
    index("operations_stuck")
      .on(t.updatedAt)
      .where(inStates(t.state, statesAwaiting("operator"))),
    // What reconciliation compares in a window of time.
    index("operations_provider").on(t.provider, t.createdAt).where(sql`${t.provider} is not null`),
  ],
);

/** Every change of an operation's state, for ever: who, when, from, to and why. Append-only. */
export const operationEvents = pgTable(
  "operation_events",
  {
    id: idColumn(),
    /** No foreign key, as above. */
    operationId: idReference("operation_id").notNull(),
    fromState: text("from_state"),
    toState: text("to_state").$type<OperationState>().notNull(),
    reason: text("reason"),
    /** `user:<id>`, `key:<id>` (an API key), `provider:<name>` or `system`. */
    actor: text("actor").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index("operation_events_operation").on(t.operationId, t.id)],
);

/** A key and the hash of what came with it, written in the transaction of its effect; kept for ever. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    key: text("key").notNull(),
    inputHash: bytea("input_hash").notNull(),
    /** The operation that the key stands for; a deferred foreign key, since the key is claimed first. */
    reference: text("reference"),
    /** The answer, as JSON, where a key stands for a list; written before its transaction ends. */
    answer: text("answer"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.key] }),
    // `+` and a length: a bounded repetition costs five times as much a row.
    check("idempotency_keys_key", sql`length(${t.key}) <= 255 and ${t.key} ~ '^[\\x21-\\x7e]+$'`),
    check("idempotency_keys_stands_for", sql`${t.reference} is null or ${t.answer} is null`),
  ],
);

/** What a person is about to confirm, kept on the server so that the review page can't be altered. Used once. */
export const quotes = pgTable(
  "quotes",
  {
    id: uuid("id").primaryKey(),
    userId: idReference("user_id")
      .notNull()
      .references(() => users.id),
    currency: currencyColumn(),
    amountMinor: amountColumn("amount_minor").notNull(),
    feeMinor: amountColumn("fee_minor").notNull(),
    type: text("type", { enum: ["withdrawal", "transfer"] })
      .notNull()
      .default("withdrawal"),
    method: text("method"),
    phone: text("phone"),
    bankCode: text("bank_code"),
    bankName: text("bank_name"),
    accountNumber: text("account_number"),
    accountName: text("account_name"),
    counterpartyWalletId: idReference("counterparty_wallet_id").references(() => wallets.id),
    note: text("note"),
    operationId: idReference("operation_id").references(() => operations.id),
    /** The request for money that a transfer pays. */
    moneyRequestId: uuid("money_request_id").references(() => moneyRequests.id),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    uniqueIndex("quotes_operation_key").on(t.operationId),
    check(
      "quotes_parties",
      sql`case ${t.type}
        when 'withdrawal' then ${t.method} is not null and (${t.phone} is null) = (${t.accountNumber} is not null)
          and ${t.counterpartyWalletId} is null
        else ${t.counterpartyWalletId} is not null and ${t.method} is null and ${t.phone} is null
      end`,
    ),
    check(
      "quotes_bank",
      sql`num_nonnulls(${t.bankCode}, ${t.bankName}, ${t.accountNumber}, ${t.accountName}) in (0, 4)`,
    ),
    index("quotes_user").on(t.userId, t.createdAt),
  ],
);

const WEBHOOK_STATES = ["received", "processed", "ignored", "needs_review"] as const;

/** A provider's event whose signature was valid, with the exact bytes: stored once, then processed. */
export const webhookEvents = pgTable(
  "webhook_events",
  {
    id: idColumn(),
    provider: text("provider").notNull(),
    eventKey: text("event_key").notNull(),
    kind: text("kind", { enum: ["collection", "payout", "dispute", "unknown"] }).notNull(),
    reference: text("reference"),
    rawBody: bytea("raw_body").notNull(),
    /** What the adapter read inside the signed part, as JSON; amounts as strings of minor units. */
    payload: text("payload").notNull(),
    /** How often it came; every delivery after the first changes nothing else. */
    deliveries: integer("deliveries").notNull().default(1),
    state: text("state", { enum: WEBHOOK_STATES }).notNull().default("received"),
    outcome: text("outcome"),
    receivedAt: instant("received_at").notNull().defaultNow(),
    processedAt: instant("processed_at"),
  },
  (t) => [
    uniqueIndex("webhook_events_key").on(t.provider, t.eventKey),
    check("webhook_events_state", sql`${t.state} in ('received', 'processed', 'ignored', 'needs_review')`),
    index("webhook_events_open").on(t.receivedAt).where(sql`${t.state} = 'received'`),
    index("webhook_events_needs_review").on(t.receivedAt).where(sql`${t.state} = 'needs_review'`),
  ],
);

/** Counters of rate-limiter-flexible; the worker deletes those whose time is over. */
export const rateLimits = pgTable("rate_limits", {
  key: text("key").primaryKey(),
  points: integer("points").notNull().default(0),
  expire: instant("expire"),
});
