import type { Database } from "@/db/client";
import { addDays, dayOf } from "@/lib/day-range";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import { sandboxRound } from "@/lib/sandbox/beacon";
import type { Context } from "@/lib/services/context";
import { advanceTontine } from "@/lib/services/tontines/advance-tontine";
import { instantOf } from "@/lib/services/tontines/calendar";
import { createTontine } from "@/lib/services/tontines/groups/create-tontine";
import { invite } from "@/lib/services/tontines/groups/invite";
import { joinTontine } from "@/lib/services/tontines/groups/join-tontine";
import { setRoles } from "@/lib/services/tontines/groups/set-roles";
import { signRules } from "@/lib/services/tontines/groups/sign-rules";
import { payDues } from "@/lib/services/tontines/money/pay-dues";
import { addDrawNumber } from "@/lib/services/tontines/order/add-draw-number";
import { drawOrder, writeSheet } from "@/lib/services/tontines/order/draw-sheet";
import { freezeDraw, nextRound } from "@/lib/services/tontines/order/freeze-draw";
import { readDraws } from "@/lib/services/tontines/order/read-draws";
import { approvePayout } from "@/lib/services/tontines/payouts/approve-payout";
import type { CreateTontine } from "@/lib/services/tontines/schema";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "./people";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Somebody of a test's group. */
export interface Person extends TestUser {
  name: string;
  memberId: bigint;
}

/** A running group of a test: people in the order of their turns, the first and the last two hold the offices. */
export interface TestGroup {
  db: Database;
  id: bigint;
  code: string;
  people: readonly Person[];
  /** The due day of the first turn. */
  firstDay: string;
}

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
  "Efua",
  "Gifty",
] as const;

/** Input for a new group with a new key: weekly from in ten days, unless told otherwise. */
export function typedTontine(values: Partial<CreateTontine> = {}): CreateTontine {
  return {
    name: "Tontine des Sœurs",
    currency: "XOF",
    contribution: "10 000",
    shares: "12",
    zone: "Africa/Abidjan",
    calendar: "weekly",
    firstDay: addDays(dayOf(new Date(), "Africa/Abidjan"), 10),
    time: "18:00",
    key: newKey(),
    ...values,
  };
}

/** A person with a PIN and francs in the wallet. */
export async function createMember(db: Database, firstName: string, francs: bigint): Promise<TestUser> {
  const user = await createUser(db, { firstName, lastName: "T", pin: TEST_PIN });
  if (francs > 0n) await fundWallet(db, user.walletId, money(francs, "XOF"));
  return user;
}

export async function codeOf(
  users: readonly TestUser[],
  values: Partial<CreateTontine> = {},
): Promise<string> {
  const [founder, ...others] = users;
  invariant(founder, "a group has a founder");
  const input = typedTontine({ shares: String(users.length), ...values });
  const { code } = await createTontine(founder.context, input);
  const { token } = await invite(founder.context, { code });
  for (const { context } of others) await joinTontine(context, { invitation: token });
  return code;
}

/** The id of a group, and the hash of its rules. */
export async function readTontine(db: Database, code: string): Promise<{ id: bigint; hash: string }> {
  const [row] = await db.$client<{ id: string; hash: string }[]>`
    select t.id, encode(r.hash, 'hex') as hash from tontines t join tontine_cycles c on c.tontine_id = t.id
    join tontine_rules r on r.id = c.rules_id where t.code = ${code} order by c.number desc limit 1`;
  invariant(row, "the group exists");
  return { id: BigInt(row.id), hash: row.hash };
}

export async function memberIdOf(db: Database, code: string, { userId }: TestUser): Promise<bigint> {
  const [row] = await db.$client<{ id: string }[]>`
    select m.id from tontine_members m join tontines t on t.id = m.tontine_id
    where t.code = ${code} and m.user_id = ${userId.toString()}`;
  invariant(row, "the person is a member");
  return BigInt(row.id);
}

/** Who holds the offices of chair, treasurer and secretary: the founder and the last two. */
export const officersOf = <T>(people: readonly T[]): T[] =>
  [people[0], people.at(-2), people.at(-1)].filter((person) => person !== undefined);

