import { beforeAll, expect, it, onTestFinished } from "vitest";
import { closeDatabase, openDatabase, trackCommits } from "@/db/client";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createUser } from "@/e2e/support/people";
import { LIMITS } from "../rate-limits/limits";
import { countFailedLookUps, requireFewFailedLookUps } from "./failed-look-ups";

const { points } = LIMITS.failed_look_up;
let database: TestDatabase;

beforeAll(async () => {
  database = await useDatabase();
});

it("are refused after the limit, by every request of the process", async () => {
  const { userId } = await createUser(database.db);
  await countFailedLookUps(trackCommits(database.db), userId, points);
  requireFewFailedLookUps(trackCommits(database.db), userId);
  await countFailedLookUps(trackCommits(database.db), userId, 1);
  const refuse = () => requireFewFailedLookUps(trackCommits(database.db), userId);
  expect(refuse).toThrowError("rate_limited");
  const other = await createUser(database.db);
  requireFewFailedLookUps(database.db, other.userId);
});

it("refuse nobody with the same id in another database", async () => {
  const pool = openDatabase(database.appUrl, { max: 1, name: "test" });
  onTestFinished(() => closeDatabase(pool));
  const { userId } = await createUser(database.db);
  await countFailedLookUps(pool, userId, points + 1);
  expect(() => requireFewFailedLookUps(pool, userId)).toThrowError("rate_limited");
  requireFewFailedLookUps(database.db, userId);
});
