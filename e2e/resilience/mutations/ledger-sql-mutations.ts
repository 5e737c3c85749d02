import { type Mutation, mutationsOf } from "./mutation";
import { inStatement } from "./sql-change";

const LEDGER = ["lib/ledger/ledger.db.test.ts"];
const UNCOMMITTED_POSTINGS = ["lib/ledger/uncommitted-postings.db.test.ts"];
const COLUMNS = ["lib/ledger/sealing/covered-columns.db.test.ts"];
const SEALS = ["lib/ledger/sealing/seals.db.test.ts"];

const LEDGER_POSTING = "db/migrations/0002_ledger_posting.sql";
const SEALING = "db/migrations/0005_sealing.sql";

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
  ...mutationsOf(LEDGER_POSTING, UNCOMMITTED_POSTINGS, [
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

/** The functions that post, checkpoint and seal. */
export const LEDGER_SQL_MUTATIONS: readonly Mutation[] = [...POSTING, ...SEAL_FUNCTIONS];
