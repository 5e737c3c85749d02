import { config } from "@/lib/config";
import { log } from "@/lib/log";
import { type Context, requireSystem } from "../../context";
import { inGroup, recordEvents } from "../groups/group";
import { applyDraw } from "./apply-draw";
import { type Beacon, type BeaconAnswer, type BeaconRound, httpBeacon } from "./beacon";
import { timeOfRound } from "./draw-sheet";
import { LATER_ROUNDS_MAX, RETRY_FIRST_SECONDS, RETRY_LAST_SECONDS, ROUNDS_A_DAY } from "./policy";
import { type DrawRow, findDraw, selectDrawsToRead, updateDraw } from "./store";

const DRAWS_A_SWEEP = 100;

/**
 * Reads the randomness of draws whose round should be published, and applies it. What isn't there is tried again later; what the beacon didn't
 * sign is refused and told. A sweep of the worker: a draw that fails doesn't keep the others waiting. For the system. Answers how many
 * were drawn.
 */
export async function readDraws(
  context: Context,
  beacon: Beacon = httpBeacon(config().beacon),
): Promise<number> {
  requireSystem(context);
  let drawn = 0;
  for (const { draw, tontineId } of await selectDrawsToRead(context.db, context.now, DRAWS_A_SWEEP)) {
    try {
      if (await readDraw(context, tontineId, draw, beacon)) drawn += 1;
    } catch (error) {
      log.error({ tontine: tontineId.toString(), err: error }, "a draw could not be made");
    }
  }
  return drawn;
}

/** The call is made without a lock; what it answered counts only when the draw still waits for it. */
async function readDraw(
  context: Context,
  tontineId: bigint,
  read: DrawRow,
  beacon: Beacon,
): Promise<boolean> {
  const { value, liars, problem } = await askForRound(read, context.now, beacon);
  if (liars.length > 0)
    log.warn({ mirrors: liars, round: read.round }, "a mirror answered what the beacon didn't sign");
  return await inGroup(context, tontineId, async (tx, group) => {
    const draw = await findDraw(tx, group.cycle.id);
    if (group.tontine.state !== "agreed" || draw?.id !== read.id || draw.state !== "frozen") return false;
    const refused = { kind: "draw.refused" as const, details: { mirrors: liars.join(" ") } };
    // Told once: a mirror that lies does so at each try.
    if (liars.length > 0 && draw.problem !== "wrong") await recordEvents(tx, context, group, [refused]);
    if (value === null) {
      const tries = draw.tries + 1;
      const waits = Math.min(RETRY_FIRST_SECONDS * 2 ** Math.min(draw.tries, 20), RETRY_LAST_SECONDS);
      const nextTryAt = new Date(context.now.getTime() + waits * 1000);
      await updateDraw(tx, draw.id, { tries, nextTryAt, problem });
      return false;
    }
    const { round, randomness, signature, mirror } = value;
    await applyDraw(tx, context, group, { draw, randomness: { round, randomness, signature, mirror } });
    return true;
  });
}

/** The first of a draw's rounds that can be read, in their order: nobody chooses which one. */
async function askForRound(draw: DrawRow, now: Date, beacon: Beacon) {
  const liars = new Set<string>();
  let last: BeaconAnswer["kind"] | null = null;
  let value: BeaconRound | null = null;
  for (const round of roundsOf(draw, now)) {
    const answer = await beacon.read(round);
    for (const liar of answer.liars) liars.add(liar);
    if (answer.kind === "round") value = answer.value;
    // No mirror answers at all: neither would they for the next round.
    if (value !== null || (answer.kind === "unreachable" && last === "unreachable")) break;
    last = answer.kind;
  }
  const problem =
    liars.size > 0 ? ("wrong" as const) : last === "late" ? ("late" as const) : ("unreachable" as const);
  return { value, liars: [...liars], problem };
}

/** The sheet's round; once it is a day late also the one of the next day at the same time, of the day after, and so on. */
export function roundsOf({ round }: Pick<DrawRow, "round">, now: Date): number[] {
  const first = round ?? 0;
  const rounds = Array.from({ length: 1 + LATER_ROUNDS_MAX }, (_, index) => first + index * ROUNDS_A_DAY);
  return rounds.filter((each) => each === first || timeOfRound(each) <= now);
}
