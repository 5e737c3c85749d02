import { TONTINE_CHECKS } from "@/lib/ledger/integrity/tontine-checks";
import type { Case } from "../run-cases";
import { start } from "./acts";
import { compare, countFrancs } from "./compare";
import { drawGroup } from "./draw";
import { makeGroup, type World } from "./group";
import { DAY_MS } from "./model/arithmetic";
import { isApprovable } from "./model/state";
import {
  actAtRandom,
  approveSome,
  type Count,
  closeIfOver,
  hasWaited,
  isLongOver,
  lastClosing,
  payDues,
  sweep,
  thawAll,
} from "./play";
import type { TontineDatabase } from "./world";

const STEPS_A_TURN = 6;
const AUDIT_EVERY = 6;
const AFTER_CLOSING = 4;
const APPROVED_WITHIN_DAYS = 45;
const GOES_BACK_AFTER_DAYS = 90;

/** What a test changes in a world before a comparison, to see that it is noticed. */
export type Tamper = (world: World, step: number) => Promise<void> | void;

/** Runs a group from its founding to its share-out, and compares product and model after each step. A sentence a violation. */
export async function runHistory(
  database: Omit<TontineDatabase, "close">,
  { number, random, tally }: Case,
  tamper: Tamper = () => {},
): Promise<string[]> {
  const drawn = drawGroup(random);
  const world = await makeGroup(database, drawn, random);
  const count: Count = (what) => tally.count({ [what]: 1 });
  tally.count({ histories: 1, people: drawn.people.length });
  const found = await play();
  return found.map((what) => `${what} (history ${number}, day ${dayOf(world)})`);

  async function play(): Promise<string[]> {
    if (!(await start(world))) {
      count("groups that couldn't start");
      return world.violations;
    }
    const { turns } = world.model;
    const stepMs = Math.max(DAY_MS / 4, averageTurnMs(world) / STEPS_A_TURN);
    let left = AFTER_CLOSING;
    for (let step = 0; left > 0; step += 1) {
      world.now += Math.round((stepMs * random.int(2, 18)) / 10);
      if (hasWaited(world, GOES_BACK_AFTER_DAYS)) {
        count("ended with a pot that goes back");
        return [...stuck(world), ...(await world.audit())];
      }
      await takeStep();
      await tamper(world, step);
      const isAudited = step % AUDIT_EVERY === 0 || world.model.state === "closed";
      const found = [
        ...world.violations,
        ...(await compare(world)),
        ...(isAudited ? await auditTontines(world) : []),
      ];
      if (found.length > 0) return found;
      if (world.model.state === "closed") left -= 1;
      if (isLongOver(world)) break;
    }
    tally.count({ turns: turns.length, [`ended ${world.model.state}`]: 1 });
    const seen = await countFrancs(world);
    const lost = seen === world.funded ? [] : [`of ${world.funded} francs there are ${seen}`];
    return [...stuck(world), ...lost, ...(await world.audit())];
  }

  async function takeStep(): Promise<void> {
    const isOver = world.now > lastClosing(world);
    if (isOver) await thawAll(world);
    if (random.chance(0.85)) await sweep(world);
    await payDues(world, random, count);
    if (random.chance(0.7)) await actAtRandom(world, random, count);
    const isUrgent = isOver || hasWaited(world, APPROVED_WITHIN_DAYS);
    await approveSome(world, random, count, isUrgent ? 1 : 0.6);
    if (random.chance(0.3)) await actAtRandom(world, random, count);
    await closeIfOver(world);
  }
}

const dayOf = ({ now }: World): string => new Date(now).toISOString().slice(0, 16);

function averageTurnMs({ model, now }: World): number {
  return (Math.max(...model.turns.map(({ dueAt }) => dueAt)) - now) / model.turns.length;
}

/** A group that never comes to its end, though there are people who could approve its payouts and close it. */
function stuck({ model, people }: World): string[] {
  const isLed = model.members.some(({ roles, state }, index) => {
    return people[index] && roles.length > 0 && state !== "left" && state !== "replaced";
  });
  if (model.state === "closed" || !isLed || !isApprovable(model)) return [];
  const states = model.turns.map(({ state }) => state);
  return [`the group never ends: it is ${model.state}, its turns ${states.join(", ")}`];
}

/** T1 to T14, as one statement. */
async function auditTontines({ owner }: World): Promise<string[]> {
  const counts = TONTINE_CHECKS.map(({ query }) => `(${query})::int`);
  const [row] = await owner.unsafe<{ counts: number[] }[]>(`select array[${counts.join(", ")}] as counts`);
  return TONTINE_CHECKS.flatMap(({ promise }, index) => {
    const breaches = row?.counts[index] ?? -1;
    return breaches === 0 ? [] : [`${promise}: ${breaches} violations`];
  });
}
