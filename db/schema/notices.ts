import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { idReference, instant } from "./columns";
import { operationStates } from "./kinds";

/**
 * What a person is told: written once, in the transaction of what it tells. The page of notices shows it; the worker sends it
 * over the channels that its receiver chose.
 */
export const notices = pgTable(
  "notices",
  {
    /** No foreign keys: a user and an operation are never deleted, and a check would cost each transfer two queries. */
    userId: idReference("user_id").notNull(),
    id: bigint("id", { mode: "bigint" }).notNull().generatedAlwaysAsIdentity(),
    /** A kind of lib/services/notices/kinds.ts. */
    kind: text("kind").notNull(),
    /** What money notices are about: amount, parties and reference are read from it. Written by a trigger (0012_notices.sql). */
    operationId: idReference("operation_id"),
    /** What the other kinds' texts need, as `NoticeDetails` says; never a secret, a balance or a full number. */
    details: jsonb("details"),
    /** One notice a person for each key; null for money notices, of which there is one an event by construction. */
    key: text("key"),
    /** Addresses that hear it besides the person's own, such as one that was just replaced; cleared once queued. */
    alsoTo: jsonb("also_to"),
    createdAt: instant("created_at").notNull().default(sql`clock_timestamp()`),
    readAt: instant("read_at"),
    /** When its messages were queued, also if no channel was chosen. */
    queuedAt: instant("queued_at"),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.id] }),
    uniqueIndex("notices_key").on(t.userId, t.key).where(sql`${t.key} is not null`),
    index("notices_unread").on(t.userId).where(sql`${t.readAt} is null`),
    index("notices_unqueued").on(t.id).where(sql`${t.queuedAt} is null`),
    check("notices_key_length", sql`length(${t.key}) between 1 and 200`),
  ],
);

/**
 * Which change of an operation tells whom what: filled by 0012_notices.sql, read by the trigger on operation_events. TypeScript
 * has the same in lib/services/notices/kinds.ts; a test compares.
 */
export const operationNotices = pgTable(
  "operation_notices",
  {
    type: text("type").notNull(),
    /** Empty for the operation's first event. */
    fromState: text("from_state").notNull(),
    toState: text("to_state").notNull(),
    /** The owner of the operation's wallet, or of its counterparty's. */
    party: text("party", { enum: ["owner", "counterparty"] }).notNull(),
    kind: text("kind").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.type, t.toState, t.fromState, t.party] }),
    foreignKey({
      name: "operation_notices_state_fk",
      columns: [t.type, t.toState],
      foreignColumns: [operationStates.type, operationStates.state],
    }),
    check("operation_notices_party", sql`${t.party} in ('owner', 'counterparty')`),
  ],
);

/** A notice that is due at a date, such as that of a vault's unlocking: a sweep writes it then. */
export const scheduledNotices = pgTable(
  "scheduled_notices",
  {
    userId: idReference("user_id").notNull(),
    kind: text("kind").notNull(),
    details: jsonb("details").notNull(),
    /** Scheduling it again moves it. The notice's own key is this one and its date. */
    key: text("key").notNull(),
    dueAt: instant("due_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.key] }),
    index("scheduled_notices_due").on(t.dueAt),
    check("scheduled_notices_key_length", sql`length(${t.key}) between 1 and 150`),
  ],
);

/** Where a person hears a group of notices, where they chose otherwise than the group's defaults. */
export const noticeChoices = pgTable(
  "notice_choices",
  {
    userId: idReference("user_id").notNull(),
    group: text("group").notNull(),
    channel: text("channel", { enum: ["email", "sms", "push"] }).notNull(),
    isOn: boolean("is_on").notNull(),
    changedAt: instant("changed_at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.group, t.channel] }),
    // Who is told of each month's statement.
    index("notice_choices_monthly").on(t.userId).where(sql`${t.group} = 'monthly_statements' and ${t.isOn}`),
    check("notice_choices_channel", sql`${t.channel} in ('email', 'sms', 'push')`),
  ],
);
