import { type Mutation, mutationsOf } from "./mutation";
import { inQuery, inStatement } from "./sql-change";

const LEDGER = ["lib/ledger/ledger.db.test.ts"];
const HELD_POSTINGS = ["lib/ledger/held-postings.db.test.ts"];
const TRANSFERS = ["lib/services/transfers/transfers.db.test.ts"];
const WITHDRAWALS = ["lib/services/withdrawals/withdrawals.db.test.ts"];
const LOCKS = ["lib/services/vaults/vault-locks.db.test.ts"];
const COLUMNS = ["lib/ledger/sealing/covered-columns.db.test.ts"];
const SEALS = ["lib/ledger/sealing/seals.db.test.ts"];

const SCHEMA = "db/migrations/0000_schema.sql";
const OPERATION_KINDS = "db/migrations/0001_operation_kinds.sql";
const LEDGER_POSTING = "db/migrations/0002_ledger_posting.sql";
const TRANSFER_POSTING = "db/migrations/0003_transfer_posting.sql";
const APPEND_ONLY = "db/migrations/0004_append_only.sql";
const SEALING = "db/migrations/0005_sealing.sql";
const GRANTS = "db/migrations/0006_application_grants.sql";

const LEDGER_POST = "function ledger_post(";
const WAIT_FOR_WRITERS =
  "if not ledger_writers_end(array['ledger_entries']::regclass[]) then return 0; end if;";

/** The posting function. */
const POSTING: readonly Mutation[] = [
  ...mutationsOf(LEDGER_POSTING, LEDGER, [
    {
      name: "accounts aren't locked during posting",
      change: inStatement(LEDGER_POST, "order by id for no key update", "order by id"),
      only: "exactly 10 win, and nothing is overdrawn",
    },
    {
      name: "accounts are locked in random order",
      change: inStatement(
        LEDGER_POST,
        "order by id for no key update",
        "order by random() for no key update",
      ),
      only: "opposite transfers between the same accounts",
    },
    {
      name: "a balance may go one below its minimum balance",
      change: inStatement(
        LEDGER_POST,
        "- amount < minimum_balances[source_index]",
        "- amount < minimum_balances[source_index] - 1",
      ),
      only: "refuses to go below the minimum balance",
    },
    {
      name: "an entry of the same source and step with another amount is a replay",
      change: inStatement(
        "function ledger_same_postings(",
        "and x.amount = p_amounts[span.skipped + x.position]",
        "",
      ),
      only: "tells a replay from an entry of the same name",
    },
    {
      name: "a refused entry keeps some of its postings",
      change: inStatement(LEDGER_POST, "undo_at := k - 1;", "undo_at := cursor_at - 1;"),
      only: "takes back all postings of an entry",
    },
    {
      name: "a posting may have another currency than its accounts",
      change: inStatement(LEDGER_POST, "verdict := 'currency_mismatch';", "verdict := 'posted';"),
      only: "answers each entry of a list for itself",
    },
    {
      name: "an account may be opened again with another minimum balance",
      change: inStatement(
        "function ledger_open_accounts(",
        "or known.minimum_balance is distinct from n.minimum_balance",
        "",
      ),
      only: "refuses to open it with another currency or minimum balance",
    },
    {
      name: "a checkpoint adds outgoing amounts instead of subtracting them",
      change: inStatement("function ledger_checkpoint(", "select -v.amount", "select v.amount"),
      only: "exact before and after each checkpoint",
    },
  ]),
  ...mutationsOf(LEDGER_POSTING, HELD_POSTINGS, [
    {
      name: "a checkpoint doesn't wait for postings in flight",
      change: inStatement("function ledger_checkpoint(", WAIT_FOR_WRITERS, ""),
      only: "waits for a posting that has its number",
    },
    {
      name: "postings wait until a checkpoint is committed",
      change: inStatement(
        "function ledger_checkpoint(",
        WAIT_FOR_WRITERS,
        "lock table ledger_entries in share mode;",
      ),
      only: "postings go on",
    },
  ]),
];

