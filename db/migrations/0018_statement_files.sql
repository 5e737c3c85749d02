-- Statements: where an account stood at an instant, and files that the worker makes.
CREATE TABLE "statement_file_chunks" (
	"file_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"position" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "statement_file_chunks_file_id_attempt_position_pk" PRIMARY KEY("file_id","attempt","position")
);
--> statement-breakpoint
CREATE TABLE "statement_files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"format" text NOT NULL,
	"locale" text NOT NULL,
	"time_zone" text NOT NULL,
	"currency" text,
	"vault_id" bigint,
	"from_day" text,
	"to_day" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"line_count" bigint DEFAULT 0 NOT NULL,
	"lines_done" bigint DEFAULT 0 NOT NULL,
	"byte_count" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"ready_at" timestamp (6) with time zone,
	"expires_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "statement_files_kind" CHECK ("statement_files"."kind" in ('statement', 'data')),
	CONSTRAINT "statement_files_format" CHECK ("statement_files"."format" in ('pdf', 'csv', 'machine', 'json')),
	CONSTRAINT "statement_files_state" CHECK ("statement_files"."state" in ('waiting', 'making', 'ready', 'failed')),
	CONSTRAINT "statement_files_locale" CHECK ("statement_files"."locale" in ('fr', 'en')),
	CONSTRAINT "statement_files_subject" CHECK (("statement_files"."kind" = 'statement') = (num_nonnulls("statement_files"."currency", "statement_files"."from_day", "statement_files"."to_day") = 3))
);
--> statement-breakpoint
ALTER TABLE "statement_file_chunks" ADD CONSTRAINT "statement_file_chunks_file_fk" FOREIGN KEY ("file_id") REFERENCES "public"."statement_files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "statement_files" ADD CONSTRAINT "statement_files_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "statement_files_open_key" ON "statement_files" USING btree ("user_id") WHERE "statement_files"."state" in ('waiting', 'making');--> statement-breakpoint
CREATE INDEX "statement_files_user" ON "statement_files" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "statement_files_expiry" ON "statement_files" USING btree ("expires_at");
--> statement-breakpoint
-- The version and the balance that a materialized account had just before an instant; zeros before its first posting. A binary
-- search over its gap-free versions, like ledger_balance_at: some twenty index look-ups for a million postings.
create function ledger_position_before(p_account bigint, p_before timestamptz, out version bigint, out balance bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  low bigint := 0; high bigint; middle bigint; at_balance bigint; at_moment timestamptz;
begin
  balance := 0;
  select a.version into strict high from ledger_accounts a where a.id = p_account and a.minimum_balance is not null;
  while low < high loop
    middle := (low + high + 1) / 2;
    select x.balance, x.recorded_at into strict at_balance, at_moment from (
      select m.from_balance as balance, m.recorded_at from ledger_postings m
      where m.from_account = p_account and m.from_version = middle
      union all
      select m.to_balance, m.recorded_at from ledger_postings m where m.to_account = p_account and m.to_version = middle
    ) x;
    if at_moment < p_before then
      low := middle; balance := at_balance;
    else
      high := middle - 1;
    end if;
  end loop;
  version := low;
end $$;
--> statement-breakpoint
revoke execute on function ledger_position_before from public;
--> statement-breakpoint
grant execute on function ledger_position_before to cauris_app;
--> statement-breakpoint
grant select, insert, update, delete on statement_files to cauris_app;
--> statement-breakpoint
grant select, insert, delete on statement_file_chunks to cauris_app;
