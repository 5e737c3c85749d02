import { setTimeout as wait } from "node:timers/promises";
import type { CrashHarness } from "./crash-harness";

const MINUTE_MS = 60_000;
const ROUND_MS = 1_000;
const PAUSE_MS = 25;
/** Long enough for a busy machine. */
const WITHIN_MS = 60_000;
/** The clock shift of each round: for stale calls, then late acceptances, expiry, and the last retry of a webhook. */
const SHIFTS_MS = [0, 1.5, 1.5, 1.5, 12, 12, 12, 130, 130, 130, 1_500].map((minutes) => minutes * MINUTE_MS);

interface Open {
  jobs: number;
  events: number;
  operations: string[];
}

async function findOpen(harness: CrashHarness): Promise<Open> {
  const [row] = await harness.deployment.owner<[{ jobs: number; events: number; operations: string[] }]>`
    select (select count(*)::int from graphile_worker._private_jobs j where not exists (
        -- An expired deposit is checked for days in case it is paid late: that job isn't unfinished work.
        select from operations o where j.key = 'check_deposit:' || o.id and o.state = 'expired')) as jobs,
      (select count(*)::int from webhook_events where state = 'received') as events,
      array(select reference || ' ' || state from operations
        where (type, state) in (select s.type, s.state from operation_states s where s.awaits = 'provider')) as operations`;
  return row;
}

const isDone = ({ jobs, events, operations }: Open): boolean => jobs + events + operations.length === 0;

/** Runs jobs and sweeps until everything has ended. Returns what is still open after a minute, or null. */
export async function settle(harness: CrashHarness): Promise<string | null> {
  const deadline = Date.now() + WITHIN_MS;
  let open = await findOpen(harness);
  for (let round = 0; !isDone(open); round += 1) {
    const ms = SHIFTS_MS[round] ?? SHIFTS_MS.at(-1) ?? 0;
    if (round >= SHIFTS_MS.length && Date.now() > deadline) break;
    await harness.shift(ms);
    if (ms > 0) await harness.sweep();
    open = await settleRound(harness);
  }
  await harness.shift(0);
  if (isDone(open)) return null;
  return `a day later ${open.jobs} jobs, ${open.events} events and the operations ${open.operations.join(", ")} are still open`;
}

/** Until nothing is open, or only a sweep can make progress. */
async function settleRound(harness: CrashHarness): Promise<Open> {
  const deadline = Date.now() + ROUND_MS;
  let open = await findOpen(harness);
  while (!isDone(open) && Date.now() < deadline) {
    await harness.hurry();
    await wait(PAUSE_MS);
    open = await findOpen(harness);
    if (open.jobs + open.events === 0 && !hasPendingPayout(harness)) break;
  }
  return open;
}

/** Waits until no job is left, for a second at most. */
export async function untilIdle(harness: CrashHarness): Promise<void> {
  const deadline = Date.now() + ROUND_MS;
  while ((await findOpen(harness)).jobs > 0 && Date.now() < deadline) {
    await harness.hurry();
    await wait(PAUSE_MS);
  }
}

export async function stateOf(harness: CrashHarness, reference: string): Promise<string> {
  const { owner } = harness.deployment;
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "missing";
}

/** Waits for one of the states, for some seconds at most: the oracle checks the final state. */
export async function untilState(
  harness: CrashHarness,
  reference: string,
  ...states: string[]
): Promise<void> {
  for (let look = 0; look < 100 && !states.includes(await stateOf(harness, reference)); look += 1) {
    await harness.hurry();
    await wait(PAUSE_MS);
  }
}

/** True while the sandbox is about to settle a payout. */
function hasPendingPayout(harness: CrashHarness): boolean {
  const pending = harness.deployment.sandbox.book.list("payout").filter(({ state }) => state === "pending");
  return pending.some(({ scenario }) => scenario !== "transfer_never_settles");
}