/** Unique keys, triggers and grants. */
const CONSTRAINTS: readonly Mutation[] = [
  ...mutationsOf(SCHEMA, LEDGER, [
    {
      name: "an entry may be reversed twice",
      change: inStatement("unique index ledger_entries_reverses_key", "unique index", "index"),
      only: "an entry is reversed once at most",
    },
  ]),
  ...mutationsOf(SCHEMA, HELD_POSTINGS, [
    {
      name: "an entry may be posted twice for one source and step",
      change: inStatement("unique index ledger_entries_source_step_key", "unique index", "index"),
    },
  ]),
  ...mutationsOf(
    SCHEMA,
    ["lib/services/provider-events/paystack.db.test.ts"],
    [
      {
        name: "a redelivered event is stored again",
        change: inStatement("unique index webhook_events_key", "unique index", "index"),
        only: "told three times",
      },
    ],
  ),
  ...mutationsOf(SCHEMA, TRANSFERS, [
    {
      name: "idempotency keys are shared by all users",
      change: inStatement("table idempotency_keys", 'primary key("user_id","key")', 'primary key("key")'),
      only: "another user's same key",
    },
  ]),
  ...mutationsOf(APPEND_ONLY, LEDGER, [
    {
      name: "a posting may be updated",
      change: inStatement("trigger ledger_postings_append_only", "before update or delete", "before delete"),
      only: "append-only",
    },
  ]),
  ...mutationsOf(GRANTS, LEDGER, [
    {
      name: "the application role may write balances directly",
      change: inStatement("grant select on ledger_accounts", "grant select on", "grant select, update on"),
      only: "append-only",
    },
  ]),
];

/** What the database checks of operations, transfers and vaults. */
const OPERATIONS: readonly Mutation[] = [
  ...mutationsOf(OPERATION_KINDS, WITHDRAWALS, [
    {
      name: "a withdrawal that was never submitted may be refunded",
      change: inStatement(
        "insert into operation_edges",
        "('withdrawal', 'created', 'paid'),",
        "('withdrawal', 'created', 'paid'), ('withdrawal', 'created', 'refunded'),",
      ),
      only: "refuses the edge",
    },
    {
      name: "amount and fee of an operation may change",
      change: inStatement(
        "function keep_operation(",
        "new.amount_minor, new.fee_minor,",
        "old.amount_minor, old.fee_minor,",
      ),
      only: "refuses to change what was requested",
    },
  ]),
  ...mutationsOf(
    OPERATION_KINDS,
    ["lib/services/transfers/transfer-rows.db.test.ts"],
    [
      {
        name: "the application role may insert transfers directly",
        change: inStatement("function start_operation(", "new.type = 'transfer' and", "false and"),
      },
    ],
  ),
  ...mutationsOf(OPERATION_KINDS, LOCKS, [
    {
      name: "the database lets a locked vault pay out before its date",
      change: inStatement("function start_operation(", "v.locked_until > clock_timestamp()", "false"),
      only: "the database refuses that by itself",
    },
  ]),
  ...mutationsOf(APPEND_ONLY, LOCKS, [
    {
      name: "the database lets a vault's lock be shortened",
      change: inStatement("function keep_vault(", "or new.locked_until < old.locked_until", ""),
      only: "the database refuses that by itself",
    },
  ]),
  ...mutationsOf(TRANSFER_POSTING, TRANSFERS, [
    {
      name: "a frozen user can send transfers",
      change: inStatement("function transfer_post(", "or n.sender_frozen_at is not null", ""),
      only: "a frozen person neither sends nor receives",
    },
    {
      name: "an idempotency key is replayed for another transfer",
      change: inStatement(
        "function transfer_post(",
        "k.input_hash = decode(n.hash, 'hex') as is_same",
        "true as is_same",
      ),
      only: "for another recipient is refused",
    },
    {
      name: "a replayed transfer moves money again",
      change: inStatement(
        "function transfer_post(",
        "verdicts[known_key.position] := 'replayed';",
        "verdicts[known_key.position] := null;",
      ),
      only: "twenty times at once moves once",
    },
    {
      name: "a refused transfer keeps its idempotency key",
      change: inStatement(
        "function transfer_post(",
        "and n.verdict not in ('posted', 'replayed', 'mismatch')",
        "and false",
      ),
      only: "stands for one transfer even after a refusal",
    },
  ]),
  ...mutationsOf(
    TRANSFER_POSTING,
    ["lib/services/transfers/transfer-lists.db.test.ts"],
    [
      {
        name: "an idempotency key is replayed for another list of transfers",
        change: inStatement(
          "function transfer_post_list(",
          "when k.input_hash = decode(p_hash, 'hex') and",
          "when",
        ),
        only: "with its key and",
      },
    ],
  ),
];

