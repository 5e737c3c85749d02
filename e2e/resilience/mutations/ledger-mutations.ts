import { type Mutation, mutationsOf } from "./mutation";

const LEDGER = ["lib/ledger/ledger.db.test.ts"];

/** The posting function. */
const POSTING: readonly Mutation[] = mutationsOf("db/migrations/0002_ledger_posting.sql", LEDGER, [
  {
    name: "accounts aren't locked during posting",
    find: "order by id for no key update",
    replace: "order by id",
    only: "exactly 10 win, and nothing is overdrawn",
  },
  {
    name: "accounts are locked in random order",
    find: "order by id for no key update",
    replace: "order by random() for no key update",
    only: "opposite transfers between the same accounts",
  },
  {
    name: "a balance may go one below its minimum balance",
    find: "balances[source_index] - amount < minimum_balances[source_index]",
    replace: "balances[source_index] - amount < minimum_balances[source_index] - 1",
    only: "refuses to go below the minimum balance",
  },
  {
    name: "an entry of the same source and step with another amount is a replay",
    find: "and x.amount = p_amounts[span.skipped + x.position]), false)",
    replace: "), false)",
    only: "tells a replay from an entry of the same name",
  },
  {
    name: "a refused entry keeps some of its postings",
    find: "undo_at := k - 1;",
    replace: "undo_at := cursor_at - 1;",
    only: "takes back all postings of an entry",
  },
  {
    name: "a posting may have another currency than its accounts",
    find: "elsif account_currencies[source_index] <> p_currencies[k] or account_currencies[target_index] <> p_currencies[k] then",
    replace: "elsif false then",
    only: "answers each entry of a list for itself",
  },
  {
    name: "an account may be opened again with another minimum balance",
    find: "where known.currency <> n.currency or known.minimum_balance is distinct from n.minimum_balance",
    replace: "where known.currency <> n.currency",
    only: "refuses to open it with another currency or minimum balance",
  },
  {
    name: "a checkpoint adds outgoing amounts instead of subtracting them",
    find: "select -v.amount from ledger_postings v",
    replace: "select v.amount from ledger_postings v",
    only: "exact before and after each checkpoint",
  },
]);

/** Constraints, triggers and grants below the posting function. */
const CONSTRAINTS: readonly Mutation[] = [
  ...mutationsOf("db/migrations/0000_schema.sql", LEDGER, [
    {
      name: "an entry may be reversed twice",
      find: 'CREATE UNIQUE INDEX "ledger_entries_reverses_key"',
      replace: 'CREATE INDEX "ledger_entries_reverses_key"',
      only: "an entry is reversed once at most",
    },
  ]),
  ...mutationsOf("db/migrations/0004_append_only.sql", LEDGER, [
    {
      name: "a posting may be updated",
      find: "create trigger ledger_postings_append_only before update or delete on ledger_postings",
      replace: "create trigger ledger_postings_append_only before delete on ledger_postings",
      only: "append-only",
    },
  ]),
  ...mutationsOf("db/migrations/0006_application_grants.sql", LEDGER, [
    {
      name: "the application role may write balances directly",
      find: "grant select on ledger_accounts,",
      replace: "grant update on ledger_accounts to cauris_app; grant select on ledger_accounts,",
      only: "append-only",
    },
  ]),
];

