import { expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { createVault } from "@/lib/services/vaults/create-vault";
import { changedTables, openStateReader } from "./state-diff";

const database = await useDatabase();
const [owner, other] = [await createUser(database.db), await createUser(database.db)];
const readState = await openStateReader(database.owner);

/** The tables that `work` changed: of all people, and of the owner. */
async function changedBy(work: () => Promise<unknown>): Promise<{ anywhere: string[]; owners: string[] }> {
  const [all, own] = [await readState(null), await readState([owner])];
  await work();
  const owners = changedTables(own, await readState([owner]));
  return { anywhere: changedTables(all, await readState(null)), owners };
}

it("the difference of two snapshots names changed tables, and whose rows they are", async () => {
  const form = { name: "coffre", currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
  const tables = ["idempotency_keys", "ledger_accounts", "vaults"];
  expect(await changedBy(() => createVault(owner.context, form))).toEqual({
    anywhere: tables,
    owners: tables,
  });
  expect(await changedBy(() => createVault(other.context, form))).toEqual({ anywhere: tables, owners: [] });
  const id = owner.userId.toString();
  const renamed = await changedBy(() => database.owner`update users set first_name = 'Ava' where id = ${id}`);
  expect(renamed.owners).toEqual(["users"]);
});

it("times of last use are no difference", async () => {
  await createApiKey(owner.context, { name: "key", permissions: ["read"], expiry: "1D" });
  const seen = () => database.owner`update api_keys set last_used_at = now()`;
  expect(await changedBy(seen)).toEqual({ anywhere: [], owners: [] });
});
