import { type Environment, personAt } from "./environment";
import type { Acknowledged } from "./history-log";

/** What each operation of a history must have become, matched by its acknowledgement or by its key. */
export interface ExpectedOperations {
  byReference: ReadonlyMap<string, Acknowledged>;
  /** Acknowledged operations whose keys have no operation, a sentence each. */
  missing: readonly string[];
}

interface KeyRow {
  userId: bigint;
  key: string;
  reference: string | null;
}

/** A retry of a deposit that never reached its provider is stored under the key `again:<reference of the first>`. */
const NEXT_TRY = /^again:(.+)$/;

/** Call it when all operations have ended, so that all keys are stored. */
export async function readExpectedOperations(env: Environment): Promise<ExpectedOperations> {
  const users = env.people.all.map(({ userId }) => userId.toString());
  const rows = await env.sql<KeyRow[]>`
    select user_id as "userId", key, reference from idempotency_keys where user_id = any (${users}::bigint[])`;
  const rowOf = new Map(rows.map((row) => [row.reference, row]));
  /** The key that the client sent. */
  const sentKey = ({ key }: KeyRow): string => {
    const earlier = rowOf.get(NEXT_TRY.exec(key)?.[1] ?? "");
    return earlier ? sentKey(earlier) : key;
  };
  const byReference = new Map(env.historyLog.acknowledged);
  const found = new Set<unknown>();
  for (const row of rows) {
    if (row.reference === null || byReference.has(row.reference)) continue;
    const key = sentKey(row);
    const match = env.historyLog.byKey.find(
      (each) => each.key === key && personAt(env, each.who).userId === row.userId,
    );
    if (!match) continue;
    found.add(match);
    byReference.set(row.reference, { ...match, reference: row.reference });
  }
  const missing = env.historyLog.byKey.filter((each) => Number.isFinite(each.ackAt) && !found.has(each));
  return {
    byReference,
    missing: missing.map(({ type }) => `a ${type} was acknowledged, and its key has no operation`),
  };
}
