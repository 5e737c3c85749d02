import { sql } from "drizzle-orm";
import { check, date, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { amountColumn, bytea, idColumn, idReference, instant } from "./columns";
import { tontineMembers, tontines } from "./tontines";

/** A standing contribution: a member's consent that their dues are paid from their wallet on the due day. */
export const tontineMandates = pgTable(
  "tontine_mandates",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    /** The most that it pays of one due. */
    ceilingMinor: amountColumn("ceiling_minor").notNull(),
    /** The last day, in the group's zone. */
    endsOn: date("ends_on").notNull(),
    /** SHA-256 of the consent as it was shown. */
    textHash: bytea("text_hash").notNull(),
    state: text("state").notNull().default("active"),
    /** Dues in a row that it couldn't pay. */
    failures: integer("failures").notNull().default(0),
    givenAt: instant("given_at").notNull().default(sql`clock_timestamp()`),
    endedAt: instant("ended_at"),
  },
  (t) => [
    check("tontine_mandates_ceiling", sql`${t.ceilingMinor} > 0`),
    check("tontine_mandates_ended", sql`(${t.state} = 'ended') = (${t.endedAt} is not null)`),
    uniqueIndex("tontine_mandates_live_key").on(t.memberId).where(sql`${t.state} <> 'ended'`),
  ],
);
