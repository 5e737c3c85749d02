import { log } from "@/lib/log";
import { type Context, requireSystem } from "../context";
import { lapseOffers } from "./changes/lapse-offers";
import { runDecisions } from "./decisions/run-decisions";
import { forgiveFines } from "./in-time/forgive-fines";
import { runStandingContributions } from "./mandates/run-standing-contributions";
import { coverDues } from "./money/cover-dues";
import { closeTurns } from "./payouts/confirm-receipt";
import { payRest } from "./payouts/pay-rest";
import { releaseOwed } from "./payouts/release-owed";
import { returnPots } from "./payouts/return-pots";
import { callTurn } from "./turns/call-turn";
import { closeCollection } from "./turns/close-collection";
import { selectDueWork, TONTINE_STEPS, type TontineStep } from "./turns/due-work-store";
import { finishCycle } from "./turns/finish-cycle";
import { markLateDues } from "./turns/mark-late-dues";

type Step = (context: Context, tontineId: bigint) => Promise<unknown>;

/** In the order in which one makes work for the next. */
const STEPS: Readonly<Record<TontineStep, Step>> = {
  decide: async (context, tontineId) => {
    while (await runDecisions(context, tontineId));
  },
  call: callTurn,
  standing: runStandingContributions,
  late: markLateDues,
  fines: forgiveFines,
  collect: async (context, tontineId) => {
    while (await coverDues(context, tontineId));
    await closeCollection(context, tontineId);
  },
  rest: async (context, tontineId) => {
    while ((await payRest(context, tontineId)) > 0);
  },
  returns: async (context, tontineId) => {
    while (await returnPots(context, tontineId));
  },
  owed: releaseOwed,
  lapse: lapseOffers,
  close: closeTurns,
  finish: finishCycle,
};

/**
 * Does what time asks of a group, all of it or some steps: each is a transaction of its own that finds its work under the group's lock, so it may
 * run again, or beside another process, at any time. For the system.
 */
export async function advanceTontine(
  context: Context,
  tontineId: bigint,
  steps: readonly TontineStep[] = TONTINE_STEPS,
): Promise<void> {
  requireSystem(context);
  for (const step of TONTINE_STEPS) {
    if (steps.includes(step)) await STEPS[step](context, tontineId);
  }
}

const GROUPS_A_SWEEP = 2_000;
const AT_ONCE = 4;

/** Advances all groups that time asks something of, some at once. A group that fails doesn't keep the others waiting. Answers how many. */
export async function advanceTontines(context: Context): Promise<number> {
  requireSystem(context);
  const work = await selectDueWork(context.db, context.now, GROUPS_A_SWEEP);
  const queue = work.values();
  const runOne = async () => {
    for (const { tontineId, steps } of queue) {
      try {
        await advanceTontine(context, tontineId, steps);
      } catch (error) {
        log.error({ tontine: tontineId.toString(), err: error }, "a tontine could not be advanced");
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runOne));
  return work.length;
}
