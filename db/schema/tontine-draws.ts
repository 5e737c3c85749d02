import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { idColumn, idReference, instant } from "./columns";
import { tontineCycles, tontineMembers, tontineShares, tontines } from "./tontines";

/** A number that a member adds to the draw of a cycle; changed until the sheet is frozen. */
export const tontineDrawNumbers = pgTable(
  "tontine_draw_numbers",
  {
    cycleId: idReference("cycle_id")
      .notNull()
      .references(() => tontineCycles.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    /** As it was typed: digits. */
    number: text("number").notNull(),
    addedAt: instant("added_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.cycleId, t.memberId] }),
    check("tontine_draw_numbers_number", sql`${t.number} ~ '^[0-9]{1,9}$'`),
  ],
);

/** The draw of a cycle's order, one a cycle: its sheet is frozen before the randomness exists. */
export const tontineDraws = pgTable(
  "tontine_draws",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    cycleId: idReference("cycle_id")
      .notNull()
      .references(() => tontineCycles.id)
      .unique("tontine_draws_cycle_key"),
    state: text("state").notNull().default("frozen"),
    source: text("source", { enum: ["quicknet", "lotto"] }).notNull(),
    /** Of quicknet: the round whose randomness counts. */
    round: integer("round"),
    /** The national lotto whose numbers count, and the day of its draw. */
    lotto: text("lotto"),
    lottoDay: date("lotto_day"),
    /** Written by the database when the row is made. */
    sheet: text("sheet").notNull(),
    /** When the randomness is published; of a lotto the end of the day. */
    drawsAt: instant("draws_at").notNull(),
    frozenBy: idReference("frozen_by")
      .notNull()
      .references(() => tontineMembers.id),
    frozenAt: instant("frozen_at").notNull().default(sql`clock_timestamp()`),
    /** How often the beacon was asked in vain, when it is asked again, and what it answered last. */
    tries: integer("tries").notNull().default(0),
    nextTryAt: instant("next_try_at"),
    problem: text("problem", { enum: ["late", "unreachable", "wrong"] }),
    /** What an officer typed and another one has to confirm. */
    typedNumbers: text("typed_numbers"),
    typedDay: date("typed_day"),
    typedBy: idReference("typed_by").references(() => tontineMembers.id),
  },
  (t) => [
    check(
      "tontine_draws_source",
      sql`(${t.source} = 'quicknet') = (${t.round} is not null) and (${t.source} = 'lotto') = (${t.lotto} is not null)
      and (${t.lotto} is null) = (${t.lottoDay} is null)`,
    ),
    check("tontine_draws_lotto", sql`${t.lotto} ~ '^[A-Za-z0-9][A-Za-z0-9 .-]{0,39}$'`),
    // Nobody knows the randomness when the sheet is frozen.
    check("tontine_draws_ahead", sql`${t.drawsAt} >= ${t.frozenAt} + interval '1 hour'`),
    check(
      "tontine_draws_round",
      sql`${t.round} is null or ${t.drawsAt} = to_timestamp(1692803367 + (${t.round} - 1)::bigint * 3)`,
    ),
    check(
      "tontine_draws_typed",
      sql`(${t.state} = 'typed') <= (${t.typedNumbers} is not null and ${t.typedDay} is not null and ${t.typedBy} is not null)`,
    ),
    index("tontine_draws_open")
      .on(t.nextTryAt)
      .where(sql`${t.state} = 'frozen' and ${t.source} = 'quicknet'`),
  ],
);

/** Which share has which number in a sheet, and what was added to it. Append-only, written with the draw. */
export const tontineDrawShares = pgTable(
  "tontine_draw_shares",
  {
    drawId: idReference("draw_id")
      .notNull()
      .references(() => tontineDraws.id),
    number: integer("number").notNull(),
    shareId: idReference("share_id")
      .notNull()
      .references(() => tontineShares.id),
    /** What its holders added, as the sheet has it; empty for nothing. */
    added: text("added").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.drawId, t.number] }),
    unique("tontine_draw_shares_share_key").on(t.drawId, t.shareId),
  ],
);

/** What a draw gave, once. Append-only; seed and order are computed by the database. */
export const tontineDrawResults = pgTable(
  "tontine_draw_results",
  {
    id: idColumn(),
    drawId: idReference("draw_id")
      .notNull()
      .references(() => tontineDraws.id)
      .unique("tontine_draw_results_draw_key"),
    /** The round that was read: the sheet's, or the first later one by rule. */
    round: integer("round"),
    lottoDay: date("lotto_day"),
    /** 64 hex digits, or five numbers such as `3-17-42-60-88`. */
    randomness: text("randomness").notNull(),
    /** The beacon's, in hex: the randomness is its SHA-256. */
    signature: text("signature"),
    /** The mirror that it was read from. */
    mirror: text("mirror"),
    /** Of a lotto: who confirmed what another officer had typed. */
    confirmedBy: idReference("confirmed_by").references(() => tontineMembers.id),
    /** SHA-256 of `sheet|randomness`. */
    seed: text("seed").notNull(),
    /** The numbers of the shares as they take, with spaces between. */
    shareOrder: text("share_order").notNull(),
    drawnAt: instant("drawn_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("tontine_draw_results_source", sql`(${t.round} is null) <> (${t.lottoDay} is null)`),
    check(
      "tontine_draw_results_randomness",
      sql`case when ${t.round} is null then ${t.randomness} ~ '^[1-9][0-9]?(-[1-9][0-9]?){4}$' and ${t.confirmedBy} is not null
        else ${t.randomness} = encode(sha256(decode(${t.signature}, 'hex')), 'hex') end`,
    ),
  ],
);
