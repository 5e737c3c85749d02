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
	CONSTRAINT "vaults_currency" CHECK ("vaults"."currency" in ('XOF', 'NGN')),
	CONSTRAINT "vaults_goal" CHECK ("vaults"."goal_minor" > 0 and "vaults"."goal_minor" <= 1000000000000000)
);
--> statement-breakpoint
ALTER TABLE "operations" DROP CONSTRAINT "operations_type";--> statement-breakpoint
ALTER TABLE "operations" DROP CONSTRAINT "operations_state";--> statement-breakpoint
ALTER TABLE "idempotency_keys" ALTER COLUMN "reference" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "operations" ALTER COLUMN "provider" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "operations" ALTER COLUMN "method" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "operations" ALTER COLUMN "phone" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "quotes" ALTER COLUMN "method" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "quotes" ALTER COLUMN "phone" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "answer" text;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "bank_code" text;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "bank_name" text;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "account_number" text;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "account_name" text;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "counterparty_wallet_id" bigint;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "vault_id" bigint;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "return_url" text;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "type" text DEFAULT 'withdrawal' NOT NULL;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "bank_code" text;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "bank_name" text;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "account_number" text;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "account_name" text;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "counterparty_wallet_id" bigint;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_sessions" ADD CONSTRAINT "api_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_api_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."api_sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vaults" ADD CONSTRAINT "vaults_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_user" ON "api_keys" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_replaces_key" ON "api_keys" USING btree ("replaces_key_id") WHERE "api_keys"."replaces_key_id" is not null;--> statement-breakpoint
CREATE INDEX "api_sessions_user" ON "api_sessions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "oauth_requests_expiry" ON "oauth_requests" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "refresh_tokens_session" ON "refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_expiry" ON "refresh_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "vaults_wallet" ON "vaults" USING btree ("wallet_id","id");--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_counterparty_wallet_id_wallets_id_fk" FOREIGN KEY ("counterparty_wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_vault_id_vaults_id_fk" FOREIGN KEY ("vault_id") REFERENCES "public"."vaults"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_counterparty_wallet_id_wallets_id_fk" FOREIGN KEY ("counterparty_wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "operations_counterparty" ON "operations" USING btree ("counterparty_wallet_id","id" DESC NULLS LAST) WHERE "operations"."counterparty_wallet_id" is not null;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_parties" CHECK (case "operations"."type"
        when 'deposit' then "operations"."provider" is not null
        when 'withdrawal' then "operations"."provider" is not null and "operations"."method" is not null
          and ("operations"."phone" is null) = ("operations"."account_number" is not null)
        else "operations"."provider" is null and "operations"."method" is null and "operations"."phone" is null and "operations"."fee_minor" = 0
      end
      and ("operations"."counterparty_wallet_id" is not null) = ("operations"."type" = 'transfer')
      and ("operations"."vault_id" is not null) = ("operations"."type" in ('vault_deposit', 'vault_withdrawal'))
      and ("operations"."counterparty_wallet_id" is null or "operations"."counterparty_wallet_id" <> "operations"."wallet_id"));--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_bank" CHECK (num_nonnulls("operations"."bank_code", "operations"."bank_name", "operations"."account_number", "operations"."account_name") in (0, 4));--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_note" CHECK (length("operations"."note") between 1 and 140);--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_type" CHECK ("operations"."type" in ('deposit', 'withdrawal', 'transfer', 'vault_deposit', 'vault_withdrawal'));--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_state" CHECK (case "operations"."type"
        when 'deposit' then "operations"."state" in ('pending', 'succeeded', 'failed', 'expired', 'review')
        when 'withdrawal' then "operations"."state" in ('created', 'submitting', 'submitted', 'unknown', 'paid', 'reversed', 'refunded', 'conflict')
        else "operations"."state" = 'succeeded'
      end);--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_parties" CHECK (case "quotes"."type"
        when 'withdrawal' then "quotes"."method" is not null and ("quotes"."phone" is null) = ("quotes"."account_number" is not null)
          and "quotes"."counterparty_wallet_id" is null
        else "quotes"."counterparty_wallet_id" is not null and "quotes"."method" is null and "quotes"."phone" is null
      end);--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_bank" CHECK (num_nonnulls("quotes"."bank_code", "quotes"."bank_name", "quotes"."account_number", "quotes"."account_name") in (0, 4));