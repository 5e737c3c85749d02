import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { TONTINE_ROLES } from "@/lib/services/tontines/kinds";
import { amountColumn, bytea, currencyColumn, idColumn, idReference, instant } from "./columns";
import { users } from "./identity";
import { currencies } from "./kinds";

/** A state of an object of a tontine: data as operation_states is, filled by 0021_tontine_rules.sql alone. */
export const tontineStates = pgTable(
  "tontine_states",
  {
    /** group, member, turn, due, payout, mandate, guarantee, swap, handover or debt. */
    object: text("object").notNull(),
    state: text("state").notNull(),
    /** Objects begin in it. */
    isInitial: boolean("is_initial").notNull(),
  },
  (t) => [primaryKey({ columns: [t.object, t.state] })],
);

/** A change of state that is allowed; a trigger refuses every other one, whoever asks. */
export const tontineEdges = pgTable(
  "tontine_edges",
  {
    object: text("object").notNull(),
    fromState: text("from_state").notNull(),
    toState: text("to_state").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.object, t.fromState, t.toState] }),
    foreignKey({
      name: "tontine_edges_from_fk",
      columns: [t.object, t.fromState],
      foreignColumns: [tontineStates.object, tontineStates.state],
    }),
    foreignKey({
      name: "tontine_edges_to_fk",
      columns: [t.object, t.toState],
      foreignColumns: [tontineStates.object, tontineStates.state],
    }),
  ],
);

