import type { Sql } from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { brokenBy, type Change } from "@/e2e/support/audit-breaches";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey, newReference } from "@/lib/ids";
import { rollCheckpoints } from "@/lib/ledger/checkpoints";
import { money } from "@/lib/money/money";
import { recordOperation } from "@/lib/services/operations/record";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { sendTransfers } from "@/lib/services/transfers/send-transfers";
import { createVault } from "@/lib/services/vaults/create-vault";
import { putIntoVault } from "@/lib/services/vaults/put-into-vault";
import { placeWithdrawal } from "@/lib/services/withdrawals/place-withdrawal";
import { sealLedger } from "../sealing/seal-ledger";
import { auditLedger } from "./audit-ledger";
import { AUDIT_CHECKS } from "./store";

const { db, owner } = await useDatabase({ alone: true });
let walletId: string;
let reference: string;
let sent: string;
let saved: string;
let withdrawn: string;
const listKey = newKey();

beforeAll(async () => {
  const user = await createUser(db);
  walletId = user.walletId.toString();
  reference = await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  await fundWallet(db, user.walletId, money(700n, "XOF"));
  await rollCheckpoints(db);
  await moveMoneyInDeployment(user);
  withdrawn = await createWithdrawal(user);
  await sealLedger(db);
});

/** A transfer with a key, a list of one that is sent and one that is refused, and money put into a vault. */
async function moveMoneyInDeployment({ context }: TestUser): Promise<void> {
  const recipient = await createUser(db);
  const one = { walletNumber: recipient.walletNumber, amount: money(10n, "XOF") };
  ({ reference: sent } = await sendTransfer(context, { ...one, key: newKey() }));
  await sendTransfers(context, {
    transfers: [one, { ...one, amount: money(900_000n, "XOF") }],
    key: listKey,
  });
  const { vaultId } = await createVault(context, {
    name: "Moto",
    currency: "XOF",
    goal: "",
    lockedUntil: "",
    key: newKey(),
  });
  const receipt = await putIntoVault(context, { vaultId: vaultId.toString(), amount: "100", key: newKey() });
  saved = receipt.operation.reference;
}

/** What can be done to a transfer or a posting of a vault behind the application's back. */
const INTERNAL_CHANGES: Change[] = [
  [
    11,
    "a transfer's amount changed",
    (sql) => sql`update operations set amount_minor = 9 where reference = ${sent}`,
  ],
  [
    11,
    "a transfer that names another recipient",
    (sql) => sql`update operations set counterparty_wallet_id = 999999 where reference = ${sent}`,
  ],
  [
    11,
    "a transfer turned around",
    (sql) =>
      sql`update operations set wallet_id = counterparty_wallet_id, counterparty_wallet_id = wallet_id where reference = ${sent}`,
  ],
  [11, "a transfer whose entry is gone", (sql) => sql`delete from ledger_entries where source = ${sent}`],
  [
    11,
    "a transfer whose posting is gone",
    (sql) =>
      sql`delete from ledger_postings where entry_id = (select id from ledger_entries where source = ${sent})`,
  ],
  [11, "an entry whose transfer is gone", (sql) => sql`delete from operations where reference = ${sent}`],
  [
    11,
    "a transfer that moved twice",
    (sql) =>
      sql`insert into ledger_postings select entry_id, 2, from_account, to_account, currency, amount, null, null, null, null, recorded_at
        from ledger_postings where entry_id = (select id from ledger_entries where source = ${sent})`,
  ],
  [
    11,
    "a second entry of a transfer",
    (sql) =>
      sql`insert into ledger_entries (source, step, occurred_at, recorded_at) values (${sent}, 'refund', now(), now())`,
  ],
  [
    11,
    "a vault's posting that names another vault",
    (sql) =>
      sql`update operations set vault_id = vault_id + 1 where type = 'vault_deposit' and reference = ${saved}`,
  ],
  [
    11,
    "a vault's posting turned around",
    (sql) => sql`update operations set type = 'vault_withdrawal' where reference = ${saved}`,
  ],
];

