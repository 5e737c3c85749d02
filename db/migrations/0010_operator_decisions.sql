CREATE TABLE "decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"operation_id" bigint,
	"event_id" bigint,
	"verdict" text NOT NULL,
	"operator" text NOT NULL,
	"note" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "decisions_about" CHECK (num_nonnulls("decisions"."operation_id", "decisions"."event_id") = 1),
	CONSTRAINT "decisions_operator" CHECK (length("decisions"."operator") between 1 and 80),
	CONSTRAINT "decisions_note" CHECK (length("decisions"."note") between 1 and 500)
);
--> statement-breakpoint
CREATE INDEX "decisions_operation" ON "decisions" USING btree ("operation_id");