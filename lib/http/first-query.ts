import { DomainError } from "@/lib/errors";
import { type Context, database, explainOutage } from "@/lib/services/context";

/** A database that is there answers a look-up by key in a few milliseconds. */
const ANSWER_WITHIN_MS = 2_000;
/** For the queries of this process within the next second, once one was not answered: those of the same request above all. */
const SECOND_ANSWER_WITHIN_MS = 200;
const AWAY_FOR_MS = 1_000;

let awayUntil = 0;

/** After how many seconds a browser may ask again. */
export const OUTAGE_RETRY_SECONDS = 5;

/**
 * Awaits the first query of a page or an action. Throws `unavailable` when the database is away, or says nothing in time: the
 * driver itself would wait longer than people do.
 */
export async function firstQuery<T>(query: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const isShortened = Date.now() < awayUntil;
  const late = new Promise<never>((_resolve, reject) => {
    // An answer that arrived while the process was busy is still taken.
    const giveUp = () => {
      // A shortened wait is no sign of an outage: if it counted, a database that is slow for a moment would stay away for ever.
      if (!isShortened) awayUntil = Date.now() + AWAY_FOR_MS;
      setImmediate(reject, new DomainError("unavailable"));
    };
    timer = setTimeout(giveUp, isShortened ? SECOND_ANSWER_WITHIN_MS : ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([query, late]);
  } catch (error) {
    throw isUnavailable(error) ? new DomainError("unavailable") : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Throws as {@link firstQuery} does, for what begins without a query of its own. */
export async function requireDatabase(): Promise<void> {
  await firstQuery(database().$client`select 1`);
}

/** True for the failure of a read for an outage of the database. */
export function isUnavailable(error: unknown): boolean {
  const context: Context = {
    actor: { kind: "anonymous" },
    requestId: "",
    db: database(),
    now: new Date(),
  };
  const explained = explainOutage(error, context, { isRead: true });
  return explained instanceof DomainError && explained.code === "unavailable";
}
