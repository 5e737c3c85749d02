import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { ping } from "./store";

/** A database that answered so recently is taken to be there. */
const RECENT_MS = 1_000;
/** Callers get their 503 within three seconds, while a lost connection would keep them waiting for ten and more. */
const ANSWER_WITHIN_MS = 2_000;

interface Standing {
  answeredAt: number;
  /** One for all requests that wait at once. */
  probe: Promise<boolean> | null;
}

const standings = new WeakMap<Database, Standing>();

/** Asks the database at most once a second. Throws `unavailable` (nothing was done) when it doesn't answer within two seconds. */
export async function requireDatabase(db: Database): Promise<void> {
  const standing = standings.get(db) ?? { answeredAt: Number.NEGATIVE_INFINITY, probe: null };
  standings.set(db, standing);
  if (performance.now() - standing.answeredAt < RECENT_MS) return;
  standing.probe ??= probe(db, standing).finally(() => {
    standing.probe = null;
  });
  if (!(await standing.probe)) throw new DomainError("unavailable");
}

async function probe(db: Database, standing: Standing): Promise<boolean> {
  const timeout = new AbortController();
  const late = wait(ANSWER_WITHIN_MS, false, { signal: timeout.signal }).catch(() => false);
  const answered = ping(db).then(
    () => true,
    () => false,
  );
  const isThere = await Promise.race([answered, late]).finally(() => timeout.abort());
  if (isThere) standing.answeredAt = performance.now();
  return isThere;
}
