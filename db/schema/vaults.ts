import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { amountColumn, currencyColumn, idColumn, idReference, instant } from "./columns";
import { wallets } from "./identity";
import { currencies } from "./kinds";

/** A coffre: savings set apart in a ledger account of their own, with or without a goal and a date. */
export const vaults = pgTable(
  "vaults",
  {
    id: idColumn(),
    walletId: idReference("wallet_id")
      .notNull()
      .references(() => wallets.id),
    name: text("name").notNull(),
    currency: currencyColumn().references(() => currencies.code),
    goalMinor: amountColumn("goal_minor"),
    /** Nothing is taken out before this instant; never moved closer. */
    lockedUntil: instant("locked_until"),
    closedAt: instant("closed_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    check("vaults_name_length", sql`length(${t.name}) between 1 and 60`),
    check("vaults_goal", sql`${t.goalMinor} > 0 and ${t.goalMinor} <= 1000000000000000`),
    index("vaults_wallet").on(t.walletId, t.id),
  ],
);