/** All sign, and the offices go to the founder and the last two. */
export async function signAll(db: Database, code: string, users: readonly TestUser[]): Promise<void> {
  const [chair] = users;
  invariant(chair, "a group has a chair");
  for (const [index, roles] of [["treasurer"], ["secretary"]].entries()) {
    const user = officersOf(users)[index + 1];
    if (!user) continue;
    const memberId = (await memberIdOf(db, code, user)).toString();
    await setRoles(chair.context, { code, memberId, roles });
  }
  const { hash } = await readTontine(db, code);
  for (const { context } of users) await signRules(context, { code, hash, pin: TEST_PIN });
}

/** A group that runs: one share each in the order of people, who have so many francs. */
export async function runningGroup(
  db: Database,
  {
    count = 12,
    francs = 120_000n,
    names = NAMES,
    auditor,
    ...values
  }: Partial<CreateTontine> & {
    count?: number;
    francs?: bigint;
    names?: readonly string[];
    /** Which of the people is the auditor. */
    auditor?: number;
  } = {},
): Promise<TestGroup> {
  const users: TestUser[] = [];
  for (let index = 0; index < count; index += 1) {
    users.push(await createMember(db, names[index % names.length] ?? "Awa", francs));
  }
  const code = await codeOf(users, values);
  await signAll(db, code, users);
  const [chair] = users;
  invariant(chair, "a group has a chair");
  if (values.order === "draw") await drawInOrder(db, code, chair);
  const auditing = auditor === undefined ? undefined : users[auditor];
  if (auditing) {
    const memberId = (await memberIdOf(db, code, auditing)).toString();
    await setRoles(chair.context, { code, memberId, roles: ["auditor"] });
  }
  await startTontine(chair.context, { code, pin: TEST_PIN });
  const { id } = await readTontine(db, code);
  const people = await Promise.all(
    users.map(async (user, index) => ({
      ...user,
      name: names[index % names.length] ?? "Awa",
      memberId: await memberIdOf(db, code, user),
    })),
  );
  const [first] = await db.$client<{ day: string }[]>`
    select due_on::text as day from tontine_turns where tontine_id = ${id.toString()} and number = 1`;
  return { db, id, code, people, firstDay: first?.day ?? "" };
}

/** Draws the order that shares have already: with a number of the chair's that gives it. */
export async function drawInOrder(db: Database, code: string, chair: TestUser): Promise<void> {
  const { round, drawsAt } = nextRound(chair.context.now);
  invariant(round !== null, "a draw has a round");
  const { randomness, signature } = sandboxRound(round);
  const [cycle] = await db.$client<{ number: number; shares: number }[]>`
    select c.number, c.share_count as shares from tontine_cycles c join tontines t on t.id = c.tontine_id where t.code = ${code}`;
  invariant(cycle, "a group has a cycle");
  const added = await db.$client<{ number: string | null }[]>`
    select x.number from tontines t join tontine_cycles c on c.tontine_id = t.id join tontine_shares s on s.cycle_id = c.id
    left join tontine_share_holders h on h.share_id = s.id and h.ended_at is null
    left join tontine_draw_numbers x on x.cycle_id = c.id and x.member_id = h.member_id
    where t.code = ${code} order by s.position`;
  const isKept = (number: number) => {
    const numbers = added.map((share, index) => (index === 0 ? String(number) : (share.number ?? "")));
    const sheet = writeSheet({ code, cycle: cycle.number, source: { kind: "quicknet", round }, numbers });
    return drawOrder(sheet, randomness, cycle.shares).order.every((share, index) => share === index + 1);
  };
  let number = 1;
  while (!isKept(number)) number += 1;
  await addDrawNumber(chair.context, { code, number: String(number) });
  await freezeDraw(chair.context, { code, pin: TEST_PIN });
  const value = { round, randomness, signature, mirror: "beacon.test" };
  await readDraws(system(db, drawsAt), { read: async () => ({ kind: "round", value, liars: [] }) });
}

