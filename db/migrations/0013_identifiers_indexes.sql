-- outside a transaction
-- One verified owner of an address and of a number; one account that claims an address without having verified it.
alter table users validate constraint users_email_verified;
--> statement-breakpoint
alter table users validate constraint users_phone_verified;
--> statement-breakpoint
drop index concurrently if exists users_email_verified_key;
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY "users_email_verified_key" ON "users" USING btree ("email") WHERE "users"."email_verified_at" is not null;
--> statement-breakpoint
drop index concurrently if exists users_email_claimed_key;
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY "users_email_claimed_key" ON "users" USING btree ("email") WHERE "users"."email_verified_at" is null;
--> statement-breakpoint
drop index concurrently if exists users_phone_verified_key;
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY "users_phone_verified_key" ON "users" USING btree ("phone") WHERE "users"."phone_verified_at" is not null;
--> statement-breakpoint
drop index concurrently if exists users_former_phone;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_former_phone" ON "users" USING btree ("former_phone") WHERE "users"."former_phone" is not null;
--> statement-breakpoint
alter table users drop constraint if exists users_email_key;
