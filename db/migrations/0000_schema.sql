CREATE TABLE "api_keys" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"permissions" text[] NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	"revoked_at" timestamp (6) with time zone,
	"last_used_at" timestamp (6) with time zone,
	"replaces_key_id" bigint,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_hash_key" UNIQUE("hash"),
	CONSTRAINT "api_keys_name_length" CHECK (length("api_keys"."name") between 1 and 80),
	CONSTRAINT "api_keys_prefix_length" CHECK (length("api_keys"."prefix") = 12),
	CONSTRAINT "api_keys_permissions" CHECK (cardinality("api_keys"."permissions") > 0 and "api_keys"."permissions" <@ array['deposit', 'transfer', 'read', 'withdraw'])
);
--> statement-breakpoint
CREATE TABLE "api_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (6) with time zone,
	"revoked_for" text
);
--> statement-breakpoint
CREATE TABLE "oauth_requests" (
	"state_hash" "bytea" PRIMARY KEY NOT NULL,
	"nonce" text NOT NULL,
	"code_verifier" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pins" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"wrong_tries" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp (6) with time zone,
	"updated_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pins_wrong_tries" CHECK ("pins"."wrong_tries" >= 0)
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	"used_at" timestamp (6) with time zone
);
--> statement-breakpoint
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
CREATE TABLE "currencies" (
	"code" text PRIMARY KEY NOT NULL,
	"decimals" smallint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operation_edges" (
	"type" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	CONSTRAINT "operation_edges_type_from_state_to_state_pk" PRIMARY KEY("type","from_state","to_state")
);
--> statement-breakpoint
CREATE TABLE "operation_states" (
	"type" text NOT NULL,
	"state" text NOT NULL,
	"is_initial" boolean NOT NULL,
	"awaits" text,
	CONSTRAINT "operation_states_type_state_pk" PRIMARY KEY("type","state")
);
--> statement-breakpoint
CREATE TABLE "operation_types" (
	"type" text PRIMARY KEY NOT NULL,
	"is_internal" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"address" text NOT NULL,
	"currency" text NOT NULL,
	"minimum_balance" bigint,
	"balance" bigint DEFAULT 0 NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"posted_at" timestamp (6) with time zone DEFAULT 'epoch' NOT NULL,
	CONSTRAINT "ledger_accounts_address_key" UNIQUE("address"),
	CONSTRAINT "ledger_accounts_minimum_balance" CHECK ("ledger_accounts"."minimum_balance" is null or "ledger_accounts"."balance" >= "ledger_accounts"."minimum_balance"),
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
CREATE TABLE "dead_letter_notices" (
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"noticed_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "dead_letter_notices_kind_subject_pk" PRIMARY KEY("kind","subject")
);
--> statement-breakpoint
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
CREATE TABLE "idempotency_keys" (
	"user_id" bigint NOT NULL,
	"key" text NOT NULL,
	"input_hash" "bytea" NOT NULL,
	"reference" text,
	"answer" text,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key"),
	CONSTRAINT "idempotency_keys_key" CHECK (length("idempotency_keys"."key") <= 255 and "idempotency_keys"."key" ~ '^[\x21-\x7e]+$'),
	CONSTRAINT "idempotency_keys_stands_for" CHECK ("idempotency_keys"."reference" is null or "idempotency_keys"."answer" is null)
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
	"provider" text,
	"method" text,
	"phone" text,
	"bank_code" text,
	"bank_name" text,
	"account_number" text,
	"account_name" text,
	"counterparty_wallet_id" bigint,
	"vault_id" bigint,
	"note" text,
	"return_url" text,
	"provider_reference" text,
	"payment_url" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operations_reference_key" UNIQUE("reference"),
	CONSTRAINT "operations_amount" CHECK ("operations"."amount_minor" > 0 and "operations"."amount_minor" <= 1000000000000000),
	CONSTRAINT "operations_fee" CHECK ("operations"."fee_minor" >= 0 and "operations"."fee_minor" <= "operations"."amount_minor"),
	CONSTRAINT "operations_phone_e164" CHECK ("operations"."phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "operations_parties" CHECK (case "operations"."type"
        when 'deposit' then "operations"."provider" is not null
        when 'withdrawal' then "operations"."provider" is not null and "operations"."method" is not null
          and ("operations"."phone" is null) = ("operations"."account_number" is not null)
        else "operations"."provider" is null and "operations"."method" is null and "operations"."phone" is null and "operations"."fee_minor" = 0
      end
      and ("operations"."counterparty_wallet_id" is not null) = ("operations"."type" = 'transfer')
      and ("operations"."vault_id" is not null) = ("operations"."type" in ('vault_deposit', 'vault_withdrawal'))
      and ("operations"."counterparty_wallet_id" is null or "operations"."counterparty_wallet_id" <> "operations"."wallet_id")),
	CONSTRAINT "operations_bank" CHECK (num_nonnulls("operations"."bank_code", "operations"."bank_name", "operations"."account_number", "operations"."account_name") in (0, 4)),
	CONSTRAINT "operations_note" CHECK (length("operations"."note") between 1 and 140)
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"fee_minor" bigint NOT NULL,
	"type" text DEFAULT 'withdrawal' NOT NULL,
	"method" text,
	"phone" text,
	"bank_code" text,
	"bank_name" text,
	"account_number" text,
	"account_name" text,
	"counterparty_wallet_id" bigint,
	"note" text,
	"operation_id" bigint,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "quotes_parties" CHECK (case "quotes"."type"
        when 'withdrawal' then "quotes"."method" is not null and ("quotes"."phone" is null) = ("quotes"."account_number" is not null)
          and "quotes"."counterparty_wallet_id" is null
        else "quotes"."counterparty_wallet_id" is not null and "quotes"."method" is null and "quotes"."phone" is null
      end),
	CONSTRAINT "quotes_bank" CHECK (num_nonnulls("quotes"."bank_code", "quotes"."bank_name", "quotes"."account_number", "quotes"."account_name") in (0, 4))
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
	"payload" text NOT NULL,
	"deliveries" integer DEFAULT 1 NOT NULL,
	"state" text DEFAULT 'received' NOT NULL,
	"outcome" text,
	"received_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp (6) with time zone,
	CONSTRAINT "webhook_events_state" CHECK ("webhook_events"."state" in ('received', 'processed', 'ignored', 'needs_review'))
);
--> statement-breakpoint
CREATE TABLE "vaults" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "vaults_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"wallet_id" bigint NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"goal_minor" bigint,
	"locked_until" timestamp (6) with time zone,
	"closed_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vaults_name_length" CHECK (length("vaults"."name") between 1 and 60),
	CONSTRAINT "vaults_goal" CHECK ("vaults"."goal_minor" > 0 and "vaults"."goal_minor" <= 1000000000000000)
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_sessions" ADD CONSTRAINT "api_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_api_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."api_sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation_edges" ADD CONSTRAINT "operation_edges_from_fk" FOREIGN KEY ("type","from_state") REFERENCES "public"."operation_states"("type","state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation_edges" ADD CONSTRAINT "operation_edges_to_fk" FOREIGN KEY ("type","to_state") REFERENCES "public"."operation_states"("type","state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation_states" ADD CONSTRAINT "operation_states_type_operation_types_type_fk" FOREIGN KEY ("type") REFERENCES "public"."operation_types"("type") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_breaks" ADD CONSTRAINT "reconciliation_breaks_run_id_reconciliation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."reconciliation_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_vault_id_vaults_id_fk" FOREIGN KEY ("vault_id") REFERENCES "public"."vaults"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_counterparty_wallet_id_wallets_id_fk" FOREIGN KEY ("counterparty_wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vaults" ADD CONSTRAINT "vaults_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vaults" ADD CONSTRAINT "vaults_currency_currencies_code_fk" FOREIGN KEY ("currency") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_user" ON "api_keys" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_replaces_key" ON "api_keys" USING btree ("replaces_key_id") WHERE "api_keys"."replaces_key_id" is not null;--> statement-breakpoint
CREATE INDEX "api_sessions_user" ON "api_sessions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "oauth_requests_expiry" ON "oauth_requests" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "refresh_tokens_session" ON "refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_expiry" ON "refresh_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "identities_user" ON "identities" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "operation_states_initial_key" ON "operation_states" USING btree ("type") WHERE "operation_states"."is_initial";--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_source_step_key" ON "ledger_entries" USING btree ("source","step");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_reverses_key" ON "ledger_entries" USING btree ("reverses_entry_id") WHERE "ledger_entries"."reverses_entry_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_from_version_key" ON "ledger_postings" USING btree ("from_account","from_version") WHERE "ledger_postings"."from_version" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_to_version_key" ON "ledger_postings" USING btree ("to_account","to_version") WHERE "ledger_postings"."to_version" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_from_derived_key" ON "ledger_postings" USING btree ("from_account","entry_id","position") WHERE "ledger_postings"."from_version" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_postings_to_derived_key" ON "ledger_postings" USING btree ("to_account","entry_id","position") WHERE "ledger_postings"."to_version" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_seals_range_key" ON "ledger_seals" USING btree ("subject","to_id");--> statement-breakpoint
CREATE INDEX "decisions_operation" ON "decisions" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "payout_switches_provider" ON "payout_switches" USING btree ("provider","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_breaks_open_key" ON "reconciliation_breaks" USING btree ("provider","direction","subject","kind") WHERE "reconciliation_breaks"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "reconciliation_runs_newest" ON "reconciliation_runs" USING btree ("provider","span","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operation_events_operation" ON "operation_events" USING btree ("operation_id","id");--> statement-breakpoint
CREATE INDEX "operations_counterparty" ON "operations" USING btree ("counterparty_wallet_id","id") WHERE "operations"."counterparty_wallet_id" is not null;--> statement-breakpoint
CREATE INDEX "operations_wallet" ON "operations" USING btree ("wallet_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_provider_reference_key" ON "operations" USING btree ("provider","type","provider_reference") WHERE "operations"."provider_reference" is not null;--> statement-breakpoint
CREATE INDEX "operations_open" ON "operations" USING btree ("updated_at") WHERE "operations"."state" in ('pending', 'created', 'submitting', 'submitted', 'unknown');--> statement-breakpoint
CREATE INDEX "operations_stuck" ON "operations" USING btree ("updated_at") WHERE "operations"."state" in ('review', 'conflict');--> statement-breakpoint
CREATE INDEX "operations_provider" ON "operations" USING btree ("provider","created_at") WHERE "operations"."provider" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "quotes_operation_key" ON "quotes" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "quotes_user" ON "quotes" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_events_key" ON "webhook_events" USING btree ("provider","event_key");--> statement-breakpoint
CREATE INDEX "webhook_events_open" ON "webhook_events" USING btree ("received_at") WHERE "webhook_events"."state" = 'received';--> statement-breakpoint
CREATE INDEX "webhook_events_needs_review" ON "webhook_events" USING btree ("received_at") WHERE "webhook_events"."state" = 'needs_review';--> statement-breakpoint
CREATE INDEX "vaults_wallet" ON "vaults" USING btree ("wallet_id","id");