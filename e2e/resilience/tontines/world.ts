import { createHmac } from "node:crypto";
import { hash } from "@node-rs/argon2";
import postgres from "postgres";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { openBenchDatabase } from "@/e2e/bench/bench-database";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { createUser, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { config } from "@/lib/config";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { hashPin } from "@/lib/services/identity/pin/pin-hash";
import { insertPin } from "@/lib/services/identity/pin/store";
import { violatedInvariants } from "../violated-invariants";

/** Verbs of the product in this process, on a database of their own. */
export interface TontineDatabase {
  db: Database;
  /** As the owner of the tables. */
  owner: postgres.Sql;
  /** A person with a PIN. */
  createPerson(firstName: string): Promise<TestUser>;
  audit(): Promise<string[]>;
  close(): Promise<void>;
}

const CONNECTIONS = 8;

export async function openTontineDatabase(): Promise<TontineDatabase> {
  const database = await openBenchDatabase(undefined);
  // Commits don't wait for the disk: nothing kills this database.
  await database.owner.unsafe(`do $$ begin
    execute format('alter database %I set synchronous_commit = off', current_database());
  end $$`);
  configureVerbs(database.appUrl);
  const db = openDatabase(database.appUrl, { max: CONNECTIONS, name: "cauris tontines" });
  const owner = postgres(database.ownerUrl, { max: 2, onnotice: () => {} });
  const verbs = await withDatabase(db, owner);
  const close = async () => {
    await closeDatabase(db);
    await owner.end({ timeout: 5 });
    await database.close();
  };
  return { ...verbs, close };
}

/** The same on a database that somebody else closes. */
export async function withDatabase(
  db: Database,
  owner: postgres.Sql,
): Promise<Omit<TontineDatabase, "close">> {
  const pinHash = await cheapPinHash();
  const createPerson = async (firstName: string) => {
    const user = await createUser(db, { firstName, lastName: "T" });
    await inTransaction(db, (tx) => insertPin(tx, user.userId, pinHash));
    return user;
  };
  return { db, owner, createPerson, audit: () => violatedInvariants(systemContext(db, new Date())) };
}

/** A PIN is checked some hundred times a history: its hash is real, but takes a fraction of a millisecond. */
async function cheapPinHash(): Promise<string> {
  const [secret] = config().pinSecrets;
  const [keyId] = (await hashPin(TEST_PIN)).split(":");
  const keyed = createHmac("sha256", secret).update(TEST_PIN).digest("base64url");
  return `${keyId}:${await hash(keyed, { memoryCost: 8, timeCost: 1, parallelism: 1 })}`;
}

export const systemContext = (db: Database, now: Date): Context => ({
  ...{ actor: { kind: "system" }, requestId: newKey(), db, now },
});
