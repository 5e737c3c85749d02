import { createSaver, dayAhead, put, take, vaultOf } from "@/e2e/support/vaults";
import { newKey } from "@/lib/ids";
import { closeVault } from "@/lib/services/vaults/close-vault";
import { createVault } from "@/lib/services/vaults/create-vault";
import { lockVault } from "@/lib/services/vaults/lock-vault";
import { OPEN_VAULTS_MAX } from "@/lib/services/vaults/policy";
import { countOperations, francsInVault, francsOf } from "./operations";
import type { RaceDatabase } from "./race-database";
import { CALLERS } from "./race-database";
import { callers, done, exactly, type Race } from "./round";

export const vaultWithdrawals: Race = async (database, random) => {
  const francs = BigInt(random.int(1, 500));
  const fits = random.int(3, 25);
  const rest = BigInt(random.int(0, Number(francs) - 1));
  const inside = francs * BigInt(fits) + rest;
  const user = await createSaver(database.db, inside);
  const vaultId = await vaultOf(user);
  await put(user.context, vaultId, inside);
  const databaseOf = database.spread(random);
  return {
    calls: callers((caller) => () => take({ ...user.context, db: databaseOf(caller) }, vaultId, francs)),
    refusals: ["insufficient_funds"],
    check: async (results) => [
      ...exactly("withdrawals from one vault", fits, done(results).length),
      ...exactly("withdrawals recorded", fits, await countOperations(database, user, "vault_withdrawal")),
      ...exactly("francs in the vault", rest, await francsInVault(database, user, BigInt(vaultId))),
      ...exactly("francs taken out", inside - rest, (await francsOf(database, user))[0]),
    ],
  };
};

/** Withdrawals come before the lock or are refused. */
export const vaultWithdrawalsAndLocks: Race = async (database, random) => {
  const user = await createSaver(database.db, BigInt(CALLERS));
  const vaultId = await vaultOf(user);
  await put(user.context, vaultId, BigInt(CALLERS));
  const locks = random.int(1, 10);
  const withdrawals = CALLERS - locks;
  const databaseOf = database.spread(random);
  const on = (caller: number) => ({ ...user.context, db: databaseOf(caller) });
  const locking = Array.from({ length: locks }, (_, caller) => {
    const lockedUntil = dayAhead(random.int(1, 3));
    return () => lockVault(on(caller), { vaultId, lockedUntil });
  });
  const withdrawing = Array.from(
    { length: withdrawals },
    (_, caller) => () => take(on(locks + caller), vaultId, 1n),
  );
  return {
    calls: random.shuffle([...locking, ...withdrawing]),
    refusals: ["vault_locked", "validation_failed"],
    check: async () => {
      const taken = await countOperations(database, user, "vault_withdrawal");
      return [
        ...exactly(
          "withdrawals after the vault was locked",
          0,
          await countWithdrawalsAfterLock(database, vaultId),
        ),
        ...exactly(
          "francs in the vault",
          CALLERS - taken,
          await francsInVault(database, user, BigInt(vaultId)),
        ),
      ];
    },
  };
};

async function countWithdrawalsAfterLock({ owner }: RaceDatabase, vaultId: string): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int from operations o
    join ledger_entries e on e.source = o.reference and e.step = 'vault_withdrawal'
    where o.vault_id = ${vaultId} and o.type = 'vault_withdrawal'
      and e.recorded_at > (select min(locked_at) from race_vault_locks where vault_id = ${vaultId})`;
  return row?.count ?? 0;
}

/** Concurrent deposits, withdrawals and closing never leave money in a closed vault. */
export const vaultDepositsAndClosing: Race = async (database, random) => {
  const inside = random.chance(0.3) ? BigInt(random.int(1, 2)) : 0n;
  const user = await createSaver(database.db, 1_000n);
  const vaultId = await vaultOf(user);
  if (inside > 0n) await put(user.context, vaultId, inside);
  const databaseOf = database.spread(random);
  const kinds = { put: random.int(6, 14), take: inside > 0n ? random.int(2, 6) : 0 };
  const calls = callers((caller) => {
    const context = { ...user.context, db: databaseOf(caller) };
    if (caller < kinds.put) return () => put(context, vaultId, 1n);
    if (caller < kinds.put + kinds.take) return () => take(context, vaultId, 1n);
    return () => closeVault(context, { vaultId });
  });
  return {
    calls: random.shuffle(calls),
    refusals: ["not_found", "vault_not_empty", "insufficient_funds"],
    check: async () => {
      const [vault] = await database.owner<{ closed: boolean }[]>`
        select closed_at is not null as closed from vaults where id = ${vaultId}`;
      const [available] = await francsOf(database, user);
      const left = await francsInVault(database, user, BigInt(vaultId));
      return [
        ...(vault?.closed ? exactly("francs in a closed vault", 0, left) : []),
        ...exactly("francs in total", 1_000, available + left),
      ];
    },
  };
};

/** The number of open vaults of a wallet is limited. */
export const vaultLimit: Race = async (database, random) => {
  const user = await createSaver(database.db, 0n);
  const open = random.int(5, OPEN_VAULTS_MAX - 1);
  await database.owner`insert into vaults (wallet_id, name, currency)
    select ${user.walletId.toString()}, 'Vault ' || n, 'XOF' from generate_series(1, ${open}) n`;
  const databaseOf = database.spread(random);
  const form = { goal: "", lockedUntil: "", currency: "XOF" } as const;
  return {
    calls: callers((caller) => () => {
      const context = { ...user.context, db: databaseOf(caller) };
      return createVault(context, { ...form, name: `Tabaski ${caller}`, key: newKey() });
    }),
    refusals: ["validation_failed"],
    check: async (results) => {
      const [row] = await database.owner<{ count: number }[]>`
        select count(*)::int from vaults where wallet_id = ${user.walletId.toString()} and closed_at is null`;
      return [
        ...exactly("vaults created", OPEN_VAULTS_MAX - open, done(results).length),
        ...exactly("open vaults", OPEN_VAULTS_MAX, row?.count),
      ];
    },
  };
};
