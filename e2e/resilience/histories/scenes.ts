import type { KeyFact } from "./facts";
import type { Acknowledged, HistoryLog } from "./history-log";
import type { People } from "./people";

/** What the references of a history were meant to become, found by the answers or by their keys. */
export interface Scenes {
  /** Null for one that nobody knows of. */
  find(reference: string): Acknowledged | null;
  /** All of them. What was never acknowledged by its name was told at no time: `ackAt` is infinite. */
  expected: readonly Acknowledged[];
  /** Answers with a yes whose keys stand for nothing. */
  lost: readonly string[];
}

/** A try that reached nobody hands its key on to the next one, under a key of its own. */
const NEXT_TRY = /^again:(.+)$/;

/** Call when nobody acts any more: the keys have to be all there. */
export function scenesOf(historyLog: HistoryLog, people: People, keys: readonly KeyFact[]): Scenes {
  const expected = new Map(historyLog.acknowledged);
  const positions = new Map(people.all.map(({ userId }, who) => [userId.toString(), who]));
  const found = new Set<string>();
  for (const { key, reference, userId } of withRoots(keys)) {
    if (expected.has(reference)) continue;
    const isIts = (each: { key: string; who: number }) =>
      each.key === key && each.who === positions.get(userId);
    const told = historyLog.byKey.find(isIts);
    const unnamed = historyLog.unnamed.find(isIts);
    if (told) {
      found.add(key);
      expected.set(reference, { ...told, reference });
    } else if (unnamed) {
      const rest = { type: "deposit", to: null, fee: 0n, ackAt: Number.POSITIVE_INFINITY } as const;
      expected.set(reference, { ...unnamed, ...rest, reference });
    }
  }
  const lost = historyLog.byKey.filter(({ key }) => !found.has(key));
  return {
    find: (reference) => expected.get(reference) ?? null,
    expected: [...expected.values()],
    lost: lost.map(({ type }) => `a ${type} was answered with a yes, and its key stands for nothing`),
  };
}

/** Each reference with the key that somebody sent for it. */
function withRoots(keys: readonly KeyFact[]): { key: string; reference: string; userId: string }[] {
  const byReference = new Map(keys.map((fact) => [fact.reference, fact]));
  const rootOf = (fact: KeyFact): string => {
    const before = NEXT_TRY.exec(fact.key)?.[1];
    const earlier = before === undefined ? undefined : byReference.get(before);
    return earlier ? rootOf(earlier) : fact.key;
  };
  return keys.flatMap((fact) =>
    fact.reference === null ? [] : [{ key: rootOf(fact), reference: fact.reference, userId: fact.userId }],
  );
}
