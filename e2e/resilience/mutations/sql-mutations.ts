import { type Mutation, mutationsOf } from "./mutation";

const SCHEMA = "db/migrations/0000_schema.sql";
const OPERATION_KINDS = "db/migrations/0001_operation_kinds.sql";
const LEDGER_POSTING = "db/migrations/0002_ledger_posting.sql";
/** Where the transfers' functions got their present form. */
const TRANSFER_POSTING = "db/migrations/0014_recovery.sql";
/** Where the list's function got its present form. */
const TRANSFER_LISTS = "db/migrations/0009_wallet_freeze.sql";
const APPEND_ONLY = "db/migrations/0004_append_only.sql";
const SEALING = "db/migrations/0005_sealing.sql";
const GRANTS = "db/migrations/0006_application_grants.sql";

const LEDGER = "lib/ledger/ledger.db.test.ts";
const UNCOMMITTED_POSTINGS = "lib/ledger/uncommitted-postings.db.test.ts";
const TRANSFERS = "lib/services/transfers/transfers.db.test.ts";
const WITHDRAWALS = "lib/services/withdrawals/withdrawals.db.test.ts";
const MONEY_OUT_LIMITS = "lib/services/money-out-limits/money-out-limits.db.test.ts";
const LOCKS = "lib/services/vaults/vault-locks.db.test.ts";

const LEDGER_POST = "function ledger_post(";
const TRANSFER_POST = "function transfer_post(";
const ROW_LOCKS = "order by id for no key update";
const WAIT_FOR_WRITERS =
  "if not ledger_writers_end(array['ledger_entries']::regclass[]) then return 0; end if;";

/** The functions that post, checkpoint and seal. */
const LEDGER_FUNCTIONS: readonly Mutation[] = [
  ...mutationsOf(LEDGER_POSTING, LEDGER_POST, LEDGER, {
    "accounts aren't locked during posting": [ROW_LOCKS, "order by id"],
    "accounts are locked in random order": [ROW_LOCKS, "order by random() for no key update"],
    "a balance may go one below its minimum balance": [
      "- amount < minimum_balances[source_index]",
      "- amount < minimum_balances[source_index] - 1",
    ],
    "a refused entry keeps some of its postings": ["undo_at := k - 1;", "undo_at := cursor_at - 1;"],
    "a posting may have another currency than its accounts": [
      "verdict := 'currency_mismatch';",
      "verdict := 'posted';",
    ],
  }),
  ...mutationsOf(LEDGER_POSTING, "function ledger_same_postings(", LEDGER, {
    "an entry of the same source and step with another amount is a replay":
      "and x.amount = p_amounts[span.skipped + x.position]",
  }),
  ...mutationsOf(LEDGER_POSTING, "function ledger_open_accounts(", LEDGER, {
    "an account may be opened again with another minimum balance":
      "or known.minimum_balance is distinct from n.minimum_balance",
  }),
  ...mutationsOf(LEDGER_POSTING, "function ledger_checkpoint(", LEDGER, {
    "a checkpoint adds outgoing amounts instead of subtracting them": ["select -v.amount", "select v.amount"],
  }),
  ...mutationsOf(LEDGER_POSTING, "function ledger_checkpoint(", UNCOMMITTED_POSTINGS, {
    "a checkpoint doesn't wait for postings in flight": WAIT_FOR_WRITERS,
    "postings wait until a checkpoint is committed": [
      WAIT_FOR_WRITERS,
      "lock table ledger_entries in share mode;",
    ],
  }),
  ...mutationsOf(SEALING, "function ledger_seal_lines(", "lib/ledger/sealing/covered-columns.db.test.ts", {
    "seals don't cover amounts": ["m.amount::text as amount", "'1' as amount"],
    "seals don't cover an operation's counterparty": [
      "o.counterparty_wallet_id::text as counterparty",
      "null::text as counterparty",
    ],
  }),
  ...mutationsOf(SEALING, "function ledger_seal_line(", "lib/ledger/sealing/seals.db.test.ts", {
    "a seal isn't chained to the previous one": [
      "encode(p_seal.previous_root, 'hex') as previous",
      "repeat('00', 32) as previous",
    ],
  }),
  ...mutationsOf(SEALING, "function ledger_seal(", "lib/ledger/sealing/seals.db.test.ts", {
    "a range is sealed while transactions still write to it": [
      "end::regclass[]) then return null;",
      "end::regclass[]) then perform 1;",
    ],
  }),
];

