-- Links that show a receipt to whoever has them.
create table "receipt_links" (
  "id" uuid primary key,
  "token_hash" bytea not null,
  "operation_id" bigint not null constraint "receipt_links_operation_id_operations_id_fk" references operations (id),
  "wallet_id" bigint not null constraint "receipt_links_wallet_id_wallets_id_fk" references wallets (id),
  "created_at" timestamp (6) with time zone default clock_timestamp() not null,
  "expires_at" timestamp (6) with time zone not null,
  "revoked_at" timestamp (6) with time zone,
  constraint "receipt_links_token_hash_key" unique ("token_hash"),
  constraint "receipt_links_expiry" check ("receipt_links"."expires_at" > "receipt_links"."created_at")
);
--> statement-breakpoint
create index "receipt_links_operation" on "receipt_links" ("operation_id", "wallet_id");
--> statement-breakpoint
-- A link shows the receipt of one of the operation's two sides, always the same; it is revoked once, for good.
create function keep_receipt_link() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select from public.operations o where o.id = new.operation_id
        and new.wallet_id in (o.wallet_id, coalesce(o.counterparty_wallet_id, o.wallet_id))) then
      raise exception 'a receipt is of one of the operation''s two sides' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if (new.id, new.token_hash, new.operation_id, new.wallet_id, new.created_at, new.expires_at)
    is distinct from (old.id, old.token_hash, old.operation_id, old.wallet_id, old.created_at, old.expires_at)
    or old.revoked_at is not null or new.revoked_at is null then
    raise exception 'a link to a receipt is only revoked, once' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger receipt_links_keep before insert or update on receipt_links
for each row execute function keep_receipt_link();
--> statement-breakpoint
create trigger receipt_links_stay before delete on receipt_links for each row execute function keep_row();
--> statement-breakpoint
create trigger receipt_links_no_truncate before truncate on receipt_links for each statement execute function keep_row();
--> statement-breakpoint
revoke execute on function keep_receipt_link from public;
--> statement-breakpoint
grant select, insert, update (revoked_at) on receipt_links to cauris_app;
