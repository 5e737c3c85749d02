import { advanceTontine } from "@/lib/services/tontines/advance-tontine";
import { selectDueWork } from "@/lib/services/tontines/turns/due-work-store";
import type { Random } from "../random";
import * as acts from "./acts";
import { joinRunning, topUp, type World } from "./group";
import { DAY_MS, dayAt } from "./model/arithmetic";
import { mayApprove } from "./model/money";
import {
  at,
  type Due,
  holdersInOrder,
  isGone,
  isOfficer,
  memberOfDue,
  open,
  receiversOf,
} from "./model/state";
import { SYSTEM } from "./model/system";
import { systemContext } from "./world";

const SWEEPS_MAX = 8;
const ALL_GROUPS = 1_000_000;
const PAYS = { punctual: 0.75, forgetful: 0.25, seldom: 0.06 } as const;

/** What is done of a history, by name. */
export type Count = (what: string) => void;

const pictureOf = (world: World): string =>
  JSON.stringify(world.model, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));

/** The worker's sweeps at this time: what the product finds to do is done by the model too, and then nothing may be left to do. */
export async function sweep(world: World): Promise<void> {
  const { db, model, now, tontineId } = world;
  const at = new Date(now);
  for (let round = 0; round < SWEEPS_MAX; round += 1) {
    const work = (await selectDueWork(db, at, ALL_GROUPS)).find((each) => each.tontineId === tontineId);
    if (!work) break;
    const before = pictureOf(world);
    await advanceTontine(systemContext(db, at), tontineId, work.steps);
    for (const [step, does] of Object.entries(SYSTEM)) {
      if ((work.steps as string[]).includes(step)) does(model, now);
    }
    if (pictureOf(world) === before) break;
  }
  for (const [step, does] of Object.entries(SYSTEM)) {
    const copy = { ...world, model: structuredClone(model) };
    does(copy.model, now);
    if (pictureOf(copy) !== pictureOf(world)) world.violations.push(`the sweep leaves out the step ${step}`);
  }
}

const openDues = ({ model }: World, ofTurn: (turn: number) => boolean = () => true): Due[] =>
  model.dues.filter((due) => open(due) > 0n && ofTurn(due.turn));

const peopleIn = ({ model, people }: World): number[] =>
  [...model.members.keys()].filter((each) => people[each] && !isGone(at(model.members, each)));

/** Members pay what they owe, as their habits are; for who has no account somebody else does. */
export async function payDues(world: World, random: Random, count: Count): Promise<void> {
  const byMember = new Map<number, Due[]>();
  for (const due of openDues(world)) {
    const member = memberOfDue(world.model, due);
    byMember.set(member, [...(byMember.get(member) ?? []), due]);
  }
  for (const [member, dues] of byMember) {
    if (!random.chance(PAYS[world.habits[member] ?? "seldom"])) continue;
    const isAble = peopleIn(world).includes(member);
    const payer = isAble && random.chance(0.95) ? member : random.pick(peopleIn(world));
    const chosen = random.chance(0.8) ? dues : dues.slice(0, 1);
    count(payer === member ? "payments" : "payments for others");
    await acts.pay(world, payer, chosen, null);
  }
}

/** Officers approve what is proposed, mostly; now and then somebody refuses, or who may not tries. */
export async function approveSome(
  world: World,
  random: Random,
  count: Count,
  eagerness = 0.6,
): Promise<void> {
  const { model, now } = world;
  for (const payout of model.payouts.filter(({ state }) => state === "proposed")) {
    if (!random.chance(eagerness)) continue;
    if (eagerness < 1 && random.chance(0.04)) {
      count("refusals");
      await acts.refuse(world, payout, random.pick(peopleIn(world)));
      continue;
    }
    const able = peopleIn(world).filter((each) => mayApprove(model, payout, each, now));
    const asked = eagerness < 1 && random.chance(0.1) ? [random.pick(peopleIn(world))] : random.shuffle(able);
    for (const member of asked.slice(0, eagerness < 1 ? random.int(1, 2) : able.length)) {
      if (payout.state !== "proposed") break;
      count("approvals");
      await acts.approveOne(world, payout, member);
    }
  }
  const officer = peopleIn(world).find((each) => isOfficer(at(model.members, each)));
  const refused = model.payouts.find(
    ({ turn, holder, state }) =>
      state === "refused" &&
      ["complete", "short", "approved", "part_paid"].includes(at(model.turns, turn).state) &&
      !model.payouts.some(
        (each) => each.turn === turn && each.holder === holder && each.state === "proposed",
      ),
  );
  if (refused && officer !== undefined && (eagerness === 1 || random.chance(0.5)))
    await acts.askAgain(world, refused.turn, officer);
}

type Act = (world: World, random: Random) => Promise<unknown>;

const francs = (world: World, random: Random, percentMax = 250): bigint =>
  (world.model.rules.contribution * BigInt(random.int(1, percentMax))) / 100n + 1n;

/** An officer who is none of these. */
function officerBeside(world: World, ...others: number[]): number | undefined {
  return peopleIn(world).find((each) => isOfficer(at(world.model.members, each)) && !others.includes(each));
}

