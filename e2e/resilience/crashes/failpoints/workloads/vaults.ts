import type { CrashTest, Person, Workload } from "../crash-test";

async function vaultOf(test: CrashTest, person: Person): Promise<string> {
  const input = { name: "École", currency: "XOF", goal: "50000", lockedUntil: "", key: test.key() } as const;
  const made = await test.harness.verb("createVault", person.actor, input);
  const rows = await test.harness.deployment
    .owner`select 1 from vaults where wallet_id = ${person.walletId.toString()}`;
  test.check(rows.length === 1, `one key creates one vault, not ${rows.length}`);
  return made.vaultId.toString();
}

/** A date as forms post it. */
function dateAhead(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

export const VAULTS: readonly Workload[] = [
  {
    name: "a vault is created, filled, emptied, updated and closed",
    reaches: /^vaults\/(create-vault|put-into-vault|take-from-vault|update-vault|close-vault)/,
    async run(test) {
      const person = await test.createPerson({ XOF: 100_000n });
      await test.arm();
      const vaultId = await vaultOf(test, person);
      const amount = String(test.random.int(100, 40_000));
      test.expectOperations(person, 2);
      await test.harness.verb("putIntoVault", person.actor, { vaultId, amount, key: test.key() });
      await test.harness.verb("updateVault", person.actor, { vaultId, name: "Fête", goal: "" });
      await test.harness.verb("takeFromVault", person.actor, { vaultId, amount, key: test.key() });
      await test.harness.verb("closeVault", person.actor, { vaultId });
      const [row] = await test.harness.deployment.owner<{ name: string; closed: boolean }[]>`
        select name, closed_at is not null as closed from vaults where id = ${vaultId}`;
      test.check(row?.name === "Fête" && row.closed, "the vault has its new name and is closed");
    },
  },
  {
    name: "a vault is locked with money in it",
    reaches: /^vaults\/lock-vault/,
    async run(test) {
      const person = await test.createPerson({ XOF: 100_000n });
      const vaultId = await vaultOf(test, person);
      const amount = test.random.int(100, 40_000);
      test.expectOperations(person);
      test.expectChange(person, "XOF", BigInt(-amount));
      await test.arm();
      await test.harness.verb("putIntoVault", person.actor, {
        vaultId,
        amount: String(amount),
        key: test.key(),
      });
      const lockedUntil = dateAhead(test.random.int(10, 90));
      await test.harness.verb("lockVault", person.actor, { vaultId, lockedUntil });
      const [row] = await test.harness.deployment.owner<{ day: string }[]>`
        select (locked_until at time zone 'UTC')::date::text as day from vaults where id = ${vaultId}`;
      test.check(
        row?.day === lockedUntil,
        `the vault is locked until ${lockedUntil}, not ${row?.day ?? "never"}`,
      );
    },
  },
];
