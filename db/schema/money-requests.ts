import { sql } from "drizzle-orm";
import { check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { amountColumn, bytea, currencyColumn, idReference, instant } from "./columns";
import { wallets } from "./identity";
import { currencies } from "./kinds";

/** What a request for money may be in. It leaves `open` once, for good (0015_receive.sql); one that ended unpaid stays open and is past its date. */
export const MONEY_REQUEST_STATES = ["open", "paid", "declined", "cancelled"] as const;

/** A request for money: paid once, by a transfer of this amount to the wallet that asked. */
export const moneyRequests = pgTable(
  "money_requests",
  {
    id: uuid("id").primaryKey(),
    /** SHA-256 of the 128 random bits in its link. */
    tokenHash: bytea("token_hash").notNull().unique("money_requests_token_hash_key"),
    /** Who asks. */
    walletId: idReference("wallet_id")
      .notNull()
      .references(() => wallets.id),
    /** The wallet that is asked; null when anybody with the link may pay. */
    payerWalletId: idReference("payer_wallet_id").references(() => wallets.id),
    currency: currencyColumn().references(() => currencies.code),
    amountMinor: amountColumn("amount_minor").notNull(),
    note: text("note"),
    state: text("state", { enum: MONEY_REQUEST_STATES }).notNull().default("open"),
    /** The transfer that paid it. */
    paymentReference: text("payment_reference"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
    closedAt: instant("closed_at"),
  },
  (t) => [
    check("money_requests_amount", sql`${t.amountMinor} > 0 and ${t.amountMinor} <= 1000000000000000`),
    check("money_requests_note", sql`length(${t.note}) between 1 and 140`),
    check("money_requests_state", sql`${t.state} in ('open', 'paid', 'declined', 'cancelled')`),
    check("money_requests_paid", sql`(${t.state} = 'paid') = (${t.paymentReference} is not null)`),
    check("money_requests_closed", sql`(${t.state} = 'open') = (${t.closedAt} is null)`),
    check("money_requests_payer", sql`${t.payerWalletId} <> ${t.walletId}`),
    check("money_requests_declined", sql`${t.state} <> 'declined' or ${t.payerWalletId} is not null`),
    index("money_requests_wallet").on(t.walletId, t.createdAt),
    index("money_requests_payer_wallet")
      .on(t.payerWalletId, t.createdAt)
      .where(sql`${t.payerWalletId} is not null`),
    uniqueIndex("money_requests_payment_key")
      .on(t.paymentReference)
      .where(sql`${t.paymentReference} is not null`),
  ],
);

/** Requesters whom a wallet's owner has blocked. They aren't told. */
export const moneyRequestBlocks = pgTable(
  "money_request_blocks",
  {
    walletId: idReference("wallet_id")
      .notNull()
      .references(() => wallets.id),
    blockedWalletId: idReference("blocked_wallet_id")
      .notNull()
      .references(() => wallets.id),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.walletId, t.blockedWalletId] }),
    check("money_request_blocks_other", sql`${t.walletId} <> ${t.blockedWalletId}`),
  ],
);