/** The code that calls the posting function. */
const CALLERS: readonly Mutation[] = [
  ...mutationsOf("lib/ledger/post.ts", LEDGER, [
    {
      name: "insufficient funds are reported as a replay",
      find: 'throw new DomainError("insufficient_funds");',
      replace: "return false;",
      only: "refuses to go below the minimum balance",
    },
  ]),
  ...mutationsOf("lib/ledger/store.ts", LEDGER, [
    {
      name: "a statement page repeats an incoming posting",
      find: "and m.to_version <",
      replace: "and m.to_version <=",
      only: "pages an account's statement",
    },
    {
      name: "a statement page repeats an outgoing posting",
      find: "and m.from_version <",
      replace: "and m.from_version <=",
      only: "pages an account's statement",
    },
  ]),
  ...mutationsOf(
    "lib/ledger/draft.ts",
    ["lib/ledger/draft.test.ts"],
    [
      {
        name: "an entry may have a zero or negative amount",
        find: "amount.amountMinor > 0n && amount.amountMinor <= AMOUNT_MINOR_MAX",
        replace: "amount.amountMinor <= AMOUNT_MINOR_MAX",
      },
      {
        name: "a refund doesn't return the fee",
        find: "{ from: chart.held(walletId, currency), to: chart.available(walletId, currency), amount: total(event) },\n  ]);\n}\n\n/** Wallet available → held again",
        replace:
          "{ from: chart.held(walletId, currency), to: chart.available(walletId, currency), amount },\n  ]);\n}\n\n/** Wallet available → held again",
      },
    ],
  ),
  ...mutationsOf(
    "db/group-calls.ts",
    ["lib/ledger/group-posts.db.test.ts"],
    [
      {
        name: "one group of calls may contain the same entry twice",
        find: "if (key !== null) keys.add(key);",
        replace: "",
        only: "once a list",
      },
    ],
  ),
  ...mutationsOf(
    "db/transaction.ts",
    ["db/transaction.test.ts"],
    [
      {
        name: "any error retries the transaction",
        find: "attempt >= RETRIES_MAX || !isRetried(error)",
        replace: "attempt >= RETRIES_MAX",
      },
      {
        name: "a deadlock isn't retried",
        find: 'new Set(["40001", "40P01"])',
        replace: 'new Set(["40001"])',
      },
    ],
  ),
];

/** The audit. */
const AUDIT: readonly Mutation[] = mutationsOf(
  "lib/ledger/integrity/store.ts",
  ["lib/ledger/integrity/audit.db.test.ts"],
  [
    {
      name: "the audit overlooks a balance below its minimum balance",
      find: '"select count(*) from ledger_accounts where balance < minimum_balance"',
      replace: '"select 0"',
      only: "keeps every promise",
    },
    {
      name: "the audit overlooks a gap between running balances",
      find: "where gap <> 0 or step <> 1`",
      replace: "where step <> 1`",
      only: "that doesn't follow from the one before it",
    },
    {
      name: "the audit overlooks a skipped version",
      find: "where gap <> 0 or step <> 1`",
      replace: "where gap <> 0`",
      only: "that doesn't follow from the one before it",
    },
    {
      name: "the audit overlooks a withdrawal that is settled and refunded",
      find: "or (state = 'refunded' and (not refunded or (settled and reason <> 'reversed') or frozen <> free))",
      replace: "",
      only: "finds each wrong end",
    },
    {
      name: "the audit overlooks currencies that don't sum to zero",
      find: "having sum(case when minimum_balance is null then ledger_balance(id) else balance end) <> 0) x",
      replace: "having false) x",
      only: "keeps every promise",
    },
  ],
);

/** Defects that show only between two transactions. */
const INTERLEAVINGS: readonly Mutation[] = [
  ...mutationsOf(
    "db/migrations/0002_ledger_posting.sql",
    ["lib/ledger/uncommitted-postings.db.test.ts"],
    [
      {
        name: "a checkpoint doesn't wait for postings in flight",
        find: "if not ledger_writers_end(array['ledger_entries']::regclass[]) then return 0; end if;",
        replace: "",
        only: "waits for a posting that has its number",
      },
      {
        name: "postings wait until a checkpoint is committed",
        find: "if not ledger_writers_end(array['ledger_entries']::regclass[]) then return 0; end if;",
        replace: "lock table ledger_entries in share mode;",
        only: "postings go on",
      },
    ],
  ),
  ...mutationsOf(
    "db/migrations/0000_schema.sql",
    ["lib/ledger/uncommitted-postings.db.test.ts"],
    [
      {
        name: "an entry may be posted twice for one source and step",
        find: 'CREATE UNIQUE INDEX "ledger_entries_source_step_key"',
        replace: 'CREATE INDEX "ledger_entries_source_step_key"',
      },
    ],
  ),
];

export const LEDGER_MUTATIONS: readonly Mutation[] = [
  ...INTERLEAVINGS,
  ...POSTING,
  ...CONSTRAINTS,
  ...CALLERS,
  ...AUDIT,
];
