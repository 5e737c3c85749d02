import { afterEach, describe, expect, inject, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { requireDurableDatabase } from "./database-checks";

const { owner } = await useDatabase();
const url = new URL(inject("templateUrl"));

afterEach(async () => {
  const [row] = await owner<{ name: string }[]>`select current_database() as name`;
  await owner.unsafe(`alter database "${row?.name}" reset all`);
});

describe("a database that is to hold money", () => {
  it("is taken with the settings that PostgreSQL comes with", async () => {
    const [row] = await owner<{ name: string }[]>`select current_database() as name`;
    url.pathname = `/${row?.name}`;
    await expect(requireDurableDatabase(url.href)).resolves.toBeUndefined();
  });

  it("is refused, naming the setting, when it could lose acknowledged commits in a crash", async () => {
    const [row] = await owner<{ name: string }[]>`select current_database() as name`;
    url.pathname = `/${row?.name}`;
    await owner.unsafe(`alter database "${row?.name}" set synchronous_commit = off`);
    await expect(requireDurableDatabase(url.href)).rejects.toThrow(/turn on synchronous_commit/);
  });

  it("that doesn't answer is refused without its password", async () => {
    const gone = "postgres://cauris:secret@127.0.0.1:1/cauris";
    const refused = await requireDurableDatabase(gone).catch((error: Error) => error.message);
    expect(refused).toMatch(/127\.0\.0\.1:1 can't be used/);
    expect(refused).not.toContain("secret");
  });
});