const SEAL_FUNCTIONS: readonly Mutation[] = [
  ...mutationsOf(SEALING, COLUMNS, [
    {
      name: "seals don't cover amounts",
      change: inStatement("function ledger_seal_lines(", "m.amount::text as amount", "'1' as amount"),
    },
    {
      name: "seals don't cover an operation's counterparty",
      change: inStatement(
        "function ledger_seal_lines(",
        "o.counterparty_wallet_id::text as counterparty",
        "null::text as counterparty",
      ),
    },
  ]),
  ...mutationsOf(SEALING, SEALS, [
    {
      name: "a seal isn't chained to the previous one",
      change: inStatement(
        "function ledger_seal_line(",
        "encode(p_seal.previous_root, 'hex') as previous",
        "repeat('00', 32) as previous",
      ),
    },
    {
      name: "a range is sealed while transactions still write to it",
      change: inStatement(
        "function ledger_seal(",
        "end::regclass[]) then return null;",
        "end::regclass[]) then perform 1;",
      ),
    },
  ]),
];

/** SQL inside of TypeScript. */
const QUERIES: readonly Mutation[] = [
  ...mutationsOf("lib/ledger/store.ts", LEDGER, [
    {
      name: "a statement page repeats an incoming posting",
      change: inQuery("readStatement", "and m.to_version <", "and m.to_version <="),
      only: "pages an account's statement",
    },
    {
      name: "a statement page repeats an outgoing posting",
      change: inQuery("readStatement", "and m.from_version <", "and m.from_version <="),
      only: "pages an account's statement",
    },
  ]),
  ...mutationsOf(
    "lib/ledger/integrity/store.ts",
    ["lib/ledger/integrity/audit.db.test.ts"],
    [
      {
        name: "the audit overlooks a balance below its minimum balance",
        change: inQuery("AUDIT_CHECKS", "where balance < minimum_balance", "where false"),
        only: "keeps every promise",
      },
      {
        name: "the audit overlooks a gap between running balances",
        change: inQuery("AUDIT_CHECKS", "gap <> 0 or step <> 1", "step <> 1"),
        only: "that doesn't follow from the one before it",
      },
      {
        name: "the audit overlooks a skipped version",
        change: inQuery("AUDIT_CHECKS", "gap <> 0 or step <> 1", "gap <> 0"),
        only: "that doesn't follow from the one before it",
      },
      {
        name: "the audit overlooks a withdrawal that is settled and refunded",
        change: inQuery(
          "AUDIT_CHECKS",
          "or (state = 'refunded' and (not refunded or (settled and reason <> 'reversed') or frozen <> free))",
          "",
        ),
        only: "finds each way",
      },
      {
        name: "the audit overlooks currencies that don't sum to zero",
        change: inQuery("AUDIT_CHECKS", "else balance end) <> 0", "else balance end) is null"),
        only: "keeps every promise",
      },
    ],
  ),
  ...mutationsOf(
    "db/run-migrations.ts",
    ["db/run-migrations.db.test.ts"],
    [
      {
        name: "a migration waits for its lock without a timeout",
        change: inQuery("apply", "set local lock_timeout =", "select"),
        only: "don't keep writers queueing",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/withdrawals/store.ts",
    ["lib/services/withdrawals/requeue-withdrawals.db.test.ts"],
    [
      {
        name: "the sweep over withdrawals begins their back-off anew",
        change: inQuery("selectStaleWithoutJob", "where j.key =", "where false and j.key ="),
        only: "keeps its job and its back-off",
      },
    ],
  ),
];

/** Defects of SQL, which Stryker doesn't change. */
export const SQL_MUTATIONS: readonly Mutation[] = [
  ...POSTING,
  ...CONSTRAINTS,
  ...OPERATIONS,
  ...SEAL_FUNCTIONS,
  ...QUERIES,
];
