import { type Mutation, mutationsOf } from "./mutation";

const MIGRATIONS = ["db/run-migrations.db.test.ts"];
const BACKUPS = ["lib/server/backup/backup.db.test.ts"];
const SETTINGS = ["lib/server/settings.test.ts"];
const SEALS = ["lib/ledger/sealing/seals.db.test.ts"];
const COLUMNS = ["lib/ledger/sealing/covered-columns.db.test.ts"];

/** Migrations, sweeps, backups and checks at the start. */
const RUNNING: readonly Mutation[] = [
  ...mutationsOf("db/run-migrations.ts", MIGRATIONS, [
    {
      name: "a migration waits for its lock without a timeout",
      find: "set local lock_timeout =",
      replace: "select",
      only: "don't keep writers queueing",
    },
    {
      name: "an applied migration isn't recorded",
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
        name: "stale withdrawals aren't swept",
        find: "  requeueWithdrawals,\n",
        replace: "",
      },
      { name: "unpaid deposits aren't swept", find: "  expireDeposits,\n", replace: "" },
      {
        name: "a failing sweep stops the others",
        find: 'log.error({ sweep: name, err: error }, "sweep failed");',
        replace: "throw error;",
      },
    ],
  ),
  ...mutationsOf("lib/server/backup/base-backup.ts", BACKUPS, [
    {
      name: "a base backup is made without archived WAL",
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
        name: "a database with durability switched off is accepted",
        find: "if (off.length > 0) {",
        replace: "if (off.length < 0) {",
      },
    ],
  ),
  ...mutationsOf("lib/server/production-checks.ts", SETTINGS, [
    {
      name: "production accepts test keys",
      find: "if (testKey === null || !source[testKey.variable]?.startsWith(testKey.prefix)) continue;",
      replace: 'if (testKey === null || testKey.prefix !== "") continue;',
    },
    {
      name: "production accepts short secrets",
      find: 'if ((source[name] ?? "").length >= SECRET_LENGTH_MIN) continue;',
      replace: "if (SECRET_LENGTH_MIN > 0) continue;",
    },
  ]),
];

/** Reconciliation with the provider. */
const RECONCILIATION: readonly Mutation[] = [
  ...mutationsOf(
    "lib/services/reconciliation/compare.ts",
    ["lib/services/reconciliation/compare.test.ts"],
    [
      {
        name: "reconciliation ignores a difference in amount",
        find: "our.currency === their.currency && our.movedMinor === their.movedMinor",
        replace: "our.currency === their.currency",
      },
      {
        name: "reconciliation ignores a payment that only the provider has",
        find: 'return their !== null && their.movedMinor !== 0n ? "missing_here" : null;',
        replace: "return null;",
      },
    ],
  ),
];

/** Sealing. */
const SEALING: readonly Mutation[] = [
  ...mutationsOf("db/migrations/0005_sealing.sql", COLUMNS, [
    {
      name: "seals don't cover amounts",
      find: "m.amount::text as amount, m.from_balance",
      replace: "'1' as amount, m.from_balance",
    },
    {
      name: "seals don't cover an operation's counterparty",
      find: "o.counterparty_wallet_id::text as counterparty",
      replace: "null::text as counterparty",
    },
  ]),
  ...mutationsOf("db/migrations/0005_sealing.sql", SEALS, [
    {
      name: "a seal isn't chained to the previous one",
      find: "encode(p_seal.previous_root, 'hex') as previous",
      replace: "repeat('00', 32) as previous",
    },
    {
      name: "a range is sealed while transactions still write to it",
      find: "return null;\n  end if;\n  if p_subject = 'entries' then",
      replace: "perform 1;\n  end if;\n  if p_subject = 'entries' then",
    },
  ]),
];

export const SERVER_MUTATIONS: readonly Mutation[] = [...RUNNING, ...RECONCILIATION, ...SEALING];
