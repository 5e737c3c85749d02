-- outside a transaction
-- A contribution is put off once a share and cycle.
drop index concurrently if exists tontine_dues_extension_key;
--> statement-breakpoint
create unique index concurrently "tontine_dues_extension_key" on tontine_dues (holder_id) where "tontine_dues"."extended_at" is not null;
