-- Tontines: groups with their rules, members and shares; turns with dues and payouts; standing contributions, guarantees, debts,
-- swaps and handovers; and the tables of their states. What may change in them, and by which edges: 0021_tontine_rules.sql.
CREATE TABLE "tontine_debt_repayments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_debt_repayments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"debt_id" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"operation_id" bigint NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_debt_repayments_key" UNIQUE("debt_id","operation_id"),
	CONSTRAINT "tontine_debt_repayments_amount" CHECK ("tontine_debt_repayments"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "tontine_debts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_debts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"debtor_member_id" bigint NOT NULL,
	"creditor" text NOT NULL,
	"creditor_member_id" bigint,
	"due_id" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"repaid_minor" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_debts_amount" CHECK ("tontine_debts"."amount_minor" > 0 and "tontine_debts"."repaid_minor" between 0 and "tontine_debts"."amount_minor"),
	CONSTRAINT "tontine_debts_creditor" CHECK (("tontine_debts"."creditor" = 'member') = ("tontine_debts"."creditor_member_id" is not null)),
	CONSTRAINT "tontine_debts_other" CHECK ("tontine_debts"."creditor_member_id" is distinct from "tontine_debts"."debtor_member_id")
);
--> statement-breakpoint
CREATE TABLE "tontine_guarantees" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_guarantees_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"guarantor_member_id" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"used_minor" bigint DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'offered' NOT NULL,
	"signed_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_guarantees_amount" CHECK ("tontine_guarantees"."amount_minor" > 0 and "tontine_guarantees"."used_minor" between 0 and "tontine_guarantees"."amount_minor"),
	CONSTRAINT "tontine_guarantees_other" CHECK ("tontine_guarantees"."member_id" <> "tontine_guarantees"."guarantor_member_id")
);
--> statement-breakpoint
CREATE TABLE "tontine_handovers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_handovers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"holder_id" bigint NOT NULL,
	"from_member_id" bigint NOT NULL,
	"to_member_id" bigint NOT NULL,
	"state" text DEFAULT 'offered' NOT NULL,
	"countersigned_by" bigint,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "tontine_handovers_other" CHECK ("tontine_handovers"."from_member_id" <> "tontine_handovers"."to_member_id")
);
--> statement-breakpoint
CREATE TABLE "tontine_swaps" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_swaps_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"from_holder_id" bigint NOT NULL,
	"to_holder_id" bigint NOT NULL,
	"from_turn_id" bigint NOT NULL,
	"to_turn_id" bigint NOT NULL,
	"consideration_minor" bigint DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'offered' NOT NULL,
	"countersigned_by" bigint,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "tontine_swaps_other" CHECK ("tontine_swaps"."from_holder_id" <> "tontine_swaps"."to_holder_id" and "tontine_swaps"."from_turn_id" <> "tontine_swaps"."to_turn_id"),
	CONSTRAINT "tontine_swaps_consideration" CHECK ("tontine_swaps"."consideration_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "tontine_mandates" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_mandates_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"ceiling_minor" bigint NOT NULL,
	"ends_on" date NOT NULL,
	"text_hash" "bytea" NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"given_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"ended_at" timestamp (6) with time zone,
	CONSTRAINT "tontine_mandates_ceiling" CHECK ("tontine_mandates"."ceiling_minor" > 0),
	CONSTRAINT "tontine_mandates_ended" CHECK (("tontine_mandates"."state" = 'ended') = ("tontine_mandates"."ended_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "tontine_approvals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_approvals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"payout_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"shown_hash" "bytea" NOT NULL,
	"approved_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_approvals_key" UNIQUE("payout_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "tontine_due_payments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_due_payments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"due_id" bigint NOT NULL,
	"part" integer NOT NULL,
	"amount_minor" bigint NOT NULL,
	"via" text NOT NULL,
	"payer_member_id" bigint,
	"operation_id" bigint,
	"mandate_id" bigint,
	"entry_id" bigint NOT NULL,
	"paid_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_due_payments_entry_key" UNIQUE("entry_id"),
	CONSTRAINT "tontine_due_payments_part_key" UNIQUE("due_id","part"),
	CONSTRAINT "tontine_due_payments_amount" CHECK ("tontine_due_payments"."amount_minor" > 0),
	CONSTRAINT "tontine_due_payments_operation" CHECK (("tontine_due_payments"."operation_id" is not null) = ("tontine_due_payments"."via" in ('wallet', 'guarantor')))
);
--> statement-breakpoint
CREATE TABLE "tontine_dues" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_dues_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"turn_id" bigint NOT NULL,
	"share_id" bigint NOT NULL,
	"holder_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"amount_minor" bigint NOT NULL,
	"paid_minor" bigint DEFAULT 0 NOT NULL,
	"covered_minor" bigint DEFAULT 0 NOT NULL,
	"waived_minor" bigint DEFAULT 0 NOT NULL,
	"due_at" timestamp (6) with time zone NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_dues_key" UNIQUE("turn_id","share_id","holder_id","kind"),
	CONSTRAINT "tontine_dues_amount" CHECK ("tontine_dues"."amount_minor" > 0 and "tontine_dues"."amount_minor" <= 1000000000000000),
	CONSTRAINT "tontine_dues_paid" CHECK (least("tontine_dues"."paid_minor", "tontine_dues"."covered_minor", "tontine_dues"."waived_minor") >= 0
      and "tontine_dues"."paid_minor" + "tontine_dues"."covered_minor" + "tontine_dues"."waived_minor" <= "tontine_dues"."amount_minor")
);
--> statement-breakpoint
CREATE TABLE "tontine_operations" (
	"operation_id" bigint PRIMARY KEY NOT NULL,
	"tontine_id" bigint NOT NULL,
	"turn_id" bigint,
	"member_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tontine_payouts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_payouts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"turn_id" bigint NOT NULL,
	"holder_id" bigint NOT NULL,
	"instalment" integer NOT NULL,
	"member_id" bigint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"kept_minor" bigint DEFAULT 0 NOT NULL,
	"netted_minor" bigint DEFAULT 0 NOT NULL,
	"retained_minor" bigint DEFAULT 0 NOT NULL,
	"approved_payout_id" bigint,
	"shown_hash" "bytea" NOT NULL,
	"state" text DEFAULT 'proposed' NOT NULL,
	"reason" text,
	"operation_id" bigint,
	"proposed_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"posted_at" timestamp (6) with time zone,
	CONSTRAINT "tontine_payouts_amount" CHECK ("tontine_payouts"."amount_minor" > 0),
	CONSTRAINT "tontine_payouts_parts" CHECK (least("tontine_payouts"."kept_minor", "tontine_payouts"."netted_minor", "tontine_payouts"."retained_minor") >= 0
      and "tontine_payouts"."kept_minor" + "tontine_payouts"."netted_minor" + "tontine_payouts"."retained_minor" <= "tontine_payouts"."amount_minor"),
	CONSTRAINT "tontine_payouts_posted" CHECK (("tontine_payouts"."state" = 'posted') = ("tontine_payouts"."posted_at" is not null)),
	CONSTRAINT "tontine_payouts_reason" CHECK (length("tontine_payouts"."reason") between 1 and 140)
);
--> statement-breakpoint
CREATE TABLE "tontine_turn_shares" (
	"turn_id" bigint NOT NULL,
	"share_id" bigint NOT NULL,
	"cycle_id" bigint NOT NULL,
	CONSTRAINT "tontine_turn_shares_cycle_id_share_id_pk" PRIMARY KEY("cycle_id","share_id")
);
--> statement-breakpoint
CREATE TABLE "tontine_turns" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_turns_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"cycle_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"kind" text DEFAULT 'rotation' NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"due_on" date NOT NULL,
	"due_at" timestamp (6) with time zone NOT NULL,
	"closes_at" timestamp (6) with time zone NOT NULL,
	"called_at" timestamp (6) with time zone,
	"paid_at" timestamp (6) with time zone,
	CONSTRAINT "tontine_turns_number_key" UNIQUE("cycle_id","number"),
	CONSTRAINT "tontine_turns_closes" CHECK ("tontine_turns"."closes_at" >= "tontine_turns"."due_at")
);
--> statement-breakpoint
CREATE TABLE "tontine_cycles" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_cycles_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"rules_id" bigint NOT NULL,
	"contribution_minor" bigint NOT NULL,
	"share_count" integer NOT NULL,
	"shares_per_turn" integer DEFAULT 1 NOT NULL,
	"calendar" jsonb NOT NULL,
	"started_at" timestamp (6) with time zone,
	CONSTRAINT "tontine_cycles_number_key" UNIQUE("tontine_id","number"),
	CONSTRAINT "tontine_cycles_contribution" CHECK ("tontine_cycles"."contribution_minor" > 0),
	CONSTRAINT "tontine_cycles_shares" CHECK ("tontine_cycles"."share_count" between 2 and 300),
	CONSTRAINT "tontine_cycles_per_turn" CHECK ("tontine_cycles"."shares_per_turn" between 1 and "tontine_cycles"."share_count")
);
--> statement-breakpoint
CREATE TABLE "tontine_edges" (
	"object" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	CONSTRAINT "tontine_edges_object_from_state_to_state_pk" PRIMARY KEY("object","from_state","to_state")
);
--> statement-breakpoint
CREATE TABLE "tontine_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"member_id" bigint,
	"turn_id" bigint,
	"due_id" bigint,
	"payout_id" bigint,
	"amount_minor" bigint,
	"details" jsonb DEFAULT '{}' NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tontine_members" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_members_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"user_id" bigint,
	"name" text NOT NULL,
	"phone" text,
	"roles" text[] DEFAULT '{}' NOT NULL,
	"state" text DEFAULT 'invited' NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_members_user_key" UNIQUE("tontine_id","user_id"),
	CONSTRAINT "tontine_members_name" CHECK (length("tontine_members"."name") between 1 and 80),
	CONSTRAINT "tontine_members_phone" CHECK ("tontine_members"."phone" ~ '^\+[1-9][0-9]{6,14}$'),
	CONSTRAINT "tontine_members_roles" CHECK ("tontine_members"."roles" <@ array['chair', 'treasurer', 'secretary', 'auditor']),
	CONSTRAINT "tontine_members_auditor" CHECK (not 'auditor' = any ("tontine_members"."roles") or cardinality("tontine_members"."roles") = 1),
	CONSTRAINT "tontine_members_officer" CHECK ("tontine_members"."user_id" is not null or cardinality("tontine_members"."roles") = 0)
);
--> statement-breakpoint
CREATE TABLE "tontine_rules" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_rules_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"parameters" jsonb NOT NULL,
	"text_fr" text NOT NULL,
	"text_en" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_rules_version_key" UNIQUE("tontine_id","version")
);
--> statement-breakpoint
CREATE TABLE "tontine_share_holders" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_share_holders_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"share_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"halves" smallint DEFAULT 2 NOT NULL,
	"ended_at" timestamp (6) with time zone,
	CONSTRAINT "tontine_share_holders_halves" CHECK ("tontine_share_holders"."halves" in (1, 2))
);
--> statement-breakpoint
CREATE TABLE "tontine_shares" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_shares_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"cycle_id" bigint NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "tontine_shares_position_key" UNIQUE("cycle_id","position")
);
--> statement-breakpoint
CREATE TABLE "tontine_signatures" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_signatures_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rules_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"signed_by_user_id" bigint NOT NULL,
	"signed_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_signatures_key" UNIQUE("rules_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "tontine_states" (
	"object" text NOT NULL,
	"state" text NOT NULL,
	"is_initial" boolean NOT NULL,
	CONSTRAINT "tontine_states_object_state_pk" PRIMARY KEY("object","state")
);
--> statement-breakpoint
CREATE TABLE "tontines" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontines_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"code" text NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"zone" text NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"founder_user_id" bigint NOT NULL,
	"invite_token_hash" "bytea",
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontines_code_key" UNIQUE("code"),
	CONSTRAINT "tontines_invite_token_key" UNIQUE("invite_token_hash"),
	CONSTRAINT "tontines_code" CHECK ("tontines"."code" ~ '^[2-9A-HJKMNP-Z]{6}$'),
	CONSTRAINT "tontines_name" CHECK (length("tontines"."name") between 1 and 60)
);
--> statement-breakpoint
ALTER TABLE "tontine_debt_repayments" ADD CONSTRAINT "tontine_debt_repayments_debt_id_tontine_debts_id_fk" FOREIGN KEY ("debt_id") REFERENCES "public"."tontine_debts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_debt_repayments" ADD CONSTRAINT "tontine_debt_repayments_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_debts" ADD CONSTRAINT "tontine_debts_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_debts" ADD CONSTRAINT "tontine_debts_debtor_member_id_tontine_members_id_fk" FOREIGN KEY ("debtor_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_debts" ADD CONSTRAINT "tontine_debts_creditor_member_id_tontine_members_id_fk" FOREIGN KEY ("creditor_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_debts" ADD CONSTRAINT "tontine_debts_due_id_tontine_dues_id_fk" FOREIGN KEY ("due_id") REFERENCES "public"."tontine_dues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_guarantees" ADD CONSTRAINT "tontine_guarantees_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_guarantees" ADD CONSTRAINT "tontine_guarantees_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_guarantees" ADD CONSTRAINT "tontine_guarantees_guarantor_member_id_tontine_members_id_fk" FOREIGN KEY ("guarantor_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_handovers" ADD CONSTRAINT "tontine_handovers_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_handovers" ADD CONSTRAINT "tontine_handovers_holder_id_tontine_share_holders_id_fk" FOREIGN KEY ("holder_id") REFERENCES "public"."tontine_share_holders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_handovers" ADD CONSTRAINT "tontine_handovers_from_member_id_tontine_members_id_fk" FOREIGN KEY ("from_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_handovers" ADD CONSTRAINT "tontine_handovers_to_member_id_tontine_members_id_fk" FOREIGN KEY ("to_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_handovers" ADD CONSTRAINT "tontine_handovers_countersigned_by_tontine_members_id_fk" FOREIGN KEY ("countersigned_by") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_swaps" ADD CONSTRAINT "tontine_swaps_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_swaps" ADD CONSTRAINT "tontine_swaps_from_holder_id_tontine_share_holders_id_fk" FOREIGN KEY ("from_holder_id") REFERENCES "public"."tontine_share_holders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_swaps" ADD CONSTRAINT "tontine_swaps_to_holder_id_tontine_share_holders_id_fk" FOREIGN KEY ("to_holder_id") REFERENCES "public"."tontine_share_holders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_swaps" ADD CONSTRAINT "tontine_swaps_from_turn_id_tontine_turns_id_fk" FOREIGN KEY ("from_turn_id") REFERENCES "public"."tontine_turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_swaps" ADD CONSTRAINT "tontine_swaps_to_turn_id_tontine_turns_id_fk" FOREIGN KEY ("to_turn_id") REFERENCES "public"."tontine_turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_swaps" ADD CONSTRAINT "tontine_swaps_countersigned_by_tontine_members_id_fk" FOREIGN KEY ("countersigned_by") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_mandates" ADD CONSTRAINT "tontine_mandates_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_mandates" ADD CONSTRAINT "tontine_mandates_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_approvals" ADD CONSTRAINT "tontine_approvals_payout_id_tontine_payouts_id_fk" FOREIGN KEY ("payout_id") REFERENCES "public"."tontine_payouts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_approvals" ADD CONSTRAINT "tontine_approvals_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_due_payments" ADD CONSTRAINT "tontine_due_payments_due_id_tontine_dues_id_fk" FOREIGN KEY ("due_id") REFERENCES "public"."tontine_dues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_due_payments" ADD CONSTRAINT "tontine_due_payments_payer_member_id_tontine_members_id_fk" FOREIGN KEY ("payer_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_due_payments" ADD CONSTRAINT "tontine_due_payments_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_due_payments" ADD CONSTRAINT "tontine_due_payments_mandate_id_tontine_mandates_id_fk" FOREIGN KEY ("mandate_id") REFERENCES "public"."tontine_mandates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_dues" ADD CONSTRAINT "tontine_dues_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_dues" ADD CONSTRAINT "tontine_dues_turn_id_tontine_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."tontine_turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_dues" ADD CONSTRAINT "tontine_dues_share_id_tontine_shares_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."tontine_shares"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_dues" ADD CONSTRAINT "tontine_dues_holder_id_tontine_share_holders_id_fk" FOREIGN KEY ("holder_id") REFERENCES "public"."tontine_share_holders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_operations" ADD CONSTRAINT "tontine_operations_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_operations" ADD CONSTRAINT "tontine_operations_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_operations" ADD CONSTRAINT "tontine_operations_turn_id_tontine_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."tontine_turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_operations" ADD CONSTRAINT "tontine_operations_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_payouts" ADD CONSTRAINT "tontine_payouts_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_payouts" ADD CONSTRAINT "tontine_payouts_turn_id_tontine_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."tontine_turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_payouts" ADD CONSTRAINT "tontine_payouts_holder_id_tontine_share_holders_id_fk" FOREIGN KEY ("holder_id") REFERENCES "public"."tontine_share_holders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_payouts" ADD CONSTRAINT "tontine_payouts_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_payouts" ADD CONSTRAINT "tontine_payouts_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_turn_shares" ADD CONSTRAINT "tontine_turn_shares_turn_id_tontine_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."tontine_turns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_turn_shares" ADD CONSTRAINT "tontine_turn_shares_share_id_tontine_shares_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."tontine_shares"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_turn_shares" ADD CONSTRAINT "tontine_turn_shares_cycle_id_tontine_cycles_id_fk" FOREIGN KEY ("cycle_id") REFERENCES "public"."tontine_cycles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_turns" ADD CONSTRAINT "tontine_turns_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_turns" ADD CONSTRAINT "tontine_turns_cycle_id_tontine_cycles_id_fk" FOREIGN KEY ("cycle_id") REFERENCES "public"."tontine_cycles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_cycles" ADD CONSTRAINT "tontine_cycles_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_cycles" ADD CONSTRAINT "tontine_cycles_rules_id_tontine_rules_id_fk" FOREIGN KEY ("rules_id") REFERENCES "public"."tontine_rules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_edges" ADD CONSTRAINT "tontine_edges_from_fk" FOREIGN KEY ("object","from_state") REFERENCES "public"."tontine_states"("object","state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_edges" ADD CONSTRAINT "tontine_edges_to_fk" FOREIGN KEY ("object","to_state") REFERENCES "public"."tontine_states"("object","state") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_events" ADD CONSTRAINT "tontine_events_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_members" ADD CONSTRAINT "tontine_members_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_members" ADD CONSTRAINT "tontine_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_rules" ADD CONSTRAINT "tontine_rules_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_share_holders" ADD CONSTRAINT "tontine_share_holders_share_id_tontine_shares_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."tontine_shares"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_share_holders" ADD CONSTRAINT "tontine_share_holders_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_shares" ADD CONSTRAINT "tontine_shares_cycle_id_tontine_cycles_id_fk" FOREIGN KEY ("cycle_id") REFERENCES "public"."tontine_cycles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_signatures" ADD CONSTRAINT "tontine_signatures_rules_id_tontine_rules_id_fk" FOREIGN KEY ("rules_id") REFERENCES "public"."tontine_rules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_signatures" ADD CONSTRAINT "tontine_signatures_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_signatures" ADD CONSTRAINT "tontine_signatures_signed_by_user_id_users_id_fk" FOREIGN KEY ("signed_by_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontines" ADD CONSTRAINT "tontines_currency_currencies_code_fk" FOREIGN KEY ("currency") REFERENCES "public"."currencies"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontines" ADD CONSTRAINT "tontines_founder_user_id_users_id_fk" FOREIGN KEY ("founder_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tontine_debts_debtor" ON "tontine_debts" USING btree ("debtor_member_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_guarantees_live_key" ON "tontine_guarantees" USING btree ("member_id") WHERE "tontine_guarantees"."state" in ('offered', 'signed', 'called');--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_mandates_live_key" ON "tontine_mandates" USING btree ("member_id") WHERE "tontine_mandates"."state" <> 'ended';--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_due_payments_mandate_key" ON "tontine_due_payments" USING btree ("due_id") WHERE "tontine_due_payments"."mandate_id" is not null;--> statement-breakpoint
CREATE INDEX "tontine_dues_holder" ON "tontine_dues" USING btree ("holder_id","due_at");--> statement-breakpoint
CREATE INDEX "tontine_dues_open" ON "tontine_dues" USING btree ("due_at") WHERE "tontine_dues"."state" in ('open', 'part', 'late');--> statement-breakpoint
CREATE INDEX "tontine_operations_group" ON "tontine_operations" USING btree ("tontine_id","operation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_payouts_key" ON "tontine_payouts" USING btree ("turn_id","holder_id","instalment") WHERE "tontine_payouts"."state" in ('proposed', 'posted');--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_payouts_proposed_key" ON "tontine_payouts" USING btree ("turn_id","holder_id") WHERE "tontine_payouts"."state" = 'proposed';--> statement-breakpoint
CREATE INDEX "tontine_payouts_member" ON "tontine_payouts" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "tontine_turn_shares_turn" ON "tontine_turn_shares" USING btree ("turn_id");--> statement-breakpoint
CREATE INDEX "tontine_turns_open" ON "tontine_turns" USING btree ("due_at") WHERE "tontine_turns"."state" not in ('closed', 'cancelled');--> statement-breakpoint
CREATE INDEX "tontine_events_group" ON "tontine_events" USING btree ("tontine_id","id");--> statement-breakpoint
CREATE INDEX "tontine_members_account" ON "tontine_members" USING btree ("user_id") WHERE "tontine_members"."user_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_members_chair_key" ON "tontine_members" USING btree ("tontine_id") WHERE 'chair' = any (roles);--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_members_treasurer_key" ON "tontine_members" USING btree ("tontine_id") WHERE 'treasurer' = any (roles);--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_members_secretary_key" ON "tontine_members" USING btree ("tontine_id") WHERE 'secretary' = any (roles);--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_members_auditor_key" ON "tontine_members" USING btree ("tontine_id") WHERE 'auditor' = any (roles);--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_share_holders_key" ON "tontine_share_holders" USING btree ("share_id","member_id") WHERE "tontine_share_holders"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "tontine_share_holders_member" ON "tontine_share_holders" USING btree ("member_id");