/** Everything else that people do, by its name. */
const ACTS = {
  "top-ups": (world, random) => topUp(world, random.pick(peopleIn(world)), francs(world, random, 500)),
  "payments ahead": (world, random) =>
    acts.payAhead(world, random.pick(peopleIn(world)), francs(world, random)),
  "parts and overpayments": async (world, random) => {
    const dues = openDues(world);
    if (dues.length === 0) return;
    const due = random.pick(dues);
    const amount = random.chance(0.5)
      ? francs(world, random)
      : (open(due) * BigInt(random.int(1, 9))) / 10n + 1n;
    await acts.pay(world, random.pick(peopleIn(world)), [due], amount);
  },
  "payments of several people's dues": async (world, random) => {
    const dues = random.shuffle(openDues(world)).slice(0, random.int(2, 4));
    if (dues.length > 1) await acts.pay(world, random.pick(peopleIn(world)), dues, null);
  },
  repayments: async (world, random) => {
    const debtors = world.model.debts.flatMap(({ debtor, amount, repaid }) =>
      repaid < amount ? [debtor] : [],
    );
    const able = debtors.filter((each) => peopleIn(world).includes(each));
    const payer = able.length > 0 ? random.pick(able) : random.pick(peopleIn(world));
    await acts.repay(world, payer, francs(world, random, 150));
  },
  consents: (world, random) => {
    const endsOn = dayAt(world.now, world.model.rules.hoursAhead) + random.int(5, 200);
    return acts.consent(world, random.pick(peopleIn(world)), francs(world, random, 300), endsOn);
  },
  revocations: (world, random) => acts.revoke(world, random.pick(peopleIn(world))),
  guarantees: async (world, random) => {
    const [member, guarantor] = random.shuffle(peopleIn(world));
    if (member === undefined || guarantor === undefined) return;
    await acts.vouch(world, member, guarantor, francs(world, random, 400));
  },
  leavers: async (world, random) => {
    const leaver = random.pick(peopleIn(world));
    const officer = officerBeside(world, leaver);
    const { holders, turns } = world.model;
    const isShared = turns.some((_, turn) => {
      const members = receiversOf(world.model, turn).map((holder) => at(holders, holder).member);
      return members.includes(leaver) && members.some((each) => each !== leaver);
    });
    // A leaver's half of a turn becomes a turn of its own, which the model doesn't know.
    if (officer !== undefined && !isShared) await acts.leave(world, leaver, officer);
  },
  swaps: async (world, random) => {
    const { model } = world;
    const able = holdersInOrder(model).filter((holder) => isAble(world, at(model.holders, holder).member));
    const [one, other] = random.shuffle(able);
    if (one === undefined || other === undefined) return;
    const members = [one, other].map((holder) => at(model.holders, holder).member);
    const officer = officerBeside(world, ...members);
    if (members[0] === members[1] || officer === undefined) return;
    await acts.swap(world, [one, other], random.chance(0.5) ? 0n : francs(world, random, 40), officer);
  },
  handovers: async (world, random) => {
    const { model } = world;
    const able = holdersInOrder(model).filter((holder) => isAble(world, at(model.holders, holder).member));
    if (able.length === 0) return;
    const holder = random.pick(able);
    const giver = at(model.holders, holder).member;
    const others = peopleIn(world).filter((each) => each !== giver);
    if (model.state !== "running") return;
    const taker = random.chance(0.5) || others.length === 0 ? await joinRunning(world) : random.pick(others);
    const officer = officerBeside(world, giver, taker);
    if (officer !== undefined) await acts.handOver(world, holder, taker, officer);
  },
  freezes: (world, random) => acts.freeze(world, random.pick(peopleIn(world)), true),
  thaws: async (world, random) => {
    const frozen = peopleIn(world).filter((each) => at(world.model.members, each).isFrozen);
    if (frozen.length > 0) await acts.freeze(world, random.pick(frozen), false);
  },
  confirmations: async (world) => {
    const { model } = world;
    const turn = model.turns.findIndex(({ state }) => state === "paid");
    if (turn < 0) return;
    const members = receiversOf(model, turn).map((holder) => at(model.holders, holder).member);
    const receiver = members.find((each) => peopleIn(world).includes(each));
    if (receiver !== undefined) await acts.confirm(world, turn, receiver);
  },
} satisfies Record<string, Act>;

const isAble = (world: World, member: number): boolean =>
  peopleIn(world).includes(member) && !at(world.model.members, member).isFrozen;

const WEIGHTS: Readonly<Record<keyof typeof ACTS, number>> = {
  ...{
    "top-ups": 5,
    "payments ahead": 3,
    "parts and overpayments": 4,
    "payments of several people's dues": 3,
  },
  ...{ repayments: 4, consents: 3, revocations: 1, guarantees: 3, leavers: 1, swaps: 2, handovers: 1 },
  ...{ freezes: 1, thaws: 2, confirmations: 2 },
};

/** One of them; the model says which are in order, and others must be refused. */
export async function actAtRandom(world: World, random: Random, count: Count): Promise<void> {
  const name = random.weighted(WEIGHTS);
  count(name);
  await ACTS[name](world, random);
}

/** Closes the group as soon as it may be. Answers false when no officer is left who could. */
export async function closeIfOver(world: World): Promise<boolean> {
  const { model } = world;
  if (model.state !== "closing") return true;
  const officer = officerBeside(world);
  if (officer === undefined) return false;
  await acts.close(world, officer);
  return true;
}

export async function thawAll(world: World): Promise<void> {
  for (const [member, { isFrozen }] of world.model.members.entries()) {
    if (isFrozen) await acts.freeze(world, member, false);
  }
}

/** Whether a pot has waited so many days after its closing time to be approved. The model doesn't know how it goes back after 90. */
export const hasWaited = ({ model, now }: World, days: number): boolean =>
  model.turns.some(
    ({ state, pot, closesAt }) =>
      (state === "complete" || state === "short") && pot > 0n && closesAt <= now - days * DAY_MS,
  );

export const DAYS_AFTER_END = 60;
export const lastClosing = ({ model }: World): number =>
  Math.max(...model.turns.map(({ closesAt }) => closesAt));
export const isLongOver = (world: World): boolean => world.now > lastClosing(world) + DAYS_AFTER_END * DAY_MS;
