-- outside a transaction
-- Who is told of each month's statement.
drop index concurrently if exists notice_choices_monthly;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "notice_choices_monthly" ON "notice_choices" USING btree ("user_id") WHERE "notice_choices"."group" = 'monthly_statements' and "notice_choices"."is_on";