/** So many days after the due time of a weekly turn; before it when negative. */
export function timeOf({ firstDay }: TestGroup, turn: number, days = 0): Date {
  const due = instantOf(addDays(firstDay, (turn - 1) * 7), "18:00", "Africa/Abidjan");
  return new Date(due.getTime() + days * DAY_MS);
}

export const at = (context: Context, now: Date): Context => ({ ...context, now });

export const system = (db: Database, now: Date): Context => ({
  ...createContext(db, { kind: "system" }),
  now,
});

/** Lets the system do all that is due at this time. */
export const advance = (group: TestGroup, now: Date) => advanceTontine(system(group.db, now), group.id);

export interface DueOfTest {
  id: string;
  turn: number;
  kind: string;
  state: string;
  memberId: bigint;
  amount: bigint;
  paid: bigint;
  covered: bigint;
}

type DueColumns = { turn: number } & Record<
  "id" | "kind" | "state" | "member" | "amount" | "paid" | "covered",
  string
>;

/** Dues of a group, by turn and id. */
export async function duesOf({ db, id }: TestGroup): Promise<DueOfTest[]> {
  const rows = await db.$client<DueColumns[]>`
    select d.id, t.number as turn, d.kind, d.state, h.member_id as member, d.amount_minor as amount, d.paid_minor as paid,
      d.covered_minor as covered
    from tontine_dues d join tontine_turns t on t.id = d.turn_id join tontine_share_holders h on h.id = d.holder_id
    where d.tontine_id = ${id.toString()} order by t.number, d.id`;
  return rows.map((row) => ({
    id: row.id,
    turn: row.turn,
    kind: row.kind,
    state: row.state,
    memberId: BigInt(row.member),
    amount: BigInt(row.amount),
    paid: BigInt(row.paid),
    covered: BigInt(row.covered),
  }));
}

/** Pays what a person owes in a turn: the contribution, or another kind; at the turn's due day. */
export async function pay(
  group: TestGroup,
  person: Person,
  turn: number,
  options: { kinds?: string[]; now?: Date; by?: Person; key?: string; amount?: string } = {},
) {
  const {
    kinds = ["contribution"],
    now = timeOf(group, turn, -0.5),
    by = person,
    key = newKey(),
    amount = "",
  } = options;
  const dues = await duesOf(group);
  const dueIds = dues
    .filter(
      (due) =>
        due.turn === turn &&
        due.memberId === person.memberId &&
        kinds.includes(due.kind) &&
        due.state !== "paid",
    )
    .map((due) => due.id);
  return await payDues(at(by.context, now), { code: group.code, dueIds, amount, pin: TEST_PIN, key });
}

/** The payouts of a turn that wait for approval, with the hash that officers are shown. */
export async function proposedOf({ db, id }: TestGroup, turn: number) {
  return await db.$client<{ id: string; hash: string; member: string; amount: string }[]>`
    select p.id, encode(p.shown_hash, 'hex') as hash, p.member_id as member, p.amount_minor as amount
    from tontine_payouts p join tontine_turns t on t.id = p.turn_id
    where p.tontine_id = ${id.toString()} and t.number = ${turn} and p.state = 'proposed' order by p.id`;
}

/** Two officers who don't receive approve what is proposed for a turn. */
export async function approveAll(group: TestGroup, turn: number, now: Date): Promise<void> {
  const proposed = await proposedOf(group, turn);
  const receivers = new Set(proposed.map(({ member }) => member));
  const approvers = officersOf(group.people).filter(({ memberId }) => !receivers.has(memberId.toString()));
  for (const { id, hash } of proposed) {
    for (const { context } of approvers.slice(0, 2)) {
      await approvePayout(at(context, now), { code: group.code, payoutId: id, hash, pin: TEST_PIN });
    }
  }
}

