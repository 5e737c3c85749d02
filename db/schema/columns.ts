import { type Column, sql } from "drizzle-orm";
import { bigint, customType, text, timestamp } from "drizzle-orm/pg-core";
import { CURRENCY_CODES } from "@/lib/money/currency";

/** An id that the database counts up. */
export const idColumn = () => bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity();

/** A reference to another table's bigint id. */
export const idReference = (name: string) => bigint(name, { mode: "bigint" });

/** An amount of minor units. */
export const amountColumn = (name: string) => bigint(name, { mode: "bigint" });

/** The currency of a row's amounts. */
export const currencyColumn = () => text("currency", { enum: CURRENCY_CODES }).notNull();

/** The condition of a currency column's CHECK. A new currency needs a migration that widens it. */
export const isKnownCurrency = (column: Column) =>
  sql`${column} in (${sql.raw(CURRENCY_CODES.map((code) => `'${code}'`).join(", "))})`;

/** An instant; the database's clock unless a verb says otherwise. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 6 });

/** Bytes. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