/** What can be done to the rest of the ledger. */
const CHANGES: Change[] = [
  [
    3,
    "a balance written by hand",
    (sql) => sql`update ledger_accounts set balance = balance + 1 where address = ${address()}`,
  ],
  [
    3,
    "a posting's amount changed",
    (sql) =>
      sql`update ledger_postings set amount = amount + 1 where entry_id = (select id from ledger_entries where source = ${reference})`,
  ],
  [
    3,
    "a running balance changed",
    (sql) =>
      sql`update ledger_postings set to_balance = to_balance + 5 where entry_id = (select id from ledger_entries where source = ${reference})`,
  ],
  [
    3,
    "a posting taken out",
    (sql) =>
      sql`delete from ledger_postings where entry_id = (select id from ledger_entries where source = ${reference})`,
  ],
  [3, "a checkpoint changed", (sql) => sql`update ledger_checkpoints set balance = balance + 1`],
  [
    1,
    "an account of a currency that isn't ours",
    (sql) => sql`insert into ledger_accounts (address, currency) values ('test/euro', 'EUR')`,
  ],
  [
    2,
    "a balance below its minimum balance",
    (sql) =>
      sql.unsafe(
        `alter table ledger_accounts drop constraint ledger_accounts_minimum_balance; update ledger_accounts set balance = -1 where address = '${address()}'`,
      ),
  ],
  [
    2,
    "a wallet that was opened with a deep minimum balance",
    (sql) =>
      sql`insert into ledger_accounts (address, currency, minimum_balance) values ('wallet/999999999/XOF/available', 'XOF', -1000000)`,
  ],
  [
    2,
    "a wallet's account that was opened without a minimum balance",
    (sql) =>
      sql`insert into ledger_accounts (address, currency) values ('wallet/999999999/XOF/vault/1', 'XOF')`,
  ],
  [4, "the unique index dropped", (sql) => sql`drop index ledger_entries_source_step_key`],
  [
    5,
    "a trigger disabled",
    (sql) => sql`alter table ledger_entries disable trigger ledger_entries_append_only`,
  ],
  [5, "a right to write granted", (sql) => sql`grant update on ledger_postings to cauris_app`],
  [
    6,
    "a deposit called succeeded that was never credited",
    (sql) =>
      sql`update operations set state = 'succeeded' where id = (select max(id) from operations where state = 'pending' and type = 'deposit')`,
  ],
  [
    6,
    "a credit of another wallet's deposit",
    (sql) => sql`update operations set wallet_id = wallet_id - 1 where reference = ${reference}`,
  ],
  [
    7,
    "held money that nothing holds",
    (sql) => sql`update ledger_accounts set balance = 5 where address = ${`wallet/${walletId}/XOF/held`}`,
  ],
  [
    8,
    "a deposit's amount changed after the fact",
    (sql) => sql`update operations set amount_minor = amount_minor + 1 where reference = ${reference}`,
  ],
  [
    9,
    "a key whose operation is gone",
    (sql) =>
      sql`insert into idempotency_keys (user_id, key, input_hash, reference) values (1, 'k', '\\x00', 'TXN-GONE')`,
  ],
  [
    9,
    "a key that stands for somebody else's operation",
    (sql) => sql`update idempotency_keys set user_id = user_id + 1 where reference = ${sent}`,
  ],
  [
    9,
    "a list's answer that calls a refused transfer sent",
    (sql) =>
      sql`update idempotency_keys set answer = replace(answer, 'insufficient_funds', 'posted') where key = ${listKey}`,
  ],
  ...INTERNAL_CHANGES,
  [
    2,
    "a balance that had once been below its minimum balance",
    (sql) =>
      sql`update ledger_postings set from_balance = -1 where entry_id = (select id from ledger_entries where source = ${sent})`,
  ],
  [6, "a credit whose deposit is gone", (sql) => sql`delete from operations where reference = ${reference}`],
  [
    7,
    "a withdrawal that reserves nothing",
    (sql) => sql`delete from ledger_entries where source = ${withdrawn} and step = 'reserve'`,
  ],
  [
    10,
    "a posting function that locks in any order",
    async (sql) => {
      const [row] = await sql<{ text: string }[]>`select pg_get_functiondef('ledger_post'::regproc) as text`;
      await sql.unsafe(row?.text.replace("order by id for no key update", "for no key update") ?? "");
    },
  ],
  [
    13,
    "a seal taken out",
    (sql) => sql`delete from ledger_seals where number = (select max(number) - 1 from ledger_seals)`,
  ],
  [13, "rows that differ from their seal", (sql) => sql`update ledger_entries set step = step || '2'`],
  [
    13,
    "a seal that may be changed",
    (sql) => sql`alter table ledger_seals disable trigger ledger_seals_append_only`,
  ],
  [12, "an operation of a wallet that is gone", (sql) => sql`delete from wallets where id = ${walletId}`],
  [
    12,
    "an event of an operation that is gone",
    (sql) => sql`delete from operations where reference = ${saved}`,
  ],
  [
    12,
    "an operation in a state of another type",
    (sql) => sql`update operations set state = 'paid' where reference = ${reference}`,
  ],
  [
    12,
    "an event along no edge",
    (sql) =>
      sql`insert into operation_events (operation_id, from_state, to_state, actor)
        select id, 'succeeded', 'pending', 'system' from operations where reference = ${reference}`,
  ],
  [
    12,
    "an event that begins in the middle",
    (sql) =>
      sql`insert into operation_events (operation_id, to_state, actor)
        select id, 'succeeded', 'system' from operations where reference = ${reference}`,
  ],
  [12, "a trigger disabled", (sql) => sql`alter table operations disable trigger operations_start`],
];

