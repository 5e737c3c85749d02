import { sql } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { limitSearch } from "./search-limits";

const { db } = await useDatabase();

describe("searches of one person", () => {
  it("are two at a time; others' go on, and room is made when one ends", async () => {
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running = [1, 2].map(() => limitSearch(db, 1n, () => held));
    await expect(limitSearch(db, 1n, () => held)).rejects.toMatchObject({
      code: "rate_limited",
      details: { retryAfterSeconds: 1 },
    });
    expect(await limitSearch(db, 2n, async () => "found")).toBe("found");
    end();
    await Promise.all(running);
    expect(await limitSearch(db, 1n, async () => "found")).toBe("found");
  });

  it("are two for all bundles of one process", async () => {
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running = [1, 2].map(() => limitSearch(db, 3n, () => held));
    vi.resetModules();
    const other = await import("./search-limits");
    await expect(other.limitSearch(db, 3n, () => held)).rejects.toMatchObject({ code: "rate_limited" });
    end();
    await Promise.all(running);
  });

  it("end after two seconds with a reason, and the connection keeps its own limit", async () => {
    const from = performance.now();
    await expect(
      limitSearch(db, 1n, (reader) => reader.execute(sql`select pg_sleep(20)`)),
    ).rejects.toMatchObject({
      code: "validation_failed",
      details: { issues: [{ field: "q", reason: "search_too_slow" }] },
    });
    expect(performance.now() - from).toBeLessThan(4_000);
    await limitSearch(db, 1n, async () => {});
    const [row] = await db.execute<{ value: string }>(
      sql`select current_setting('statement_timeout') as value`,
    );
    expect(row?.value).not.toBe("2s");
  });
});
