import type { Play, Player, Scenario } from "../play";

async function vaultOf(play: Play, player: Player): Promise<string> {
  const input = { name: "École", currency: "XOF", goal: "50000", lockedUntil: "", key: play.key() } as const;
  const made = await play.stage.verb("createVault", player.actor, input);
  const rows = await play.stage.deployment
    .owner`select 1 from vaults where wallet_id = ${player.walletId.toString()}`;
  play.check(rows.length === 1, `one vault is made by one key, not ${rows.length}`);
  return made.vaultId.toString();
}

/** A day some weeks ahead. */
function later(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

export const VAULTS: readonly Scenario[] = [
  {
    name: "a vault is made, filled, emptied, changed and closed",
    reaches: /^vaults\/(create-vault|put-into-vault|take-from-vault|update-vault|close-vault)/,
    async run(play) {
      const player = await play.person({ XOF: 100_000n });
      await play.begin();
      const vaultId = await vaultOf(play, player);
      const amount = String(play.random.int(100, 40_000));
      play.asks(player, 2);
      await play.stage.verb("putIntoVault", player.actor, { vaultId, amount, key: play.key() });
      await play.stage.verb("updateVault", player.actor, { vaultId, name: "Fête", goal: "" });
      await play.stage.verb("takeFromVault", player.actor, { vaultId, amount, key: play.key() });
      await play.stage.verb("closeVault", player.actor, { vaultId });
      const [row] = await play.stage.deployment.owner<{ name: string; closed: boolean }[]>`
        select name, closed_at is not null as closed from vaults where id = ${vaultId}`;
      play.check(row?.name === "Fête" && row.closed, "the vault has its new name and is closed");
    },
  },
  {
    name: "a vault is locked with money in it",
    reaches: /^vaults\/lock-vault/,
    async run(play) {
      const player = await play.person({ XOF: 100_000n });
      const vaultId = await vaultOf(play, player);
      const amount = play.random.int(100, 40_000);
      play.asks(player);
      play.moves(player, "XOF", BigInt(-amount));
      await play.begin();
      await play.stage.verb("putIntoVault", player.actor, {
        vaultId,
        amount: String(amount),
        key: play.key(),
      });
      const lockedUntil = later(play.random.int(10, 90));
      await play.stage.verb("lockVault", player.actor, { vaultId, lockedUntil });
      const [row] = await play.stage.deployment.owner<{ day: string }[]>`
        select (locked_until at time zone 'UTC')::date::text as day from vaults where id = ${vaultId}`;
      play.check(
        row?.day === lockedUntil,
        `the vault is locked until ${lockedUntil}, not ${row?.day ?? "never"}`,
      );
    },
  },
];
