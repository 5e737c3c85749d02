-- Rights of the application's role. It owns nothing: it reads the ledger and executes its functions, and writes the tables
-- that are its own. db/roles.ts makes the role and sets its password.
revoke create on schema public from public;
--> statement-breakpoint
grant usage on schema public to cauris_app;
--> statement-breakpoint
-- What isn't granted below, the owner alone executes; triggers need no right.
revoke execute on all functions in schema public from public;
--> statement-breakpoint
grant execute on function ledger_open_accounts, ledger_post, ledger_checkpoint, ledger_balance, ledger_balance_at,
  transfer_post, transfer_post_list, ledger_seal, ledger_seal_lines, ledger_seal_digest, ledger_seal_line,
  ledger_address_available, ledger_address_held, ledger_address_vault, ledger_address_clearing, ledger_address_fees,
  ledger_address_suspense, ledger_address_kind to cauris_app;
--> statement-breakpoint
-- What is data about money and operations: read only, also by triggers.
grant select on currencies, operation_types, operation_states, operation_edges to cauris_app;
--> statement-breakpoint
-- The ledger and its seals: read only.
grant select on ledger_accounts, ledger_entries, ledger_postings, ledger_checkpoints, ledger_seals to cauris_app;
--> statement-breakpoint
-- Rows that are written once.
grant select, insert on operation_events, idempotency_keys, payout_switches, decisions to cauris_app;
--> statement-breakpoint
-- The answer to a list is written after its key.
grant update (answer) on idempotency_keys to cauris_app;
--> statement-breakpoint
-- Rows that change and stay; triggers keep what must not change in them.
grant select, insert, update on users, identities, sessions, wallets, vaults, operations, quotes, webhook_events,
  api_keys, api_sessions, refresh_tokens, pins, reconciliation_runs, reconciliation_breaks to cauris_app;
--> statement-breakpoint
grant delete on refresh_tokens, pins to cauris_app;
--> statement-breakpoint
-- Rows that expire or are done with.
grant select, insert, delete on oauth_requests, dead_letter_notices to cauris_app;
--> statement-breakpoint
grant select, insert, update, delete on rate_limits to cauris_app;
