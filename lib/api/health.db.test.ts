import postgres from "postgres";
import { afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { setStopping } from "@/lib/http/process-state";
import { healthLive, healthReady } from "./health";
import { createApi } from "./route-table";

function ownerUrlOf(name: string): string {
  const url = new URL(inject("templateUrl"));
  url.pathname = `/${name}`;
  return url.href;
}

async function read(response: Response) {
  return [response.status, response.headers.get("cache-control"), await response.json()];
}

describe("health", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await useDatabase();
  });

  afterEach(() => {
    setStopping(false);
  });

  it("live is 200 while the process answers, also when it is stopping", async () => {
    expect(await read(await healthLive())).toEqual([200, "no-store", { status: "ok" }]);
    setStopping();
    expect((await healthLive()).status).toBe(200);
  });

  it("ready with the database and its migrations, at each request", async () => {
    const ready = healthReady(() => database.db);
    expect(await read(await ready())).toEqual([200, "no-store", { status: "ok" }]);
    expect((await ready()).status).toBe(200);
  });

  it("not ready while stopping", async () => {
    setStopping();
    expect(await read(await healthReady(() => database.db)())).toEqual([
      503,
      "no-store",
      { status: "stopping" },
    ]);
  });

  it("not ready when migrations are missing", async () => {
    const empty = new URL(database.appUrl);
    empty.pathname = "/postgres";
    const db = openDatabase(empty.href, { max: 1, name: "cauris test" });
    expect((await healthReady(() => db)()).status).toBe(503);
    await closeDatabase(db);
  });

  it("not ready when a single column is missing", async () => {
    const name = `cauris_test_health_${process.pid}`;
    await database.owner.unsafe(`create database ${name} template cauris_test_template`);
    const app = new URL(database.appUrl);
    app.pathname = `/${name}`;
    const db = openDatabase(app.href, { max: 1, name: "cauris test" });
    expect((await healthReady(() => db)()).status).toBe(200);
    await closeDatabase(db);
    const owner = postgres(ownerUrlOf(name), { max: 1 });
    await owner`alter table quotes drop column phone`;
    await owner.end();
    const later = openDatabase(app.href, { max: 1, name: "cauris test" });
    expect((await healthReady(() => later)()).status).toBe(503);
    await closeDatabase(later);
    await database.owner.unsafe(`drop database ${name} with (force)`);
  });

  it("not ready, at once, when the database's port is closed", async () => {
    const db = openDatabase("postgres://nobody:nothing@127.0.0.1:1/none", { max: 1, name: "cauris test" });
    const from = performance.now();
    expect((await healthReady(() => db)()).status).toBe(503);
    expect(performance.now() - from).toBeLessThan(3_000);
    await closeDatabase(db);
  });

  it("not ready without configuration", async () => {
    const ready = healthReady(() => {
      throw new Error("DATABASE_URL is missing");
    });
    expect(await read(await ready())).toEqual([503, "no-store", { status: "unavailable" }]);
  });

  it("is found with and without a slash at the end, by GET only", async () => {
    const api = createApi(testDependencies(() => database.db));
    const ask = async (path: string, method = "GET") =>
      (await api.answer(new Request(`http://localhost:3000${path}`, { method }))).status;
    expect(await ask("/api/health/live")).toBe(200);
    expect(await ask("/api/health/ready/?probe=1")).toBe(200);
    expect(await ask("/api/health/live", "POST")).toBe(405);
    expect(["/api/health", "/api/health//live", "/api/health/livex"].map(api.has)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
