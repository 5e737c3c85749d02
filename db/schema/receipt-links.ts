import { sql } from "drizzle-orm";
import { check, index, pgTable, uuid } from "drizzle-orm/pg-core";
import { bytea, idReference, instant } from "./columns";
import { wallets } from "./identity";
import { operations } from "./operations";

/** Links that show one side's receipt of an operation to whoever has them (0017_receipt_links.sql). They end by their date, or earlier for good. */
export const receiptLinks = pgTable(
  "receipt_links",
  {
    id: uuid("id").primaryKey(),
    /** SHA-256 of the 128 bits in its address. */
    tokenHash: bytea("token_hash").notNull().unique("receipt_links_token_hash_key"),
    operationId: idReference("operation_id")
      .notNull()
      .references(() => operations.id),
    /** Whose receipt it shows, and who made it. */
    walletId: idReference("wallet_id")
      .notNull()
      .references(() => wallets.id),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    check("receipt_links_expiry", sql`${t.expiresAt} > ${t.createdAt}`),
    index("receipt_links_operation").on(t.operationId, t.walletId),
  ],
);
