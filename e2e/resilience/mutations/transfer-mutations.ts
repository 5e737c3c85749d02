import { type Mutation, mutationsOf } from "./mutation";

const TRANSFERS = ["lib/services/transfers/transfers.db.test.ts"];
const QUOTES = ["lib/services/transfers/quotes.db.test.ts"];
const VAULTS = ["lib/services/vaults/vaults.db.test.ts"];
const LOCKS = ["lib/services/vaults/vault-locks.db.test.ts"];

const SENDING: readonly Mutation[] = [
  ...mutationsOf("db/migrations/0003_transfer_posting.sql", TRANSFERS, [
    {
      name: "a frozen user can send transfers",
      find: "when n.sender is null or n.sender_frozen_at is not null then",
      replace: "when n.sender is null then",
      only: "a frozen person neither sends nor receives",
    },
    {
      name: "an idempotency key is replayed for another transfer",
      find: "k.input_hash = decode(n.hash, 'hex') as is_same",
      replace: "true as is_same",
      only: "for another recipient is refused",
    },
    {
      name: "a replayed transfer moves money again",
      find: "verdicts[known_key.position] := 'replayed';",
      replace: "verdicts[known_key.position] := null;",
      only: "twenty times at once moves once",
    },
    {
      name: "a refused transfer keeps its idempotency key",
      find: "and n.verdict not in ('posted', 'replayed', 'mismatch');",
      replace: "and false;",
      only: "stands for one transfer even after a refusal",
    },
  ]),
  ...mutationsOf("db/migrations/0000_schema.sql", TRANSFERS, [
    {
      name: "idempotency keys are shared by all users",
      find: 'CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key")',
      replace: 'CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("key")',
      only: "another user's same key",
    },
  ]),
  ...mutationsOf(
    "db/migrations/0003_transfer_posting.sql",
    ["lib/services/transfers/transfer-lists.db.test.ts"],
    [
      {
        name: "an idempotency key is replayed for another list of transfers",
        find: "case when k.input_hash = decode(p_hash, 'hex') and k.answer is not null then 'replayed'",
        replace: "case when k.answer is not null then 'replayed'",
        only: "with its key and",
      },
    ],
  ),
  ...mutationsOf(
    "db/migrations/0001_operation_kinds.sql",
    ["lib/services/transfers/transfer-rows.db.test.ts"],
    [
      {
        name: "the application role may insert transfers directly",
        find: "if new.type = 'transfer' and current_user = 'cauris_app' then",
        replace: "if false then",
      },
    ],
  ),
  ...mutationsOf("lib/services/transfers/confirm-transfer.ts", QUOTES, [
    {
      name: "a transfer is confirmed without the PIN",
      find: "await checkPin(context, pin);",
      replace: "",
      only: "with a wrong PIN moves nothing",
    },
  ]),
  ...mutationsOf("lib/services/transfers/store.ts", QUOTES, [
    {
      name: "another user's transfer quote can be confirmed",
      find: '.where(and(eq(quotes.id, id), eq(quotes.userId, userId), eq(quotes.type, "transfer")));',
      replace: '.where(and(eq(quotes.id, id), eq(quotes.type, "transfer")));',
      only: "the person's own quote",
    },
  ]),
];

const VAULT_RULES: readonly Mutation[] = [
  ...mutationsOf("lib/services/vaults/take-from-vault.ts", LOCKS, [
    {
      name: "a locked vault pays out before its date",
      find: "if (vault.isLocked && vault.lockedUntil) {",
      replace: "if (false) {",
      only: "gives none out before its date",
    },
  ]),
  ...mutationsOf("db/migrations/0001_operation_kinds.sql", LOCKS, [
    {
      name: "the database lets a locked vault pay out before its date",
      find: "and exists (select from public.vaults v where v.id = new.vault_id and v.locked_until > clock_timestamp()) then",
      replace: "and false then",
      only: "the database refuses that by itself",
    },
  ]),
  ...mutationsOf("db/migrations/0004_append_only.sql", LOCKS, [
    {
      name: "the database lets a vault's lock be shortened",
      find: "(new.locked_until is null or new.locked_until < old.locked_until)",
      replace: "new.locked_until is null",
      only: "the database refuses that by itself",
    },
  ]),
  ...mutationsOf("lib/services/vaults/store.ts", LOCKS, [
    {
      name: "a vault withdrawal doesn't wait for a lock that is being set",
      find: '.for("no key update");',
      replace: ";",
      only: "a withdrawal that waits for a lock",
    },
  ]),
  ...mutationsOf("lib/services/vaults/store.ts", VAULTS, [
    {
      name: "another user's vault can be used",
      find: ".where(and(eq(vaults.id, id), eq(vaults.walletId, walletId)));\n  return row ?? null;",
      replace: ".where(eq(vaults.id, id));\n  return row ?? null;",
      only: "whose vault it is",
    },
  ]),
  ...mutationsOf("lib/services/wallets/store.ts", VAULTS, [
    {
      name: "vaults created concurrently exceed the limit",
      find: '.for("no key update")',
      replace: "",
      only: "closing one makes room for one",
    },
  ]),
];

export const TRANSFER_MUTATIONS: readonly Mutation[] = [...SENDING, ...VAULT_RULES];