/** What the database checks of operations, transfers and vaults. */
const OPERATION_RULES: readonly Mutation[] = [
  ...mutationsOf(OPERATION_KINDS, "insert into operation_edges", WITHDRAWALS, {
    "a withdrawal that was never submitted may be refunded": [
      "('withdrawal', 'created', 'paid'),",
      "('withdrawal', 'created', 'paid'), ('withdrawal', 'created', 'refunded'),",
    ],
  }),
  ...mutationsOf(OPERATION_KINDS, "function keep_operation(", WITHDRAWALS, {
    "amount and fee of an operation may change": [
      "new.amount_minor, new.fee_minor,",
      "old.amount_minor, old.fee_minor,",
    ],
  }),
  ...mutationsOf(
    OPERATION_KINDS,
    "function start_operation(",
    "lib/services/transfers/transfer-rows.db.test.ts",
    {
      "the application role may insert transfers directly": ["new.type = 'transfer' and", "false and"],
    },
  ),
  ...mutationsOf(OPERATION_KINDS, "function start_operation(", LOCKS, {
    "the database lets a locked vault pay out before its date": [
      "v.locked_until > clock_timestamp()",
      "false",
    ],
  }),
  ...mutationsOf(APPEND_ONLY, "function keep_vault(", LOCKS, {
    "the database lets a vault's lock be shortened": "or new.locked_until < old.locked_until",
  }),
  ...mutationsOf(TRANSFER_POSTING, TRANSFER_POST, TRANSFERS, {
    "a frozen user can send transfers": "or n.user_frozen_at is not null",
    "an idempotency key is replayed for another transfer": [
      "k.input_hash = decode(n.hash, 'hex') as is_same",
      "true as is_same",
    ],
    "a replayed transfer moves money again": [
      "verdicts[known_key.position] := 'replayed';",
      "verdicts[known_key.position] := null;",
    ],
    "a refused transfer keeps its idempotency key": [
      "and n.verdict not in ('posted', 'replayed', 'mismatch')",
      "and false",
    ],
  }),
  ...mutationsOf(TRANSFER_POSTING, "function money_out_left(", MONEY_OUT_LIMITS, {
    "a limit on money out is counted without a lock": "order by l.id for update",
    "what an API key sent counts towards a person's limit": [
      "and (select v.actor from operation_events v where v.operation_id = o.id order by v.id limit 1) not like 'key:%'",
      "",
    ],
    "money that was sent before a limit counts": "and o.id > l.after_operation_id",
  }),
  ...mutationsOf(TRANSFER_POSTING, TRANSFER_POST, MONEY_OUT_LIMITS, {
    "a transfer isn't held to a limit on money out": ["if item.amount > left_minor then", "if false then"],
    "a list counts each of its transfers for itself": "left_minor := left_minor - item.amount;",
  }),
  ...mutationsOf(
    TRANSFER_LISTS,
    "function transfer_post_list(",
    "lib/services/transfers/transfer-lists.db.test.ts",
    {
      "an idempotency key is replayed for another list of transfers": [
        "when k.input_hash = decode(p_hash, 'hex') and",
        "when",
      ],
    },
  ),
];

/** Unique keys, triggers and grants. */
const CONSTRAINTS: readonly Mutation[] = [
  ...mutationsOf(SCHEMA, "unique index ledger_entries_reverses_key", LEDGER, {
    "an entry may be reversed twice": ["unique index", "index"],
  }),
  ...mutationsOf(SCHEMA, "unique index ledger_entries_source_step_key", UNCOMMITTED_POSTINGS, {
    "an entry may be posted twice for one source and step": ["unique index", "index"],
  }),
  ...mutationsOf(
    SCHEMA,
    "unique index webhook_events_key",
    "lib/services/provider-events/paystack.db.test.ts",
    {
      "a redelivered event is stored again": ["unique index", "index"],
    },
  ),
  ...mutationsOf(SCHEMA, "table idempotency_keys", TRANSFERS, {
    "idempotency keys are shared by all users": ['primary key("user_id","key")', 'primary key("key")'],
  }),
  ...mutationsOf(APPEND_ONLY, "trigger ledger_postings_append_only", LEDGER, {
    "a posting may be updated": ["before update or delete", "before delete"],
  }),
  ...mutationsOf(GRANTS, "grant select on ledger_accounts", LEDGER, {
    "the application role may write balances directly": ["grant select on", "grant select, update on"],
  }),
];

/** SQL inside of TypeScript. */
const QUERIES: readonly Mutation[] = [
  ...mutationsOf("lib/ledger/store.ts", "readStatement", LEDGER, {
    "a statement page repeats an incoming posting": ["and m.to_version <", "and m.to_version <="],
    "a statement page repeats an outgoing posting": ["and m.from_version <", "and m.from_version <="],
  }),
  ...mutationsOf("lib/ledger/integrity/store.ts", "AUDIT_CHECKS", "audit.db.test.ts", {
    "the audit overlooks a balance below its minimum balance": [
      "where balance < minimum_balance",
      "where false",
    ],
    "the audit overlooks a gap between running balances": ["gap <> 0 or step <> 1", "step <> 1"],
    "the audit overlooks a skipped version": ["gap <> 0 or step <> 1", "gap <> 0"],
    "the audit overlooks a withdrawal that is settled and refunded":
      "or (state = 'refunded' and (not refunded or (settled and reason <> 'reversed') or frozen <> free))",
    "the audit overlooks currencies that don't sum to zero": [
      "else balance end) <> 0",
      "else balance end) is null",
    ],
  }),
  ...mutationsOf("db/run-migrations.ts", "apply", "run-migrations.db.test.ts", {
    "a migration waits for its lock without a timeout": ["set local lock_timeout =", "select"],
  }),
  ...mutationsOf(
    "lib/services/withdrawals/store.ts",
    "selectStaleWithoutJob",
    "requeue-withdrawals.db.test.ts",
    {
      "the sweep over withdrawals begins their back-off anew": ["where j.key =", "where false and j.key ="],
    },
  ),
];

/** Defects of SQL, which Stryker doesn't change. At most forty. */
export const SQL_MUTATIONS: readonly Mutation[] = [
  ...LEDGER_FUNCTIONS,
  ...OPERATION_RULES,
  ...CONSTRAINTS,
  ...QUERIES,
];
