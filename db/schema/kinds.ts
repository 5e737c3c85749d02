import { sql } from "drizzle-orm";
import { boolean, foreignKey, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";

/**
 * What is data about money and operations: filled by 0001_operation_kinds.sql, read by triggers, functions and the audit,
 * written by migrations alone. TypeScript has the same in lib/money/currency.ts and lib/services/operations/kinds.ts; a test
 * compares (db/kinds.db.test.ts).
 */

/** A currency that accounts may hold: its ISO 4217 code, and how many decimals its amounts of minor units have. */
export const currencies = pgTable("currencies", {
  code: text("code").primaryKey(),
  decimals: smallint("decimals").notNull(),
});

/** A type of operation. An internal one moves money between our accounts only, in the transaction that records it. */
export const operationTypes = pgTable("operation_types", {
  type: text("type").primaryKey(),
  isInternal: boolean("is_internal").notNull(),
});

/** A state that operations of a type may be in. */
export const operationStates = pgTable(
  "operation_states",
  {
    type: text("type")
      .notNull()
      .references(() => operationTypes.type),
    state: text("state").notNull(),
    /** Operations begin in it. */
    isInitial: boolean("is_initial").notNull(),
    /** Who has to act next; null in final states, which only a late or contradicting update leaves. */
    awaits: text("awaits", { enum: ["provider", "operator"] }),
  },
  (t) => [
    primaryKey({ columns: [t.type, t.state] }),
    uniqueIndex("operation_states_initial_key").on(t.type).where(sql`${t.isInitial}`),
  ],
);

/** A change of state that is allowed; every other one is refused by a trigger. */
export const operationEdges = pgTable(
  "operation_edges",
  {
    type: text("type").notNull(),
    fromState: text("from_state").notNull(),
    toState: text("to_state").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.type, t.fromState, t.toState] }),
    foreignKey({
      name: "operation_edges_from_fk",
      columns: [t.type, t.fromState],
      foreignColumns: [operationStates.type, operationStates.state],
    }),
    foreignKey({
      name: "operation_edges_to_fk",
      columns: [t.type, t.toState],
      foreignColumns: [operationStates.type, operationStates.state],
    }),
  ],
);
