import { sql } from "drizzle-orm";
import { check, index, pgTable } from "drizzle-orm/pg-core";
import { idReference, instant } from "./columns";
import { operations } from "./operations";

/** When the payer of a deposit paid, as its provider stamped it, and when it was credited. Append-only. */
export const depositPayments = pgTable(
  "deposit_payments",
  {
    operationId: idReference("operation_id")
      .primaryKey()
      .references(() => operations.id),
    walletId: idReference("wallet_id").notNull(),
    paidAt: instant("paid_at").notNull(),
    creditedAt: instant("credited_at").notNull(),
  },
  (t) => [
    check("deposit_payments_order", sql`${t.paidAt} <= ${t.creditedAt}`),
    index("deposit_payments_wallet").on(t.walletId, t.creditedAt),
  ],
);
