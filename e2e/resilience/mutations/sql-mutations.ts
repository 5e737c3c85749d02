import { mutationsIn } from "./mutation";

/** Defects of SQL, which Stryker doesn't change. At most forty, and none that a control of `races` makes. */
export const SQL_MUTATIONS = mutationsIn(`
# db/migrations/0002_ledger_posting.sql | function ledger_post( | lib/ledger/ledger.db.test.ts
a balance may go one below its minimum balance
- - amount < minimum_balances[source_index]
+ - amount < minimum_balances[source_index] - 1
a refused entry keeps some of its postings
- undo_at := k - 1;
+ undo_at := cursor_at - 1;
a posting may have another currency than its accounts
- verdict := 'currency_mismatch';
+ verdict := 'posted';
# db/migrations/0002_ledger_posting.sql | function ledger_same_postings( | lib/ledger/ledger.db.test.ts
an entry of the same source and step with another amount is a replay
- and x.amount = p_amounts[span.skipped + x.position]
# db/migrations/0002_ledger_posting.sql | function ledger_open_accounts( | lib/ledger/ledger.db.test.ts
an account may be opened again with another minimum balance
- or known.minimum_balance is distinct from n.minimum_balance
# db/migrations/0002_ledger_posting.sql | function ledger_checkpoint( | lib/ledger/ledger.db.test.ts
a checkpoint adds outgoing amounts instead of subtracting them
- select -v.amount
+ select v.amount
# db/migrations/0002_ledger_posting.sql | function ledger_checkpoint( | lib/ledger/uncommitted-postings.db.test.ts
a checkpoint doesn't wait for postings in flight
- if not ledger_writers_end(array['ledger_entries']::regclass[]) then return 0; end if;
postings wait until a checkpoint is committed
- if not ledger_writers_end(array['ledger_entries']::regclass[]) then return 0; end if;
+ lock table ledger_entries in share mode;
# db/migrations/0005_sealing.sql | function ledger_seal_lines( | lib/ledger/sealing/covered-columns.db.test.ts
seals don't cover amounts
- m.amount::text as amount
+ '1' as amount
seals don't cover an operation's counterparty
- o.counterparty_wallet_id::text as counterparty
+ null::text as counterparty
# db/migrations/0005_sealing.sql | function ledger_seal_line( | lib/ledger/sealing/seals.db.test.ts
a seal isn't chained to the previous one
- encode(p_seal.previous_root, 'hex') as previous
+ repeat('00', 32) as previous
# db/migrations/0005_sealing.sql | function ledger_seal( | lib/ledger/sealing/seals.db.test.ts
a range is sealed while transactions still write to it
- end::regclass[]) then return null;
+ end::regclass[]) then perform 1;
# db/migrations/0001_operation_kinds.sql | insert into operation_edges | lib/services/withdrawals/withdrawals.db.test.ts
a withdrawal that was never submitted may be refunded
- ('withdrawal', 'created', 'paid'),
+ ('withdrawal', 'created', 'paid'), ('withdrawal', 'created', 'refunded'),
# db/migrations/0001_operation_kinds.sql | function keep_operation( | lib/services/withdrawals/withdrawals.db.test.ts
amount and fee of an operation may change
- new.amount_minor, new.fee_minor,
+ old.amount_minor, old.fee_minor,
# db/migrations/0001_operation_kinds.sql | function start_operation( | lib/services/transfers/transfer-rows.db.test.ts
the application role may insert transfers directly
- new.type = 'transfer' and
+ false and
# db/migrations/0012_notices.sql | function write_operation_notices( | lib/services/notices/record-notice.db.test.ts
a transfer is told to its sender twice instead of to its recipient
- else o.counterparty_wallet_id end
+ else o.wallet_id end
# db/migrations/0004_append_only.sql | function keep_vault( | lib/services/vaults/vault-locks.db.test.ts
the database lets a vault's lock be shortened
- or new.locked_until < old.locked_until
# db/migrations/0014_recovery.sql | function transfer_post( | lib/services/transfers/transfers.db.test.ts
a frozen user can send transfers
- or n.user_frozen_at is not null
an idempotency key is replayed for another transfer
- k.input_hash = decode(n.hash, 'hex') as is_same
+ true as is_same
a replayed transfer moves money again
- verdicts[known_key.position] := 'replayed';
+ verdicts[known_key.position] := null;
a refused transfer keeps its idempotency key
- and n.verdict not in ('posted', 'replayed', 'mismatch')
+ and false
# db/migrations/0014_recovery.sql | function money_out_left( | lib/services/money-out-limits/money-out-limits.db.test.ts
a limit on money out is counted without a lock
- order by l.id for update
what an API key sent counts towards a person's limit
- and (select v.actor from operation_events v where v.operation_id = o.id order by v.id limit 1) not like 'key:%'
money that was sent before a limit counts
- and o.id > l.after_operation_id
# db/migrations/0014_recovery.sql | function transfer_post( | lib/services/money-out-limits/money-out-limits.db.test.ts
a transfer isn't held to a limit on money out
- if item.amount > left_minor then
+ if false then
a list counts each of its transfers for itself
- left_minor := left_minor - item.amount;
# db/migrations/0009_wallet_freeze.sql | function transfer_post_list( | lib/services/transfers/transfer-lists.db.test.ts
an idempotency key is replayed for another list of transfers
- when k.input_hash = decode(p_hash, 'hex') and
+ when
# db/migrations/0000_schema.sql | unique index ledger_entries_source_step_key | lib/ledger/uncommitted-postings.db.test.ts
an entry may be posted twice for one source and step
- unique index
+ index
# db/migrations/0000_schema.sql | table idempotency_keys | lib/services/transfers/transfers.db.test.ts
idempotency keys are shared by all users
- primary key("user_id","key")
+ primary key("key")
# db/migrations/0004_append_only.sql | trigger ledger_postings_append_only | lib/ledger/ledger.db.test.ts
a posting may be updated
- before update or delete
+ before delete
# db/migrations/0006_application_grants.sql | grant select on ledger_accounts | lib/ledger/ledger.db.test.ts
the application role may write balances directly
- grant select on
+ grant select, update on
# lib/ledger/store.ts | readStatement | ledger.db.test.ts
a statement page repeats an incoming posting
- and m.to_version <
+ and m.to_version <=
a statement page repeats an outgoing posting
- and m.from_version <
+ and m.from_version <=
# lib/ledger/integrity/store.ts | AUDIT_CHECKS | audit.db.test.ts
the audit overlooks a balance below its minimum balance
- where balance < minimum_balance
+ where false
the audit overlooks a gap between running balances
- gap <> 0 or step <> 1
+ step <> 1
the audit overlooks a skipped version
- gap <> 0 or step <> 1
+ gap <> 0
the audit overlooks a withdrawal that is settled and refunded
- or (state = 'refunded' and (not refunded or (settled and reason <> 'reversed') or frozen <> free))
the audit overlooks currencies that don't sum to zero
- else balance end) <> 0
+ else balance end) is null
# db/run-migrations.ts | apply | run-migrations.db.test.ts
a migration waits for its lock without a timeout
- set local lock_timeout =
+ select
# lib/services/withdrawals/store.ts | selectStaleWithoutJob | requeue-withdrawals.db.test.ts
the sweep over withdrawals begins their back-off anew
- where j.key =
+ where false and j.key =
`);
