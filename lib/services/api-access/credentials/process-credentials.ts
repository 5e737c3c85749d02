import { type Database, poolOf } from "@/db/client";
import { KeyUses } from "../keys/key-uses";
import type { ApiPermission } from "../keys/schema";
import { KnownCredentials } from "./known-credentials";
import { Revocations } from "./revocations";

export interface KeyHolder {
  keyId: bigint;
  userId: bigint;
  permissions: readonly ApiPermission[];
}

export interface SessionHolder {
  sessionId: string;
  userId: bigint;
}

/** One process's cache of valid credentials. */
export interface Credentials {
  revocations: Revocations;
  keys: KnownCredentials<KeyHolder>;
  sessions: KnownCredentials<SessionHolder>;
  keyUses: KeyUses;
}

// On globalThis, since the server in front of Next and Next's own bundle are one process with two copies of this file.
const HOLDER = Symbol.for("cauris.credentials");

/** This process's credentials for a pool. The first check opens the connection that listens. */
export function processCredentials(db: Database): Credentials {
  const global = globalThis as { [HOLDER]?: WeakMap<Database, Credentials> };
  global[HOLDER] ??= new WeakMap();
  const pool = poolOf(db);
  const existing = global[HOLDER].get(pool);
  if (existing) return existing;
  const credentials = createCredentials(pool);
  global[HOLDER].set(pool, credentials);
  return credentials;
}

/** A cache of its own, as another process has it. */
export function createCredentials(db: Database): Credentials {
  const revocations = new Revocations(db);
  return {
    revocations,
    keys: new KnownCredentials<KeyHolder>(revocations),
    sessions: new KnownCredentials<SessionHolder>(revocations),
    keyUses: new KeyUses(db),
  };
}

/** Writes the recorded uses and stops listening: once, at the process's end. Later checks read the database. */
export async function stopCredentials(credentials: Credentials): Promise<void> {
  await credentials.keyUses.stop();
  await credentials.revocations.stop();
}
