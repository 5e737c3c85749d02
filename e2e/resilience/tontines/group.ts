import { fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import type { Context } from "@/lib/services/context";
import { leaveTontine } from "@/lib/services/tontines/changes/leave-tontine";
import { inviteTokenOf } from "@/lib/services/tontines/code";
import { addMember } from "@/lib/services/tontines/groups/add-member";
import { createTontine } from "@/lib/services/tontines/groups/create-tontine";
import { invite } from "@/lib/services/tontines/groups/invite";
import { joinTontine } from "@/lib/services/tontines/groups/join-tontine";
import { setOrder } from "@/lib/services/tontines/groups/set-order";
import { setRoles } from "@/lib/services/tontines/groups/set-roles";
import { signRules } from "@/lib/services/tontines/groups/sign-rules";
import type { CreateTontine } from "@/lib/services/tontines/schema";
import type { Random } from "../random";
import type { DrawnGroup, DrawnPerson, Habit } from "./draw";
import { takeHalves } from "./model/acts";
import { dayText, instant } from "./model/arithmetic";
import { type Model, newModel } from "./model/state";
import type { TontineDatabase } from "./world";

export const NAMES = [
  "Fatou",
  "Awa",
  "Moussa",
  "Issa",
  "Koffi",
  "Salif",
  "Adjoa",
  "Binta",
  "Chidi",
  "Désiré",
];

/** A group in the product's database and in the model. People and ids are in the order of the model's lists. */
export interface World extends Omit<TontineDatabase, "close"> {
  model: Model;
  code: string;
  tontineId: bigint;
  people: (TestUser | null)[];
  habits: Habit[];
  memberIds: bigint[];
  shareIds: string[];
  holderIds: string[];
  turnIds: string[];
  /** Milliseconds since 1970. */
  now: number;
  /** Francs that came into wallets so far. */
  funded: bigint;
  violations: string[];
}

export const contextAt = ({ now }: World, context: Context): Context => ({ ...context, now: new Date(now) });

/** As a person of the group acts. */
export function contextOf(world: World, member: number): Context {
  const person = world.people[member];
  invariant(person, "a member with an account acts");
  return contextAt(world, person.context);
}

/** Makes a group whose members have joined, hold offices and have signed. */
export async function makeGroup(
  database: Omit<TontineDatabase, "close">,
  drawn: DrawnGroup,
  random: Random,
): Promise<World> {
  const { rules, people, shares, madeOn } = drawn;
  const [founder, ...others] = people;
  invariant(founder, "a group has a founder");
  const user = await database.createPerson(NAMES[0] ?? "");
  const now = instant(madeOn, 10, rules.hoursAhead);
  const { code } = await createTontine({ ...user.context, now: new Date(now) }, inputOf(drawn, founder));
  const model = newModel(rules, shares, drawn.dueDays);
  const world: World = {
    ...{ ...database, model, code, tontineId: 0n, now, funded: 0n, violations: [] },
    ...{ people: [], habits: [], memberIds: [], shareIds: [], holderIds: [], turnIds: [] },
  };
  await addToModel(world, founder, user);
  const { token } = await invite(contextOf(world, 0), { code });
  for (const person of others) await join(world, person, token);
  if (random.chance(0.2)) await replaceOne(world, drawn, token, random);
  await readIds(world);
  if (random.chance(0.4)) await shuffleOrder(world, random);
  await giveRoles(world, random);
  await signAll(world);
  return world;
}

function inputOf(drawn: DrawnGroup, founder: DrawnPerson): CreateTontine {
  const { rules, zone, calendar, dueDays, dayOfMonth, shares } = drawn;
  return {
    ...{ name: "Tontine des Sœurs", currency: "XOF", zone, calendar, shares: String(shares), key: newKey() },
    ...{ contribution: String(rules.contribution), sharesPerTurn: String(rules.sharesPerTurn) },
    ...{ firstDay: dayText(dueDays[0] ?? 0), dayOfMonth: calendar === "monthly" ? String(dayOfMonth) : "" },
    ...{ dates: dueDays.map(dayText).join(" "), time: `${String(rules.dueHour).padStart(2, "0")}:00` },
    ...({ ownShares: sharesText(founder.halves), partsAllowed: rules.parts ? "on" : "" } as const),
    ...{
      fineBefore: String(rules.fineBefore),
      fineAfter: String(rules.fineAfter),
      fineCap: String(rules.fineCap),
    },
    ...{ closesAfterDays: String(rules.closesAfterDays), solidarity: String(rules.solidarity) },
    ...{
      entryFee: String(rules.entry),
      deposit: String(rules.deposit),
      retentionOneIn: String(rules.keepsOneIn),
    },
  };
}

const sharesText = (halves: number): string => String(halves / 2);

async function addToModel(world: World, person: DrawnPerson, user: TestUser | null): Promise<number> {
  const { model, people, habits } = world;
  const member = model.members.length;
  const isIn = { hasAccount: user !== null, isFrozen: false, roles: [], state: "invited" } as const;
  model.members.push({ ...isIn, wallet: 0n, advance: 0n, deposit: 0n, owed: 0n });
  people.push(user);
  habits.push(person.habit);
  const end = takeHalves(model, member, BigInt(person.halves));
  invariant(end === null, "there are as many shares as members take");
  if (user) await topUp(world, member, person.francs);
  return member;
}

/** Money comes into a member's wallet. */
export async function topUp(world: World, member: number, francs: bigint): Promise<void> {
  const [user, it] = [world.people[member], world.model.members[member]];
  if (!user || !it || francs === 0n) return;
  await fundWallet(world.db, user.walletId, money(francs, "XOF"));
  it.wallet += francs;
  world.funded += francs;
}

/** Somebody joins by the link, or is added by the founder without an account. */
async function join(world: World, person: DrawnPerson, token: string): Promise<void> {
  const name = NAMES[world.people.length % NAMES.length] ?? "";
  const shares = sharesText(person.halves);
  const user = person.hasAccount ? await world.createPerson(name) : null;
  if (user) await joinTontine(contextAt(world, user.context), { invitation: token, shares });
  else await addMember(contextOf(world, 0), { code: world.code, name, phone: "", shares });
  await addToModel(world, person, user);
}

/** Somebody leaves before the start, and somebody else takes their places. */
async function replaceOne(world: World, drawn: DrawnGroup, token: string, random: Random): Promise<void> {
  const leaver = random.int(1, world.people.length - 1);
  const place = drawn.people[leaver];
  if (!world.people[leaver] || !place) return;
  await leaveTontine(contextOf(world, leaver), { code: world.code, pin: TEST_PIN });
  const { members, holders } = world.model;
  const gone = members[leaver];
  if (gone) gone.state = "left";
  for (const holder of holders) if (holder.member === leaver) holder.hasEnded = true;
  await join(world, { ...place, hasAccount: true }, token);
}

/** A newcomer to a running group, who takes a place over. */
export async function joinRunning(world: World): Promise<number> {
  const user = await world.createPerson(NAMES[world.people.length % NAMES.length] ?? "");
  await joinTontine(contextAt(world, user.context), {
    invitation: inviteTokenOf(world.tontineId),
    shares: "0",
  });
  const francs = world.model.rules.contribution * BigInt(world.model.order.length);
  const member = await addToModel(world, { halves: 0, hasAccount: true, habit: "punctual", francs }, user);
  await readIds(world);
  return member;
}

async function shuffleOrder(world: World, random: Random): Promise<void> {
  const order = random.shuffle([...world.model.order]);
  const shareIds = order.map((share) => world.shareIds[share] ?? "");
  await setOrder(contextOf(world, 0), { code: world.code, shareIds });
  world.model.order = order;
}

/** Three officers, and an auditor where there are enough people. */
async function giveRoles(world: World, random: Random): Promise<void> {
  const { members } = world.model;
  const able = [...members.keys()].filter(
    (each) => each > 0 && world.people[each] && members[each]?.state !== "left",
  );
  const chosen = random.shuffle(able);
  const roles = ["treasurer", "secretary", "auditor"].slice(0, chosen.length);
  Object.assign(members[0] ?? {}, { roles: ["chair"] });
  for (const [index, role] of roles.entries()) {
    const member = chosen[index] ?? 0;
    const memberId = world.memberIds[member]?.toString() ?? "";
    await setRoles(contextOf(world, 0), { code: world.code, memberId, roles: [role] });
    Object.assign(members[member] ?? {}, { roles: [role] });
  }
}

async function signAll(world: World): Promise<void> {
  const { code, model } = world;
  const [row] = await world.owner<{ hash: string }[]>`
    select encode(r.hash, 'hex') as hash from tontine_rules r where r.tontine_id = ${world.tontineId.toString()}
    order by r.version desc limit 1`;
  for (const [member, { state }] of model.members.entries()) {
    if (state === "left") continue;
    const memberId = world.people[member] ? "" : (world.memberIds[member]?.toString() ?? "");
    const signer = contextOf(world, memberId === "" ? member : 0);
    await signRules(signer, { code, hash: row?.hash ?? "", memberId, pin: TEST_PIN });
  }
  model.state = "agreed";
}

/** Reads the ids of everything that was made so far. */
export async function readIds(world: World): Promise<void> {
  const { owner, code } = world;
  const [row] = await owner<Record<"id" | "members" | "shares" | "holders" | "turns", string>[]>`
    select g.id,
      (select string_agg(m.id::text, ' ' order by m.id) from tontine_members m where m.tontine_id = g.id) as members,
      (select string_agg(s.id::text, ' ' order by s.id) from tontine_shares s join tontine_cycles c on c.id = s.cycle_id
        where c.tontine_id = g.id) as shares,
      (select string_agg(h.id::text, ' ' order by h.id) from tontine_share_holders h join tontine_shares s on s.id = h.share_id
        join tontine_cycles c on c.id = s.cycle_id where c.tontine_id = g.id) as holders,
      (select string_agg(t.id::text, ' ' order by t.number) from tontine_turns t where t.tontine_id = g.id) as turns
    from tontines g where g.code = ${code}`;
  invariant(row, "the group exists");
  const list = (text: string | null) => (text === null ? [] : text.split(" "));
  world.tontineId = BigInt(row.id);
  world.memberIds = list(row.members).map(BigInt);
  world.shareIds = list(row.shares);
  world.holderIds = list(row.holders);
  world.turnIds = list(row.turns);
}
