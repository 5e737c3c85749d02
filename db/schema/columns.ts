import { bigint, customType, text, timestamp } from "drizzle-orm/pg-core";
import type { Currency } from "@/lib/money/currency";

/** An id that the database counts up. */
export const idColumn = () => bigint("id", { mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity();

/** A reference to another table's bigint id. */
export const idReference = (name: string) => bigint(name, { mode: "bigint" });

/** An amount of minor units. */
export const amountColumn = (name: string) => bigint(name, { mode: "bigint" });

/** The currency of a row's amounts: a code of the table of currencies. */
export const currencyColumn = () => text("currency").$type<Currency>().notNull();

/** An instant; the database's clock unless a verb says otherwise. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 6 });

/** Bytes. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