const address = () => `wallet/${walletId}/XOF/available`;

describe("npm run audit", () => {
  it("finds nothing on a ledger that only the posting function wrote", async () => {
    const lines = await auditLedger(db);
    expect(lines.filter((line) => line.breaches !== 0n)).toEqual([]);
    expect(new Set(lines.map((line) => line.invariant))).toEqual(
      new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    );
  });

  it.each(CHANGES)("finds, as invariant %i, %s", async (invariant, _, change) => {
    await createDeposit();
    const broken = await brokenBy(owner, change);
    expect(broken.some((line) => line.startsWith(`${invariant}:`))).toBe(true);
  });

  it("keeps every promise by a query that can find its breach", async () => {
    await createDeposit();
    const found = new Set<string>();
    for (const [, , change] of CHANGES)
      for (const promise of await brokenBy(owner, change)) found.add(promise);
    // Invariants 14 and 15 have tests of their own: audit-disputes.db.test.ts, audit-tontines.db.test.ts.
    const checks = AUDIT_CHECKS.filter(({ invariant }) => invariant < 14);
    const never = checks.map((check) => `${check.invariant}: ${check.promise}`);
    expect(never.filter((promise) => !found.has(promise))).toEqual([]);
  });

  it.each<[string, (sql: Sql) => Promise<unknown>]>([
    [
      "balance",
      (sql) =>
        sql`update ledger_postings set to_balance = to_balance + 5 where entry_id = (select id from ledger_entries where source = ${reference})`,
    ],
    [
      "version",
      (sql) =>
        sql`update ledger_postings set from_version = from_version + 1000 where entry_id = (select id from ledger_entries where source = ${withdrawn})`,
    ],
  ])("finds a running %s that doesn't follow from the one before it, for itself", async (_, change) => {
    expect(await brokenBy(owner, change)).toContain("3: each running balance follows from the one before it");
  });

  it.each<[string, string, string[]]>([
    ["in flight and settled", "created", ["settle"]],
    ["in flight and refunded", "unknown", ["refund"]],
    ["paid and never settled", "paid", []],
    ["paid and refunded", "paid", ["settle", "refund"]],
    ["paid after a conflict that was let go", "paid", ["settle", "refund", "freeze", "unfreeze"]],
    ["refunded and never given back", "refunded", []],
    ["refunded and settled", "refunded", ["settle", "refund"]],
    ["refunded with its refund still frozen", "refunded", ["refund", "freeze"]],
    ["in conflict and never refunded", "conflict", []],
    ["in conflict and settled", "conflict", ["settle", "refund"]],
  ])("finds each wrong end of a withdrawal: %s", async (_, state, steps) => {
    const broken = await brokenBy(owner, async (sql) => {
      await sql`update operations set state = ${state}, reason = 'test' where reference = ${withdrawn}`;
      for (const step of steps) {
        await sql`insert into ledger_entries (source, step, occurred_at, recorded_at)
          values (${withdrawn}, ${step}, now(), now())`;
      }
    });
    expect(broken).toContain("7: each withdrawal is reserved, and settled xor refunded as its state says");
  });
});

/** A deposit that nobody has paid. */
async function createDeposit(): Promise<void> {
  const deposit = {
    reference: newReference(),
    type: "deposit",
    state: "pending",
    walletId: BigInt(walletId),
    currency: "XOF",
    amountMinor: 5n,
    provider: "test",
    method: "wave",
    phone: "+22670000001",
  } as const;
  await inTransaction(db, (tx) => recordOperation(tx, { kind: "system" }, deposit));
}

/** A withdrawal that nobody was told of yet. */
async function createWithdrawal({ context, walletId: id }: TestUser): Promise<string> {
  const [amount, fee] = [money(50n, "XOF"), money(0n, "XOF")];
  const order = { amount, fee, provider: "test", method: "wave", phone: "+22670000001", bank: null };
  const withdrawal = newReference();
  await inTransaction(db, (tx) =>
    placeWithdrawal(tx, context, { walletId: id, reference: withdrawal, order }),
  );
  return withdrawal;
}
