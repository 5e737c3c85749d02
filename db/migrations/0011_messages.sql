-- Messages by SMS, e-mail and push: what is sent, what vendors reported of it, and the browsers that take push messages.
CREATE TABLE "message_reports" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "message_reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"vendor" text NOT NULL,
	"vendor_message_id" text NOT NULL,
	"status" text NOT NULL,
	"code" text NOT NULL,
	"received_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "message_reports_lengths" CHECK (length("message_reports"."vendor_message_id") <= 200 and length("message_reports"."code") <= 80)
);
--> statement-breakpoint
CREATE TABLE "outgoing_messages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outgoing_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"channel" text NOT NULL,
	"recipient" text NOT NULL,
	"user_id" bigint,
	"purpose" text NOT NULL,
	"locale" text NOT NULL,
	"content" "bytea",
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"claimed_until" timestamp (6) with time zone,
	"vendor" text,
	"vendor_message_id" text,
	"failure" text,
	"not_before" timestamp (6) with time zone,
	"expires_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"sent_at" timestamp (6) with time zone,
	"changed_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "outgoing_messages_key_key" UNIQUE("key"),
	CONSTRAINT "outgoing_messages_key_length" CHECK (length("outgoing_messages"."key") between 1 and 200),
	CONSTRAINT "outgoing_messages_recipient_length" CHECK (length("outgoing_messages"."recipient") between 1 and 254),
	CONSTRAINT "outgoing_messages_content" CHECK ("outgoing_messages"."content" is null or "outgoing_messages"."state" in ('waiting', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "push_subscriptions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "push_subscriptions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"endpoint" text NOT NULL,
	"p256dh" text NOT NULL,
	"auth" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "push_subscriptions_endpoint_key" UNIQUE("endpoint"),
	CONSTRAINT "push_subscriptions_endpoint_length" CHECK (length("push_subscriptions"."endpoint") between 1 and 1000),
	CONSTRAINT "push_subscriptions_keys" CHECK (length("push_subscriptions"."p256dh") <= 200 and length("push_subscriptions"."auth") <= 100)
);
--> statement-breakpoint
CREATE TABLE "sms_days" (
	"day" date PRIMARY KEY NOT NULL,
	"calls" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "message_reports_key" ON "message_reports" USING btree ("vendor","vendor_message_id","code");--> statement-breakpoint
CREATE INDEX "message_reports_received" ON "message_reports" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "outgoing_messages_vendor" ON "outgoing_messages" USING btree ("vendor","vendor_message_id");--> statement-breakpoint
CREATE INDEX "outgoing_messages_kept" ON "outgoing_messages" USING btree ("expires_at") WHERE "outgoing_messages"."content" is not null;--> statement-breakpoint
CREATE INDEX "outgoing_messages_created" ON "outgoing_messages" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "outgoing_messages_user" ON "outgoing_messages" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "push_subscriptions_user" ON "push_subscriptions" USING btree ("user_id");
--> statement-breakpoint
grant select, insert, update, delete on outgoing_messages, push_subscriptions to cauris_app;
--> statement-breakpoint
grant select, insert, delete on message_reports to cauris_app;
--> statement-breakpoint
grant select, insert, update on sms_days to cauris_app;
