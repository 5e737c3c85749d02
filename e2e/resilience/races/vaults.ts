// Vaults: withdrawals come before a lock or are refused, a closed vault is empty, and the number of open ones is limited.
import { dayAhead, put, take, typedVault, vaultOf } from "@/e2e/support/vaults";
import { closeVault } from "@/lib/services/vaults/close-vault";
import { createVault } from "@/lib/services/vaults/create-vault";
import { lockVault } from "@/lib/services/vaults/lock-vault";
import { OPEN_VAULTS_MAX } from "@/lib/services/vaults/policy";
import { POSTING } from "./balances";
import type { Race, Resource } from "./race";
import { CALLERS } from "./race-database";
import type { RaceSetup } from "./race-setup";

const VAULT_LOCK = "the vault's row lock";

/** A user whose vault holds `inside` francs, and whose wallet `outside`. */
async function openVault(setup: RaceSetup, inside: bigint, outside = 0n) {
  const user = await setup.saver(inside + outside);
  const vaultId = await vaultOf(user);
  if (inside > 0n) await put(user.context, vaultId, inside);
  return { user, vaultId };
}

const withdrawals: Race = async (setup) => {
  const { francs, fits, rest, total } = setup.limit();
  const { user, vaultId } = await openVault(setup, total);
  return {
    call: (caller) => take(setup.on(user, caller), vaultId, francs),
    refusals: ["insufficient_funds"],
    winners: fits,
    figures: async () => ({
      "withdrawals recorded": [fits, await setup.countOperations(user, "vault_withdrawal")],
      "francs in the vault": [rest, await setup.francsInVault(user, vaultId)],
      "francs taken out": [total - rest, (await setup.francsOf(user))[0]],
    }),
  };
};

const withdrawalsAndLocks: Race = async (setup) => {
  const { user, vaultId } = await openVault(setup, BigInt(CALLERS));
  const locks = setup.random.int(1, 10);
  return {
    call: (caller) => {
      const context = setup.on(user, caller);
      if (caller >= locks) return take(context, vaultId, 1n);
      return lockVault(context, { vaultId, lockedUntil: dayAhead(setup.random.int(1, 3)) });
    },
    refusals: ["vault_locked", "validation_failed"],
    figures: async () => {
      const taken = await setup.countOperations(user, "vault_withdrawal");
      const late = await setup.count`select count(*)::int from operations o
        join ledger_entries e on e.source = o.reference and e.step = 'vault_withdrawal'
        where o.vault_id = ${vaultId} and o.type = 'vault_withdrawal'
          and e.recorded_at > (select min(locked_at) from race_vault_locks where vault_id = ${vaultId})`;
      return {
        "withdrawals after the vault was locked": [0, late],
        "francs in the vault": [CALLERS - taken, await setup.francsInVault(user, vaultId)],
      };
    },
  };
};

const depositsAndClosing: Race = async (setup) => {
  const { random } = setup;
  const inside = random.chance(0.3) ? setup.francs(1, 2) : 0n;
  const { user, vaultId } = await openVault(setup, inside, 1_000n - inside);
  const deposits = random.int(6, 14);
  const withdrawals = inside > 0n ? random.int(2, 6) : 0;
  return {
    call: (caller) => {
      const context = setup.on(user, caller);
      if (caller < deposits) return put(context, vaultId, 1n);
      if (caller < deposits + withdrawals) return take(context, vaultId, 1n);
      return closeVault(context, { vaultId });
    },
    refusals: ["not_found", "vault_not_empty", "insufficient_funds"],
    figures: async () => {
      const closed = await setup.count`
        select count(closed_at)::int from vaults where id = ${vaultId}`;
      const left = await setup.francsInVault(user, vaultId);
      return {
        "francs in a closed vault": [0, closed > 0 ? left : 0],
        "francs in total": [1_000, (await setup.francsOf(user))[0] + left],
      };
    },
  };
};

const openVaults: Race = async (setup) => {
  const user = await setup.saver(0n);
  const walletId = user.walletId.toString();
  const open = setup.random.int(5, OPEN_VAULTS_MAX - 1);
  await setup.owner`insert into vaults (wallet_id, name, currency)
    select ${walletId}, 'Vault ' || n, 'XOF' from generate_series(1, ${open}) n`;
  return {
    call: (caller) => createVault(setup.on(user, caller), typedVault({ name: `Tabaski ${caller}` })),
    refusals: ["validation_failed"],
    winners: OPEN_VAULTS_MAX - open,
    figures: async () => ({
      "open vaults": [
        OPEN_VAULTS_MAX,
        await setup.count`select count(*)::int from vaults where wallet_id = ${walletId} and closed_at is null`,
      ],
    }),
  };
};

export const VAULT_RACES: readonly Resource[] = [
  { name: "withdrawals from one vault", lock: `${POSTING}, ${VAULT_LOCK}`, race: withdrawals },
  {
    name: "withdrawals from and locks of one vault",
    lock: `${VAULT_LOCK}, its trigger`,
    race: withdrawalsAndLocks,
  },
  { name: "deposits into and closing of one vault", lock: VAULT_LOCK, race: depositsAndClosing },
  { name: "limit of vaults", lock: "the wallet's row lock", race: openVaults },
];
