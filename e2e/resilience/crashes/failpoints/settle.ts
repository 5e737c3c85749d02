import { setTimeout as wait } from "node:timers/promises";
import type { Stage } from "./crash-harness";

const MINUTE_MS = 60_000;
const ROUND_MS = 1_000;
const PAUSE_MS = 25;
/** Long enough for a machine that is busy with other things; what hangs for ever hangs longer. */
const WITHIN_MS = 60_000;
/** How far ahead each round of waiting looks: stale calls first, then late acceptances, expiry, and a webhook's patience. */
const SHIFTS_MS = [0, 1.5, 1.5, 1.5, 12, 12, 12, 130, 130, 130, 1_500].map((minutes) => minutes * MINUTE_MS);

interface Open {
  jobs: number;
  events: number;
  operations: string[];
}

/** What isn't done yet. */
export async function findOpen(stage: Stage): Promise<Open> {
  const [row] = await stage.deployment.owner<[{ jobs: number; events: number; operations: string[] }]>`
    select (select count(*)::int from graphile_worker._private_jobs j where not exists (
        -- What expired is asked about for days, in case that it was paid after all: that isn't work left undone.
        select from operations o where j.key = 'check_deposit:' || o.id and o.state = 'expired')) as jobs,
      (select count(*)::int from webhook_events where state = 'received') as events,
      array(select reference || ' ' || state from operations
        where state in ('pending', 'created', 'submitting', 'submitted', 'unknown')) as operations`;
  return row;
}

const isDone = ({ jobs, events, operations }: Open): boolean => jobs + events + operations.length === 0;

/** Lets jobs and sweeps bring everything to its end; answers what was still open when their time was over. */
export async function settle(stage: Stage): Promise<string | null> {
  const deadline = Date.now() + WITHIN_MS;
  let open = await findOpen(stage);
  for (let round = 0; !isDone(open); round += 1) {
    const ms = SHIFTS_MS[round] ?? SHIFTS_MS.at(-1) ?? 0;
    if (round >= SHIFTS_MS.length && Date.now() > deadline) break;
    await stage.shift(ms);
    if (ms > 0) await stage.sweep();
    open = await settleRound(stage);
  }
  await stage.shift(0);
  if (isDone(open)) return null;
  return `after a day ${open.jobs} jobs, ${open.events} events and the operations ${open.operations.join(", ")} are still open`;
}

/** Until nothing is left, or until only a sweep can bring what is. */
async function settleRound(stage: Stage): Promise<Open> {
  const deadline = Date.now() + ROUND_MS;
  let open = await findOpen(stage);
  while (!isDone(open) && Date.now() < deadline) {
    await stage.hurry();
    await wait(PAUSE_MS);
    open = await findOpen(stage);
    if (open.jobs + open.events === 0 && !isBusy(stage)) break;
  }
  return open;
}

/** Until no job is left, or some seconds in any case: what must be true is judged later. */
export async function untilIdle(stage: Stage): Promise<void> {
  const deadline = Date.now() + ROUND_MS;
  while ((await findOpen(stage)).jobs > 0 && Date.now() < deadline) {
    await stage.hurry();
    await wait(PAUSE_MS);
  }
}

/** The provider is about to pay something out. */
function isBusy(stage: Stage): boolean {
  const pending = stage.deployment.sandbox.book.list("payout").filter(({ state }) => state === "pending");
  return pending.some(({ scenario }) => scenario !== "transfer_never_settles");
}
