import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Context } from "../context";
import { bookKeyOf } from "./compare";
import type { Findings } from "./compare-provider";
import { BREAKS_MAX } from "./policy";
import {
  finishRun,
  insertBreak,
  insertRun,
  lockOpenRun,
  type NewRun,
  type RunRow,
  resolveBreak,
  selectOpenBreaks,
} from "./store";

const keyOf = (one: Parameters<typeof bookKeyOf>[0] & { kind: string }) => `${bookKeyOf(one)} ${one.kind}`;

/**
 * Records what a run found: new breaks, each once, and the end of those that are resolved. A manual run is recorded here
 * too, not at its start: one that was killed would stay open for ever.
 */
export async function recordFindings(
  context: Context,
  due: RunRow | NewRun,
  findings: Findings,
): Promise<{ opened: number; resolved: number }> {
  const { found, undecided, keys, compared } = findings;
  const written = await inTransaction(context.db, async (tx) => {
    const run = "id" in due ? await lockOpenRun(tx, due.id) : await insertRun(tx, due);
    // The job ran twice: the first run counts.
    if (!run) return { opened: [], resolved: 0 };
    const lasting = new Set(found.map(keyOf));
    let resolved = 0;
    for (const open of await selectOpenBreaks(tx, run.provider, BREAKS_MAX)) {
      const wasLookedFor = keys.has(bookKeyOf(open)) || isIn(run, open.occurredAt);
      if (!wasLookedFor || undecided.has(bookKeyOf(open)) || lasting.has(keyOf(open))) continue;
      await resolveBreak(tx, open.id);
      resolved += 1;
    }
    const opened = [];
    for (const difference of found) {
      const row = await insertBreak(tx, run, difference);
      if (row) opened.push(row);
    }
    await finishRun(tx, run.id, compared);
    return { opened, resolved };
  });
  for (const { id, provider, direction, kind, subject } of written.opened) {
    log.error({ break: id.toString(), provider, direction, kind, subject }, "reconciliation break");
  }
  return { opened: written.opened.length, resolved: written.resolved };
}

function isIn({ windowFrom, windowTo }: RunRow, moment: Date): boolean {
  return moment >= windowFrom && moment < windowTo;
}
