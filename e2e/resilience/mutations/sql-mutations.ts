import { LEDGER_SQL_MUTATIONS } from "./ledger-sql-mutations";
import { type Mutation, mutationsOf } from "./mutation";
import { OPERATION_SQL_MUTATIONS } from "./operation-sql-mutations";
import { inQuery, inStatement } from "./sql-change";

const LEDGER = ["lib/ledger/ledger.db.test.ts"];
const UNCOMMITTED_POSTINGS = ["lib/ledger/uncommitted-postings.db.test.ts"];
const TRANSFERS = ["lib/services/transfers/transfers.db.test.ts"];

const SCHEMA = "db/migrations/0000_schema.sql";
const APPEND_ONLY = "db/migrations/0004_append_only.sql";
const GRANTS = "db/migrations/0006_application_grants.sql";

/** Unique keys, triggers and grants. */
const CONSTRAINTS: readonly Mutation[] = [
  ...mutationsOf(SCHEMA, LEDGER, [
    {
      name: "an entry may be reversed twice",
      change: inStatement("unique index ledger_entries_reverses_key", "unique index", "index"),
      only: "an entry is reversed once at most",
    },
  ]),
  ...mutationsOf(SCHEMA, UNCOMMITTED_POSTINGS, [
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
        only: "reported three times",
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
        only: "finds each wrong end",
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
  ...LEDGER_SQL_MUTATIONS,
  ...OPERATION_SQL_MUTATIONS,
  ...CONSTRAINTS,
  ...QUERIES,
];
