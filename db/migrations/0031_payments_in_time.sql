-- Top-ups that were paid before a due time and credited later: when they were paid, and payments of dues that are given back.
create table "deposit_payments" (
  "operation_id" bigint primary key not null constraint "deposit_payments_operation_id_operations_id_fk" references operations (id),
  "wallet_id" bigint not null,
  "paid_at" timestamp (6) with time zone not null,
  "credited_at" timestamp (6) with time zone not null,
  constraint "deposit_payments_order" check ("deposit_payments"."paid_at" <= "deposit_payments"."credited_at")
);
--> statement-breakpoint
create index "deposit_payments_wallet" on "deposit_payments" ("wallet_id", "credited_at");
--> statement-breakpoint
create table "tontine_returns" (
  "id" bigint primary key generated always as identity,
  "payment_id" bigint not null constraint "tontine_returns_payment_id_tontine_due_payments_id_fk" references tontine_due_payments (id),
  "entry_id" bigint not null,
  "operation_id" bigint constraint "tontine_returns_operation_id_operations_id_fk" references operations (id),
  "created_at" timestamp (6) with time zone default clock_timestamp() not null,
  constraint "tontine_returns_payment_key" unique ("payment_id"),
  constraint "tontine_returns_entry_key" unique ("entry_id")
);
--> statement-breakpoint
insert into tontine_states (object, state, is_initial) values ('due', 'returned', false);
--> statement-breakpoint
insert into tontine_edges (object, from_state, to_state) values
  ('due', 'part', 'returned'),
  ('due', 'late', 'returned'),
  ('due', 'paid', 'returned'),
  ('due', 'covered', 'returned'),
  ('due', 'repaid', 'returned');
--> statement-breakpoint
create trigger deposit_payments_append_only before update or delete on deposit_payments for each row execute function refuse_change();
--> statement-breakpoint
create trigger deposit_payments_no_truncate before truncate on deposit_payments for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_returns_append_only before update or delete on tontine_returns for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_returns_no_truncate before truncate on tontine_returns for each statement execute function refuse_change();
--> statement-breakpoint
grant select, insert on deposit_payments, tontine_returns to cauris_app;