/** A turn that all pay and whose pot is approved, paid and closed; except for those who don't pay. */
export async function runTurn(group: TestGroup, turn: number, skip: readonly Person[] = []): Promise<void> {
  await advance(group, timeOf(group, turn, -2));
  const dues = await duesOf(group);
  for (const person of group.people) {
    const owes = dues.some(
      (due) =>
        due.turn === turn &&
        due.memberId === person.memberId &&
        due.state === "open" &&
        due.kind === "contribution",
    );
    if (owes && !skip.includes(person)) await pay(group, person, turn);
  }
  await advance(group, timeOf(group, turn, 4.5));
  await approveAll(group, turn, timeOf(group, turn, 4.6));
}

/** Francs in a wallet. */
export async function francsOf({ db }: TestGroup, { walletId }: TestUser): Promise<bigint> {
  return await balanceOf(db, `wallet/${walletId}/XOF/available`);
}

/** The balance of an account of the group, by the end of its address. */
export async function heldIn({ db, id }: TestGroup, account: string): Promise<bigint> {
  return await balanceOf(db, `tontine/${id}/XOF/${account}`);
}

async function balanceOf(db: Database, address: string): Promise<bigint> {
  const [row] = await db.$client<{ balance: string }[]>`
    select balance from ledger_accounts where address = ${address}`;
  return BigInt(row?.balance ?? 0);
}

/** The pot of a turn. */
export async function potOf(group: TestGroup, turn: number): Promise<bigint> {
  const [row] = await group.db.$client<{ id: string }[]>`
    select id from tontine_turns where tontine_id = ${group.id.toString()} and number = ${turn}`;
  return await heldIn(group, `pot/${row?.id}`);
}

export async function turnStates({ db, id }: TestGroup): Promise<string[]> {
  const rows = await db.$client<{ state: string }[]>`
    select state from tontine_turns where tontine_id = ${id.toString()} order by number`;
  return rows.map(({ state }) => state);
}

/** A running group of three. */
export const groupOfThree = (db: Database, values: Parameters<typeof runningGroup>[1] = {}) =>
  runningGroup(db, { count: 3, ...values });

/** The people of a group of three, in the order of their turns: chair, treasurer, secretary. */
export function trioOf({ people: [one, two, other] }: TestGroup): [Person, Person, Person] {
  invariant(one && two && other, "a group of three");
  return [one, two, other];
}

/** Three who have paid the first turn, whose pot waits for approval. */
export async function groupWithProposal(db: Database) {
  const group = await groupOfThree(db);
  await advance(group, timeOf(group, 1, -2));
  for (const each of group.people) await pay(group, each, 1);
  const [payout] = await proposedOf(group, 1);
  invariant(payout, "a payout is proposed");
  return { group, payout, now: timeOf(group, 1) };
}

/** A running group of three shares and four people: the second and third hold a half each of the second share. */
export async function halvesGroup(
  db: Database,
  values: Partial<CreateTontine> & { francs?: bigint } = {},
): Promise<TestGroup> {
  const { francs = 60_000n, ...typed } = values;
  const users: TestUser[] = [];
  for (const name of NAMES.slice(0, 4)) users.push(await createMember(db, name, francs));
  const [chair, ...others] = users;
  invariant(chair, "four people");
  const { code } = await createTontine(chair.context, typedTontine({ shares: "3", ...typed }));
  const { token } = await invite(chair.context, { code });
  for (const [index, { context }] of others.entries()) {
    await joinTontine(context, { invitation: token, shares: index < 2 ? "0,5" : "1" });
  }
  await signAll(db, code, users);
  await startTontine(chair.context, { code, pin: TEST_PIN });
  return await testGroupOf(db, code, users);
}

/** A running group as tests know it, with the names of its people. */
async function testGroupOf(db: Database, code: string, users: readonly TestUser[]): Promise<TestGroup> {
  const { id } = await readTontine(db, code);
  const people: Person[] = [];
  for (const [index, user] of users.entries()) {
    const name = NAMES[index % NAMES.length] ?? "Awa";
    people.push({ ...user, name, memberId: await memberIdOf(db, code, user) });
  }
  const [first] = await db.$client<{ day: string }[]>`
    select due_on::text as day from tontine_turns where tontine_id = ${id.toString()} and number = 1`;
  return { db, id, code, people, firstDay: first?.day ?? "" };
}