/** A group that saves in turns. Its row is locked by every verb that changes the group or moves its money. */
export const tontines = pgTable(
  "tontines",
  {
    id: idColumn(),
    /** Six characters without 0 O 1 I L. */
    code: text("code").notNull().unique("tontines_code_key"),
    name: text("name").notNull(),
    currency: currencyColumn().references(() => currencies.code),
    /** IANA name: due days and hours are those of this zone. */
    zone: text("zone").notNull(),
    state: text("state").notNull().default("draft"),
    founderUserId: idReference("founder_user_id")
      .notNull()
      .references(() => users.id),
    /** SHA-256 of the token in the invitation's link; null until people are invited. */
    inviteTokenHash: bytea("invite_token_hash").unique("tontines_invite_token_key"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    check("tontines_code", sql`${t.code} ~ '^[2-9A-HJKMNP-Z]{6}$'`),
    check("tontines_name", sql`length(${t.name}) between 1 and 60`),
  ],
);

/** A version of the rules, with the text that people sign; never changed. */
export const tontineRules = pgTable(
  "tontine_rules",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    version: integer("version").notNull(),
    parameters: jsonb("parameters").notNull(),
    textFr: text("text_fr").notNull(),
    textEn: text("text_en").notNull(),
    /** SHA-256 of both texts and the parameters: what a signature is bound to. */
    hash: bytea("hash").notNull(),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [unique("tontine_rules_version_key").on(t.tontineId, t.version)],
);

/** Somebody in a tontine: a user, or a name and a phone number without an account. */
export const tontineMembers = pgTable(
  "tontine_members",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    userId: idReference("user_id").references(() => users.id),
    /** As the group sees it: first name and initial of an account, else what the officer typed. */
    name: text("name").notNull(),
    phone: text("phone"),
    roles: text("roles").array().notNull().default(sql`'{}'`),
    state: text("state").notNull().default("invited"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("tontine_members_user_key").on(t.tontineId, t.userId),
    check("tontine_members_name", sql`length(${t.name}) between 1 and 80`),
    check("tontine_members_phone", sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
    check("tontine_members_roles", sql`${t.roles} <@ array['chair', 'treasurer', 'secretary', 'auditor']`),
    // Who holds the keys doesn't check the books.
    check("tontine_members_auditor", sql`not 'auditor' = any (${t.roles}) or cardinality(${t.roles}) = 1`),
    check("tontine_members_officer", sql`${t.userId} is not null or cardinality(${t.roles}) = 0`),
    index("tontine_members_account").on(t.userId).where(sql`${t.userId} is not null`),
    ...TONTINE_ROLES.map((role) =>
      uniqueIndex(`tontine_members_${role}_key`)
        .on(t.tontineId)
        .where(sql.raw(`'${role}' = any (roles)`)),
    ),
  ],
);

/** A member's signature under a version of the rules, with the PIN. */
export const tontineSignatures = pgTable(
  "tontine_signatures",
  {
    id: idColumn(),
    rulesId: idReference("rules_id")
      .notNull()
      .references(() => tontineRules.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    /** Of the rules, as they were shown. */
    hash: bytea("hash").notNull(),
    /** Who signed: the member, or for one without an account the officer who read the rules to them. */
    signedByUserId: idReference("signed_by_user_id")
      .notNull()
      .references(() => users.id),
    signedAt: instant("signed_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [unique("tontine_signatures_key").on(t.rulesId, t.memberId)],
);

/** One round in which each share takes once. */
export const tontineCycles = pgTable(
  "tontine_cycles",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    number: integer("number").notNull(),
    rulesId: idReference("rules_id")
      .notNull()
      .references(() => tontineRules.id),
    /** What a whole share pays a turn. */
    contributionMinor: amountColumn("contribution_minor").notNull(),
    shareCount: integer("share_count").notNull(),
    sharesPerTurn: integer("shares_per_turn").notNull().default(1),
    /** How due days follow each other: lib/services/tontines/calendar. */
    calendar: jsonb("calendar").notNull(),
    startedAt: instant("started_at"),
  },
  (t) => [
    unique("tontine_cycles_number_key").on(t.tontineId, t.number),
    check("tontine_cycles_contribution", sql`${t.contributionMinor} > 0`),
    check("tontine_cycles_shares", sql`${t.shareCount} between 2 and 300`),
    check("tontine_cycles_per_turn", sql`${t.sharesPerTurn} between 1 and ${t.shareCount}`),
  ],
);

/** One place in a cycle. `position` is its order before the start; afterwards its turn is what tontine_turn_shares says. */
export const tontineShares = pgTable(
  "tontine_shares",
  {
    id: idColumn(),
    cycleId: idReference("cycle_id")
      .notNull()
      .references(() => tontineCycles.id),
    position: integer("position").notNull(),
    /** Of a half that takes in another turn than the other one: the share that both began with. */
    splitFromShareId: idReference("split_from_share_id").references((): AnyPgColumn => tontineShares.id),
  },
  (t) => [unique("tontine_shares_position_key").on(t.cycleId, t.position)],
);

/** Who holds a share, whole or a half of it. */
export const tontineShareHolders = pgTable(
  "tontine_share_holders",
  {
    id: idColumn(),
    shareId: idReference("share_id")
      .notNull()
      .references(() => tontineShares.id),
    memberId: idReference("member_id")
      .notNull()
      .references(() => tontineMembers.id),
    halves: smallint("halves").notNull().default(2),
    /** Set when the member gave it up before the start: the row stays. */
    endedAt: instant("ended_at"),
  },
  (t) => [
    check("tontine_share_holders_halves", sql`${t.halves} in (1, 2)`),
    uniqueIndex("tontine_share_holders_key").on(t.shareId, t.memberId).where(sql`${t.endedAt} is null`),
    index("tontine_share_holders_member").on(t.memberId),
  ],
);

/** What happened in a group, in order: its journal, and the outbox of what is told about it. Append-only. */
export const tontineEvents = pgTable(
  "tontine_events",
  {
    id: idColumn(),
    tontineId: idReference("tontine_id")
      .notNull()
      .references(() => tontines.id),
    /** `due.called`, `due.paid`, `turn.short`, `approval.needed`…: TONTINE_EVENTS of lib/services/tontines. */
    kind: text("kind").notNull(),
    /** As in operation_events. */
    actor: text("actor").notNull(),
    memberId: idReference("member_id"),
    turnId: idReference("turn_id"),
    dueId: idReference("due_id"),
    payoutId: idReference("payout_id"),
    amountMinor: amountColumn("amount_minor"),
    details: jsonb("details").notNull().default(sql`'{}'`),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index("tontine_events_group").on(t.tontineId, t.id)],
);
