CREATE TABLE "dead_letter_notices" (
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"noticed_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "dead_letter_notices_kind_subject_pk" PRIMARY KEY("kind","subject")
);
--> statement-breakpoint
CREATE TABLE "payout_switches" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payout_switches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"provider" text,
	"stopped" boolean NOT NULL,
	"operator" text NOT NULL,
	"note" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "payout_switches_operator" CHECK (length("payout_switches"."operator") between 1 and 80),
	CONSTRAINT "payout_switches_note" CHECK (length("payout_switches"."note") between 1 and 500)
);
--> statement-breakpoint
CREATE TABLE "reconciliation_breaks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reconciliation_breaks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" bigint NOT NULL,
	"provider" text NOT NULL,
	"direction" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"currency" text NOT NULL,
	"our_state" text,
	"our_minor" bigint NOT NULL,
	"their_state" text,
	"their_minor" bigint,
	"occurred_at" timestamp (6) with time zone NOT NULL,
	"found_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"resolved_at" timestamp (6) with time zone
);
--> statement-breakpoint
CREATE TABLE "reconciliation_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reconciliation_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"provider" text NOT NULL,
	"span" text NOT NULL,
	"window_from" timestamp (6) with time zone NOT NULL,
	"window_to" timestamp (6) with time zone NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"finished_at" timestamp (6) with time zone,
	"compared" integer,
	CONSTRAINT "reconciliation_runs_window" CHECK ("reconciliation_runs"."window_from" < "reconciliation_runs"."window_to")
);
--> statement-breakpoint
ALTER TABLE "reconciliation_breaks" ADD CONSTRAINT "reconciliation_breaks_run_id_reconciliation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."reconciliation_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payout_switches_provider" ON "payout_switches" USING btree ("provider","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_breaks_open_key" ON "reconciliation_breaks" USING btree ("provider","direction","subject","kind") WHERE "reconciliation_breaks"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "reconciliation_runs_newest" ON "reconciliation_runs" USING btree ("provider","span","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operations_stuck" ON "operations" USING btree ("updated_at") WHERE "operations"."state" in ('review', 'conflict');--> statement-breakpoint
CREATE INDEX "operations_provider" ON "operations" USING btree ("provider","created_at") WHERE "operations"."provider" is not null;--> statement-breakpoint
CREATE INDEX "webhook_events_needs_review" ON "webhook_events" USING btree ("received_at") WHERE "webhook_events"."state" = 'needs_review';