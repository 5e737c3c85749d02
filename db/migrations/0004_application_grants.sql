-- The application's role owns nothing: it reads the ledger and executes its functions, and writes what is its own.
-- The role itself is made by db/roles.ts, which also gives it a password.
revoke create on schema public from public;
--> statement-breakpoint
grant usage on schema public to cauris_app;
--> statement-breakpoint
revoke execute on all functions in schema public from public;
--> statement-breakpoint
grant execute on function ledger_open_accounts, ledger_post, ledger_checkpoint, ledger_balance, ledger_balance_at,
  operation_edge_allowed to cauris_app;
--> statement-breakpoint
grant select on ledger_accounts, ledger_entries, ledger_postings, ledger_checkpoints to cauris_app;
--> statement-breakpoint
grant select, insert, update on users, identities, sessions, wallets, operations, quotes, webhook_events to cauris_app;
--> statement-breakpoint
grant select, insert on operation_events, idempotency_keys to cauris_app;
--> statement-breakpoint
grant select, insert, update, delete on rate_limits to cauris_app;
