CREATE TABLE "ledger_seals" (
	"number" bigint PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"from_id" bigint NOT NULL,
	"to_id" bigint NOT NULL,
	"row_count" bigint NOT NULL,
	"posting_count" bigint NOT NULL,
	"content_hash" "bytea" NOT NULL,
	"previous_root" "bytea" NOT NULL,
	"root" "bytea" NOT NULL,
	"sealed_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "ledger_seals_hashes" CHECK (length("ledger_seals"."content_hash") = 32 and length("ledger_seals"."previous_root") = 32 and length("ledger_seals"."root") = 32),
	CONSTRAINT "ledger_seals_range" CHECK ("ledger_seals"."from_id" >= 1 and "ledger_seals"."to_id" >= "ledger_seals"."from_id" and "ledger_seals"."number" >= 1)
);
--> statement-breakpoint
ALTER TABLE "ledger_accounts" ALTER COLUMN "posted_at" SET DEFAULT 'epoch';--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_seals_range_key" ON "ledger_seals" USING btree ("subject","to_id");