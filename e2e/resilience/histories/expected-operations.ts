import type { Acknowledged, HistoryLog } from "./history-log";
import type { IdempotencyKeyRow } from "./observed-state";
import type { People } from "./people";

/** What each operation of a history must have become, matched by its acknowledgement or by its key. */
export interface ExpectedOperations {
  /** Null when nobody requested it. */
  find(reference: string): Acknowledged | null;
  /** Those matched by their key only have an infinite `ackAt`. */
  all: readonly Acknowledged[];
  /** Acknowledged operations whose keys have no operation, a sentence each. */
  missing: readonly string[];
}

/** A retry of a deposit that never reached its provider is stored under the key `again:<reference of the first>`. */
const NEXT_TRY = /^again:(.+)$/;

/** Call it when all operations have ended, so that all keys are stored. */
export function expectedOperations(
  historyLog: HistoryLog,
  people: People,
  keys: readonly IdempotencyKeyRow[],
): ExpectedOperations {
  const expected = new Map(historyLog.acknowledged);
  const positions = new Map(people.all.map(({ userId }, who) => [userId.toString(), who]));
  const found = new Set<string>();
  for (const { key, reference, userId } of withRoots(keys)) {
    if (expected.has(reference)) continue;
    const isSame = (each: { key: string; who: number }) =>
      each.key === key && each.who === positions.get(userId);
    const acknowledged = historyLog.byKey.find(isSame);
    const depositsByKey = historyLog.depositsByKey.find(isSame);
    if (acknowledged) {
      found.add(key);
      expected.set(reference, { ...acknowledged, reference });
    } else if (depositsByKey) {
      const rest = { type: "deposit", to: null, fee: 0n, ackAt: Number.POSITIVE_INFINITY } as const;
      expected.set(reference, { ...depositsByKey, ...rest, reference });
    }
  }
  const missing = historyLog.byKey.filter(({ key }) => !found.has(key));
  return {
    find: (reference) => expected.get(reference) ?? null,
    all: [...expected.values()],
    missing: missing.map(({ type }) => `a ${type} was acknowledged, and its key has no operation`),
  };
}

/** Each reference with the key that the client sent for it. */
function withRoots(keys: readonly IdempotencyKeyRow[]): { key: string; reference: string; userId: string }[] {
  const byReference = new Map(keys.map((row) => [row.reference, row]));
  const rootOf = (row: IdempotencyKeyRow): string => {
    const before = NEXT_TRY.exec(row.key)?.[1];
    const earlier = before === undefined ? undefined : byReference.get(before);
    return earlier ? rootOf(earlier) : row.key;
  };
  return keys.flatMap((row) =>
    row.reference === null ? [] : [{ key: rootOf(row), reference: row.reference, userId: row.userId }],
  );
}
