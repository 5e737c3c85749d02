-- Phone numbers and e-mail addresses that are verified by codes. 0013_identifiers_indexes.sql makes the keys over users.
CREATE TABLE "contact_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"contact_kind" text NOT NULL,
	"contact" text NOT NULL,
	"user_id" bigint,
	"locale" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"sends" integer DEFAULT 1 NOT NULL,
	"sent_at" timestamp (6) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	"proven_at" timestamp (6) with time zone,
	"used_at" timestamp (6) with time zone,
	CONSTRAINT "contact_codes_purpose" CHECK ("contact_codes"."purpose" in ('sign_up', 'verify_contact', 'recover_password', 'reset_pin')),
	CONSTRAINT "contact_codes_kind" CHECK ("contact_codes"."contact_kind" in ('phone', 'email')),
	CONSTRAINT "contact_codes_tries" CHECK ("contact_codes"."tries" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "started_sign_ups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code_id" uuid NOT NULL,
	"contact_kind" text NOT NULL,
	"contact" text NOT NULL,
	"first_name" text NOT NULL,
	"last_name" text DEFAULT '' NOT NULL,
	"password_hash" text NOT NULL,
	"email" text,
	"locale" text NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	"user_id" bigint,
	CONSTRAINT "started_sign_ups_kind" CHECK ("started_sign_ups"."contact_kind" in ('phone', 'email'))
);
--> statement-breakpoint
CREATE INDEX "contact_codes_expiry" ON "contact_codes" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX "started_sign_ups_expiry" ON "started_sign_ups" USING btree ("expires_at");
--> statement-breakpoint
ALTER TABLE "contact_codes" ADD CONSTRAINT "contact_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "started_sign_ups" ADD CONSTRAINT "started_sign_ups_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "phone_verified_at" timestamp (6) with time zone;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "former_phone" text;
--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_email_verified" CHECK ("users"."email_verified_at" is null or "users"."email" is not null) not valid;
--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_phone_verified" CHECK ("users"."phone_verified_at" is null or "users"."phone" is not null) not valid;
--> statement-breakpoint
grant select, insert, update, delete on contact_codes, started_sign_ups to cauris_app;
