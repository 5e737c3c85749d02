import { type Mutation, mutationsOf } from "./mutation";

const MIGRATIONS = ["db/run-migrations.db.test.ts"];
const BACKUPS = ["lib/server/backup/backup.db.test.ts"];
const SETTINGS = ["lib/server/settings.test.ts"];
const SEALS = ["lib/ledger/sealing/seals.db.test.ts"];
const COLUMNS = ["lib/ledger/sealing/covered-columns.db.test.ts"];

/** What keeps a deployment whole beside its verbs. */
const RUNNING: readonly Mutation[] = [
  ...mutationsOf("db/run-migrations.ts", MIGRATIONS, [
    {
      name: "a migration waits for its lock as long as it takes",
      find: "set local lock_timeout =",
      replace: "select",
      only: "don't keep writers queueing",
    },
    {
      name: "a migration isn't noted",
      find: "    await note(tx);\n",
      replace: "",
      only: "run once each",
    },
  ]),
  ...mutationsOf(
    "lib/jobs/sweeps.ts",
    ["lib/jobs/sweeps.db.test.ts"],
    [
      {
        name: "withdrawals that stand still are swept by nobody",
        find: "  requeueWithdrawals,\n",
        replace: "",
      },
      { name: "deposits that nobody paid are swept by nobody", find: "  expireDeposits,\n", replace: "" },
      {
        name: "a sweep that fails keeps the others from running",
        find: 'log.error({ sweep: name, err: error }, "sweep failed");',
        replace: "throw error;",
      },
    ],
  ),
  ...mutationsOf("lib/server/backup/base-backup.ts", BACKUPS, [
    {
      name: "a backup is made without its log",
      find: "if (mode?.on !== true)",
      replace: "if (mode === undefined)",
      only: "of a server that doesn't archive",
    },
  ]),
  ...mutationsOf(
    "lib/server/database-checks.ts",
    ["lib/server/database-checks.db.test.ts"],
    [
      {
        name: "a database that forgets in a crash will do",
        find: "if (off.length > 0) {",
        replace: "if (off.length < 0) {",
      },
    ],
  ),
  ...mutationsOf("lib/server/production-checks.ts", SETTINGS, [
    {
      name: "production books test money",
      find: 'if (source.PAYSTACK_SECRET_KEY?.startsWith("sk_test_")) {',
      replace: 'if (source.PAYSTACK_SECRET_KEY?.startsWith("sk_live_")) {',
    },
    {
      name: "production takes any secret",
      find: 'if ((source[name] ?? "").length >= SECRET_LENGTH_MIN) continue;',
      replace: "if (SECRET_LENGTH_MIN > 0) continue;",
    },
  ]),
];

/** Two books, one of which is wrong. */
const COMPARING: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/reconciliation/compare.ts",
    ["lib/services/reconciliation/compare.test.ts"],
    [
      {
        name: "two books agree though the amounts differ",
        find: "our.currency === their.currency && our.movedMinor === their.movedMinor",
        replace: "our.currency === their.currency",
      },
      {
        name: "a payment that only the provider knows of is no difference",
        find: 'return their !== null && their.movedMinor !== 0n ? "missing_here" : null;',
        replace: "return null;",
      },
    ],
  ),
];

/** Seals that leave something out. */
const SEALING: readonly Mutation[] = [
  ...mutationsOf("db/migrations/0005_sealing.sql", COLUMNS, [
    {
      name: "seals don't cover amounts",
      find: "m.amount::text as amount, m.from_balance",
      replace: "'1' as amount, m.from_balance",
    },
    {
      name: "seals don't cover whom an operation names",
      find: "o.counterparty_wallet_id::text as counterparty",
      replace: "null::text as counterparty",
    },
  ]),
  ...mutationsOf("db/migrations/0005_sealing.sql", SEALS, [
    {
      name: "a seal doesn't stand on the one before it",
      find: "encode(p_seal.previous_root, 'hex') as previous",
      replace: "repeat('00', 32) as previous",
    },
    {
      name: "a range is sealed before its writers have ended",
      find: "return null;\n  end if;\n  if p_subject = 'entries' then",
      replace: "perform 1;\n  end if;\n  if p_subject = 'entries' then",
    },
  ]),
];

export const SERVER_MUTATIONS: readonly Mutation[] = [...RUNNING, ...COMPARING, ...SEALING];
