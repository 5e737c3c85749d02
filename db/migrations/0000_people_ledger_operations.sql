CREATE TABLE "identities" (
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"user_id" bigint NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "identities_provider_subject_pk" PRIMARY KEY("provider","subject")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"device" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	"revoked_at" timestamp (6) with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"email" text NOT NULL,
	"email_verified_at" timestamp (6) with time zone,
	"password_hash" text,
	"first_name" text NOT NULL,
	"last_name" text DEFAULT '' NOT NULL,
	"phone" text,
	"locale" text DEFAULT 'fr' NOT NULL,
	"picture_url" text,
	"frozen_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_key" UNIQUE("email"),
	CONSTRAINT "users_email_normal" CHECK ("users"."email" = lower(btrim("users"."email")) and length("users"."email") <= 254),
	CONSTRAINT "users_first_name_length" CHECK (length("users"."first_name") between 1 and 80),
	CONSTRAINT "users_last_name_length" CHECK (length("users"."last_name") <= 80),
	CONSTRAINT "users_phone_e164" CHECK ("users"."phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "users_locale" CHECK ("users"."locale" in ('fr', 'en'))
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "wallets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"number" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wallets_user_key" UNIQUE("user_id"),
	CONSTRAINT "wallets_number_key" UNIQUE("number"),
	CONSTRAINT "wallets_number_shape" CHECK ("wallets"."number" ~ '^[1-9][0-9]{12}$')
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"address" text NOT NULL,
	"currency" text NOT NULL,
	"minimum_balance" bigint,
	"balance" bigint DEFAULT 0 NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"posted_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_accounts_address_key" UNIQUE("address"),
	CONSTRAINT "ledger_accounts_minimum_balance" CHECK ("ledger_accounts"."minimum_balance" is null or "ledger_accounts"."balance" >= "ledger_accounts"."minimum_balance"),
	CONSTRAINT "ledger_accounts_currency" CHECK ("ledger_accounts"."currency" in ('XOF', 'NGN')),
	CONSTRAINT "ledger_accounts_address" CHECK ("ledger_accounts"."address" ~ '^[a-z0-9_-]+(/[A-Za-z0-9_-]+)+$'),
	CONSTRAINT "ledger_accounts_derived" CHECK ("ledger_accounts"."minimum_balance" is not null or ("ledger_accounts"."balance" = 0 and "ledger_accounts"."version" = 0))
);
--> statement-breakpoint
CREATE TABLE "ledger_checkpoints" (
	"account_id" bigint NOT NULL,
	"entry_id" bigint NOT NULL,
	"balance" bigint NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ledger_checkpoints_account_id_entry_id_pk" PRIMARY KEY("account_id","entry_id")
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"step" text NOT NULL,
	"occurred_at" timestamp (6) with time zone NOT NULL,
	"recorded_at" timestamp (6) with time zone NOT NULL,
	"reverses_entry_id" bigint
);
--> statement-breakpoint
CREATE TABLE "ledger_postings" (
	"entry_id" bigint NOT NULL,
	"position" smallint NOT NULL,
	"from_account" bigint NOT NULL,
	"to_account" bigint NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"from_balance" bigint,
	"from_version" bigint,
	"to_balance" bigint,
	"to_version" bigint,
	"recorded_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "ledger_postings_entry_id_position_pk" PRIMARY KEY("entry_id","position"),
	CONSTRAINT "ledger_postings_amount" CHECK ("ledger_postings"."amount" > 0 and "ledger_postings"."amount" <= 1000000000000000),
	CONSTRAINT "ledger_postings_ends" CHECK ("ledger_postings"."from_account" <> "ledger_postings"."to_account")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" bigint NOT NULL,
	"key" text NOT NULL,
	"input_hash" "bytea" NOT NULL,
	"reference" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key"),
	CONSTRAINT "idempotency_keys_key" CHECK ("idempotency_keys"."key" ~ '^[\x21-\x7e]{1,255}$')
);
--> statement-breakpoint
CREATE TABLE "operation_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "operation_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"operation_id" bigint NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"reason" text,
	"actor" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "operations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"reference" text NOT NULL,
	"type" text NOT NULL,
	"wallet_id" bigint NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"fee_minor" bigint DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"provider" text NOT NULL,
	"method" text NOT NULL,
	"phone" text NOT NULL,
	"provider_reference" text,
	"payment_url" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operations_reference_key" UNIQUE("reference"),
	CONSTRAINT "operations_type" CHECK ("operations"."type" in ('deposit', 'withdrawal')),
	CONSTRAINT "operations_amount" CHECK ("operations"."amount_minor" > 0 and "operations"."amount_minor" <= 1000000000000000),
	CONSTRAINT "operations_fee" CHECK ("operations"."fee_minor" >= 0 and "operations"."fee_minor" <= "operations"."amount_minor"),
	CONSTRAINT "operations_currency" CHECK ("operations"."currency" in ('XOF', 'NGN')),
	CONSTRAINT "operations_phone_e164" CHECK ("operations"."phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "operations_state" CHECK (case "operations"."type"
        when 'deposit' then "operations"."state" in ('pending', 'succeeded', 'failed', 'expired', 'review')
        when 'withdrawal' then "operations"."state" in ('created', 'submitting', 'submitted', 'unknown', 'paid', 'reversed', 'refunded', 'conflict')
      end)
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"fee_minor" bigint NOT NULL,
	"method" text NOT NULL,
	"phone" text NOT NULL,
	"operation_id" bigint,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" timestamp (6) with time zone
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "webhook_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"provider" text NOT NULL,
	"event_key" text NOT NULL,
	"kind" text NOT NULL,
	"reference" text,
	"raw_body" "bytea" NOT NULL,
	"facts" text NOT NULL,
	"deliveries" integer DEFAULT 1 NOT NULL,
	"state" text DEFAULT 'received' NOT NULL,
	"outcome" text,
	"received_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp (6) with time zone,
	CONSTRAINT "webhook_events_state" CHECK ("webhook_events"."state" in ('received', 'processed', 'ignored', 'needs_review'))
);
--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation_events" ADD CONSTRAINT "operation_events_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "identities_user" ON "identities" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_source_step_key" ON "ledger_entries" USING btree ("source","step");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_reverses_key" ON "ledger_entries" USING btree ("reverses_entry_id") WHERE "ledger_entries"."reverses_entry_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_from_version_key" ON "ledger_postings" USING btree ("from_account","from_version") WHERE "ledger_postings"."from_version" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_to_version_key" ON "ledger_postings" USING btree ("to_account","to_version") WHERE "ledger_postings"."to_version" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_from_derived_key" ON "ledger_postings" USING btree ("from_account","entry_id","position") WHERE "ledger_postings"."from_version" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_to_derived_key" ON "ledger_postings" USING btree ("to_account","entry_id","position") WHERE "ledger_postings"."to_version" is null;--> statement-breakpoint
CREATE INDEX "operation_events_operation" ON "operation_events" USING btree ("operation_id","id");--> statement-breakpoint
CREATE INDEX "operations_wallet" ON "operations" USING btree ("wallet_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "operations_provider_reference_key" ON "operations" USING btree ("provider","type","provider_reference") WHERE "operations"."provider_reference" is not null;--> statement-breakpoint
CREATE INDEX "operations_open" ON "operations" USING btree ("updated_at") WHERE "operations"."state" in ('pending', 'created', 'submitting', 'submitted', 'unknown');--> statement-breakpoint
CREATE UNIQUE INDEX "quotes_operation_key" ON "quotes" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "quotes_user" ON "quotes" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_events_key" ON "webhook_events" USING btree ("provider","event_key");--> statement-breakpoint
CREATE INDEX "webhook_events_open" ON "webhook_events" USING btree ("received_at") WHERE "webhook_events"."state" = 'received';