import { type Mutation, mutationsOf } from "./mutation";
import { inStatement } from "./sql-change";

const TRANSFERS = ["lib/services/transfers/transfers.db.test.ts"];
const WITHDRAWALS = ["lib/services/withdrawals/withdrawals.db.test.ts"];
const LOCKS = ["lib/services/vaults/vault-locks.db.test.ts"];

const OPERATION_KINDS = "db/migrations/0001_operation_kinds.sql";
const TRANSFER_POSTING = "db/migrations/0003_transfer_posting.sql";
const APPEND_ONLY = "db/migrations/0004_append_only.sql";

/** What the database checks of operations, transfers and vaults. */
export const OPERATION_SQL_MUTATIONS: readonly Mutation[] = [
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
