import { beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createUser, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { createVault } from "@/lib/services/vaults/create-vault";
import { changedTables, takeSnapshot } from "./state-diff";

let database: TestDatabase;
let owner: TestUser;
let other: TestUser;

beforeAll(async () => {
  database = await useDatabase();
  [owner, other] = [await createUser(database.db), await createUser(database.db)];
});

/** The tables that `work` changed: of all people, and of the owner. */
async function changedBy(work: () => Promise<unknown>): Promise<{ anywhere: string[]; owners: string[] }> {
  const take = async () => ({
    anywhere: await takeSnapshot(database.owner, null),
    owners: await takeSnapshot(database.owner, [owner]),
  });
  const before = await take();
  await work();
  const after = await take();
  return {
    anywhere: changedTables(before.anywhere, after.anywhere).sort(),
    owners: changedTables(before.owners, after.owners).sort(),
  };
}

describe("the difference of two snapshots", () => {
  it("names tables with new rows, and whose they are", async () => {
    const key = { name: "key", permissions: ["read"], expiry: "1D" } as const;
    expect(await changedBy(() => createApiKey(owner.context, { ...key, permissions: ["read"] }))).toEqual({
      anywhere: ["api_keys"],
      owners: ["api_keys"],
    });
    const vault = { name: "coffre", currency: "XOF", goal: "", lockedUntil: "", key: newKey() } as const;
    expect(await changedBy(() => createVault(other.context, vault))).toEqual({
      anywhere: ["idempotency_keys", "ledger_accounts", "vaults"],
      owners: [],
    });
  });

  it("names a table with one changed letter", async () => {
    const id = owner.userId.toString();
    expect(
      (await changedBy(() => database.owner`update users set first_name = 'Ava' where id = ${id}`)).owners,
    ).toEqual(["users"]);
  });

  it("ignores times of last use", async () => {
    const seen = () => database.owner`update api_keys set last_used_at = now()`;
    expect(await changedBy(seen)).toEqual({ anywhere: [], owners: [] });
  });
});
