-- Receiving money: who may be paid by phone number, and requests for money with their states.
create table "money_requests" (
  "id" uuid primary key,
  "token_hash" bytea not null,
  "wallet_id" bigint not null constraint "money_requests_wallet_id_wallets_id_fk" references wallets (id),
  "payer_wallet_id" bigint constraint "money_requests_payer_wallet_id_wallets_id_fk" references wallets (id),
  "currency" text not null constraint "money_requests_currency_currencies_code_fk" references currencies (code),
  "amount_minor" bigint not null,
  "note" text,
  "state" text default 'open' not null,
  "payment_reference" text,
  "created_at" timestamp (6) with time zone default clock_timestamp() not null,
  "expires_at" timestamp (6) with time zone not null,
  "closed_at" timestamp (6) with time zone,
  constraint "money_requests_token_hash_key" unique ("token_hash"),
  constraint "money_requests_amount" check ("money_requests"."amount_minor" > 0 and "money_requests"."amount_minor" <= 1000000000000000),
  constraint "money_requests_note" check (length("money_requests"."note") between 1 and 140),
  constraint "money_requests_state" check ("money_requests"."state" in ('open', 'paid', 'declined', 'cancelled')),
  constraint "money_requests_paid" check (("money_requests"."state" = 'paid') = ("money_requests"."payment_reference" is not null)),
  constraint "money_requests_closed" check (("money_requests"."state" = 'open') = ("money_requests"."closed_at" is null)),
  constraint "money_requests_payer" check ("money_requests"."payer_wallet_id" <> "money_requests"."wallet_id"),
  constraint "money_requests_declined" check ("money_requests"."state" <> 'declined' or "money_requests"."payer_wallet_id" is not null)
);
--> statement-breakpoint
create index "money_requests_wallet" on "money_requests" ("wallet_id", "created_at");
--> statement-breakpoint
create index "money_requests_payer_wallet" on "money_requests" ("payer_wallet_id", "created_at") where "money_requests"."payer_wallet_id" is not null;
--> statement-breakpoint
create unique index "money_requests_payment_key" on "money_requests" ("payment_reference") where "money_requests"."payment_reference" is not null;
--> statement-breakpoint
create table "money_request_blocks" (
  "wallet_id" bigint not null constraint "money_request_blocks_wallet_id_wallets_id_fk" references wallets (id),
  "blocked_wallet_id" bigint not null constraint "money_request_blocks_blocked_wallet_id_wallets_id_fk" references wallets (id),
  "created_at" timestamp (6) with time zone default now() not null,
  constraint "money_request_blocks_wallet_id_blocked_wallet_id_pk" primary key ("wallet_id", "blocked_wallet_id"),
  constraint "money_request_blocks_other" check ("money_request_blocks"."wallet_id" <> "money_request_blocks"."blocked_wallet_id")
);
--> statement-breakpoint
-- Off for accounts that exist: nobody is found by a number before they chose it. On for new ones, which read so when they sign up.
alter table "users" add column "is_payable_by_phone" boolean default false not null;
--> statement-breakpoint
alter table "users" alter column "is_payable_by_phone" set default true;
--> statement-breakpoint
alter table "quotes" add column "money_request_id" uuid;
--> statement-breakpoint
alter table "quotes" add constraint "quotes_money_request_id_money_requests_id_fk"
foreign key ("money_request_id") references "money_requests" ("id") not valid;
--> statement-breakpoint
-- A request begins open and leaves that state once, for good; what was asked never changes. It is paid before its date (by the
-- transaction's clock, as the verbs compare it) and only by a transfer of this amount, to the wallet that asked, from the one that was.
create function keep_money_request() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'open' then
      raise exception 'a request for money begins open' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if (new.id, new.token_hash, new.wallet_id, new.payer_wallet_id, new.currency, new.amount_minor, new.note, new.created_at, new.expires_at)
    is distinct from
     (old.id, old.token_hash, old.wallet_id, old.payer_wallet_id, old.currency, old.amount_minor, old.note, old.created_at, old.expires_at)
  then
    raise exception 'what was asked does not change' using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> 'open' or new.state = 'open' then
    raise exception 'a request for money: % does not lead to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.state = 'paid' and (old.expires_at <= now() or not exists (
    select from public.operations o
    where o.reference = new.payment_reference and o.type = 'transfer' and o.counterparty_wallet_id = new.wallet_id
      and o.currency = new.currency and o.amount_minor = new.amount_minor
      and (new.payer_wallet_id is null or o.wallet_id = new.payer_wallet_id))) then
    raise exception 'a request for money is paid by its own transfer, before its date'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger money_requests_keep before insert or update on money_requests
for each row execute function keep_money_request();
--> statement-breakpoint
create trigger money_requests_stay before delete on money_requests for each row execute function keep_row();
--> statement-breakpoint
create trigger money_requests_no_truncate before truncate on money_requests for each statement execute function keep_row();
--> statement-breakpoint
revoke execute on function keep_money_request from public;
--> statement-breakpoint
grant select, insert, update (state, payment_reference, closed_at) on money_requests to cauris_app;
--> statement-breakpoint
grant select, insert, delete on money_request_blocks to cauris_app;
