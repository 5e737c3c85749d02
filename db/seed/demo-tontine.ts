import type { Database } from "@/db/client";
import { addDays, type Day, dayOf } from "@/lib/day-range";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { DEMO_ACCOUNT } from "@/lib/services/identity/users/demo-account";
import { advanceTontines } from "@/lib/services/tontines/advance-tontine";
import { instantOf } from "@/lib/services/tontines/calendar";
import { offerSwap } from "@/lib/services/tontines/changes/swap-turns";
import { addMember } from "@/lib/services/tontines/groups/add-member";
import { createTontine } from "@/lib/services/tontines/groups/create-tontine";
import { invite } from "@/lib/services/tontines/groups/invite";
import { joinTontine } from "@/lib/services/tontines/groups/join-tontine";
import { setRoles } from "@/lib/services/tontines/groups/set-roles";
import { signRules } from "@/lib/services/tontines/groups/sign-rules";
import type { TONTINE_ROLES } from "@/lib/services/tontines/kinds";
import { giveMandate } from "@/lib/services/tontines/mandates/give-mandate";
import { payDue } from "@/lib/services/tontines/money/pay-due";
import { payInAdvance } from "@/lib/services/tontines/money/pay-in-advance";
import { remindDues } from "@/lib/services/tontines/notices/remind-dues";
import { approvePayout } from "@/lib/services/tontines/payouts/approve-payout";
import { confirmReceipt } from "@/lib/services/tontines/payouts/confirm-receipt";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";
import { getAgreement } from "@/lib/services/tontines/views/get-agreement";
import { getChangeChoices } from "@/lib/services/tontines/views/get-change-choices";
import { getPayout } from "@/lib/services/tontines/views/get-payout";
import { getTurn } from "@/lib/services/tontines/views/get-turn";
import { listMembers } from "@/lib/services/tontines/views/list-members";
import { contextOf, type DemoActor, seedPerson, systemContext } from "./demo-people";
import { seedOperation } from "./past-operations";

const ZONE = "Africa/Ouagadougou";
const CONTRIBUTION = 5_000n;
const ENTRY_FEE = 1_000n;
/** Paid out already; of the next one a contribution is late and its payout waits for approval; the one after it is called. */
const TURNS_CLOSED = 3;
const SHORT_TURN = TURNS_CLOSED + 1;
const PRESENT_TURN = SHORT_TURN + 1;
/** The present turn is due in so many days. */
const DUE_IN_DAYS = 2;

type Office = (typeof TONTINE_ROLES)[number];
/** How somebody pays: by hand unless told otherwise. Those who pay ahead have paid the present turn too. */
type Paying = "hand" | "standing" | "ahead" | "late" | "by_treasurer";

interface DemoMember {
  firstName: string;
  lastName: string;
  office?: Office;
  paying?: Paying;
}

const CHAIR = 0;
/** The demo's user. */
const TREASURER = 8;

/** In the order of their turns. */
const MEMBERS: readonly DemoMember[] = [
  { firstName: "Mariam", lastName: "Ouédraogo", office: "chair" },
  { firstName: "Fatoumata", lastName: "Diallo", paying: "ahead" },
  { firstName: "Adjoa", lastName: "Mensah" },
  { firstName: "Issouf", lastName: "Kaboré", office: "secretary", paying: "ahead" },
  { firstName: "Kouassi", lastName: "Yao", paying: "ahead" },
  { firstName: "Rasmata", lastName: "Sawadogo" },
  { firstName: "Salimata", lastName: "Coulibaly", paying: "standing" },
  { firstName: "Moussa", lastName: "Konaté", paying: "late" },
  { firstName: "Awa", lastName: "Traoré", office: "treasurer" },
  { firstName: "Habibou", lastName: "Zongo", paying: "by_treasurer" },
  { firstName: "Ousmane", lastName: "Ba", paying: "ahead" },
  { firstName: "Nafissatou", lastName: "Sow", office: "auditor", paying: "ahead" },
];

/** A member of the group that is being made; `actor` is null for who has no account. */
interface Member extends DemoMember {
  actor: DemoActor | null;
  memberId: string;
}

interface DemoGroup {
  db: Database;
  today: Day;
  code: string;
  members: readonly Member[];
}

/**
 * Makes the running tontine of twelve that `awa` is the treasurer of. Verbs make it, each at its time in the past weeks, so that it is what the same
 * people would have done by the pages.
 */
export async function seedTontine(db: Database, awa: DemoActor, now: Date): Promise<void> {
  const group = await foundGroup(db, awa, dayOf(now, ZONE));
  await start(group);
  for (let turn = 1; turn <= TURNS_CLOSED; turn += 1) await runTurn(group, turn);
  await runShortTurn(group);
  await askForSwap(group);
  await callPresentTurn(group);
}

/** The instant of a time of day, so many days from today. */
const timeOf = ({ today }: Pick<DemoGroup, "today">, days: number, time: string): Date =>
  instantOf(addDays(today, days), time, ZONE);

/** Of a turn's due day, in days from today. */
const dueIn = (turn: number): number => DUE_IN_DAYS - 7 * (PRESENT_TURN - turn);

async function foundGroup(db: Database, awa: DemoActor, today: Day): Promise<DemoGroup> {
  const before = { today };
  const startIn = dueIn(1) - 7;
  const at = (days: number, time: string) => timeOf(before, startIn + days, time);
  const actors = await Promise.all(
    MEMBERS.map(async ({ firstName, lastName, paying }, index) => {
      if (index === TREASURER) return awa;
      if (paying === "by_treasurer") return null;
      return await seedPerson(db, { firstName, lastName }, { francs: 60_000n, at: at(-4, "10:00") });
    }),
  );
  await fundTreasurer(db, awa, at(-4, "11:00"));
  const chair = actors[CHAIR];
  invariant(chair, "the chair has an account");
  const { code } = await createTontine(contextOf(db, chair, at(-3, "19:00")), {
    name: "Tontine de Rood-Woko",
    currency: "XOF",
    contribution: CONTRIBUTION.toString(),
    shares: MEMBERS.length.toString(),
    zone: ZONE,
    calendar: "weekly",
    firstDay: addDays(today, dueIn(1)),
    time: "18:00",
    entryFee: ENTRY_FEE.toString(),
    key: newKey(),
  });
  const { token } = await invite(contextOf(db, chair, at(-3, "19:10")), { code });
  for (const [index, actor] of actors.entries()) {
    const { firstName, lastName } = MEMBERS[index] ?? { firstName: "", lastName: "" };
    if (index === CHAIR) continue;
    const joinsAt = at(-2, `08:${(10 + index).toString()}`);
    if (actor) await joinTontine(contextOf(db, actor, joinsAt), { invitation: token, shares: "1" });
    else await addMember(contextOf(db, chair, joinsAt), { code, name: `${firstName} ${lastName}` });
  }
  const list = await listMembers(contextOf(db, chair, at(-2, "09:00")), code);
  const members = MEMBERS.map((member, index) => ({
    ...member,
    actor: actors[index] ?? null,
    memberId: list.members[index]?.id ?? "",
  }));
  return { db, today, code, members };
}

/** Awa puts in just what she has paid since: her own contributions and those of the member without an account. */
async function fundTreasurer(db: Database, awa: DemoActor, at: Date): Promise<void> {
  const amountMinor = 2n * (ENTRY_FEE + CONTRIBUTION * BigInt(SHORT_TURN));
  const { phone } = DEMO_ACCOUNT;
  const deposit = { type: "deposit", method: "orange_money", phone, succeeded: true } as const;
  await seedOperation(db, awa.walletId, { ...deposit, amountMinor, at });
}

function actorOf({ members }: DemoGroup, index: number): DemoActor {
  const actor = members[index]?.actor;
  invariant(actor, "this member has an account");
  return actor;
}

/** Offices, signatures, the start, and what some settle for the weeks to come. */
async function start(group: DemoGroup): Promise<void> {
  const { db, code, members } = group;
  const at = (days: number, time: string) => timeOf(group, dueIn(1) - 7 + days, time);
  const chair = actorOf(group, CHAIR);
  for (const { office, memberId } of members) {
    if (office === undefined || office === "chair") continue;
    await setRoles(contextOf(db, chair, at(-2, "12:00")), { code, memberId, roles: [office] });
  }
  const { rules } = await getAgreement(contextOf(db, chair, at(-2, "12:30")), code);
  const sign = async ({ actor, memberId }: Member, index: number) => {
    const signer = actor ?? actorOf(group, TREASURER);
    const signing = { code, hash: rules.hash, memberId: actor ? "" : memberId, pin: signer.pin };
    await signRules(contextOf(db, signer, at(-1, `18:${(10 + index).toString()}`)), signing);
  };
  // Together, since the time goes into checking PINs.
  await Promise.all(members.map(sign));
  await startTontine(contextOf(db, chair, at(0, "08:00")), { code, pin: chair.pin });
  for (const { actor, paying } of members) {
    if (!actor) continue;
    const context = contextOf(db, actor, at(0, "12:00"));
    const { pin } = actor;
    const endsOn = addDays(group.today, dueIn(MEMBERS.length));
    if (paying === "standing")
      await giveMandate(context, { code, ceiling: CONTRIBUTION.toString(), endsOn, pin });
    const ahead = (ENTRY_FEE + CONTRIBUTION * BigInt(PRESENT_TURN)).toString();
    if (paying === "ahead") await payInAdvance(context, { code, amount: ahead, pin, key: newKey() });
  }
}

/** Does what the worker would have done by then. */
async function advance(group: DemoGroup, days: number, time: string): Promise<void> {
  await advanceTontines(systemContext(group.db, timeOf(group, days, time)));
}

/** Calls a turn, reminds of it, and has those pay by hand who do. */
async function collect(group: DemoGroup, turn: number): Promise<void> {
  const due = dueIn(turn);
  await advance(group, due - 3, "06:30");
  await remindDues(systemContext(group.db, timeOf(group, due - 3, "08:00")));
  for (const [index, { paying = "hand" }] of group.members.entries()) {
    const paysNow =
      paying === "hand" || (paying === "standing" && turn === 1) || (paying === "late" && turn < SHORT_TURN);
    if (paysNow) await pay(group, turn, index, timeOf(group, due - 1, `12:${(10 + index).toString()}`));
  }
  await advance(group, due, "06:30");
}

/** A member pays what they owe in a turn, by an app that they are signed in to; the treasurer also for who has no account. */
async function pay(group: DemoGroup, turn: number, index: number, at: Date): Promise<void> {
  const { db, code, members } = group;
  const context = contextOf(db, actorOf(group, index), at);
  const own = members.filter(
    ({ paying }, other) => other === index || (index === TREASURER && paying === "by_treasurer"),
  );
  const { dues } = await getTurn(context, { code, number: turn });
  for (const { id, memberId, open } of dues) {
    const isOwn = own.some((member) => member.memberId === memberId);
    if (isOwn && open.amountMinor > 0n)
      await payDue(context, { dueId: BigInt(id), amountMinor: null, key: newKey() });
  }
}

/** A turn that all pay, whose pot two officers approve and its receiver confirms. */
async function runTurn(group: DemoGroup, turn: number): Promise<void> {
  const due = dueIn(turn);
  await collect(group, turn);
  const officers = [CHAIR, TREASURER, 3].filter((index) => index !== turn - 1).slice(0, 2);
  for (const [order, officer] of officers.entries())
    await approve(group, turn, officer, timeOf(group, due, `19:${order}0`));
  const receiver = actorOf(group, turn - 1);
  const context = contextOf(group.db, receiver, timeOf(group, due, "20:00"));
  const { id } = await getTurn(context, { code: group.code, number: turn });
  await confirmReceipt(context, { code: group.code, turnId: id });
}

async function approve(group: DemoGroup, turn: number, index: number, at: Date): Promise<void> {
  const { db, code } = group;
  const officer = actorOf(group, index);
  const context = contextOf(db, officer, at);
  const [payout] = (await getTurn(context, { code, number: turn })).payouts;
  invariant(payout, "a pot that is complete or short is proposed");
  const { hash } = await getPayout(context, { code, payoutId: payout.id });
  await approvePayout(context, { code, payoutId: payout.id, hash, pin: officer.pin });
}

/** A turn that one member hasn't paid: the chair has approved what there is, and the treasurer is asked. */
async function runShortTurn(group: DemoGroup): Promise<void> {
  const due = dueIn(SHORT_TURN);
  await collect(group, SHORT_TURN);
  await advance(group, due, "18:30");
  await advance(group, due + 4, "18:30");
  await approve(group, SHORT_TURN, CHAIR, timeOf(group, due + 4, "18:40"));
}

/** The last in the order asks Awa to exchange turns, for a small sum: Awa has three days to answer. */
async function askForSwap(group: DemoGroup): Promise<void> {
  const { db, code, members } = group;
  const asker = actorOf(group, members.length - 1);
  const context = contextOf(db, asker, timeOf(group, dueIn(SHORT_TURN) + 4, "18:50"));
  const { mine, others } = await getChangeChoices(context, code);
  const asked = others.find(({ turn }) => turn.number === TREASURER + 1);
  await offerSwap(context, {
    code,
    holderId: mine[0]?.holderId ?? "",
    withHolderId: asked?.holderId ?? "",
    consideration: "2 500",
    pin: asker.pin,
  });
}

/** The turn that the group collects now: some have paid, Awa has not. */
async function callPresentTurn(group: DemoGroup): Promise<void> {
  await advance(group, -1, "19:30");
  await remindDues(systemContext(group.db, timeOf(group, -1, "19:40")));
  await pay(group, PRESENT_TURN, CHAIR, timeOf(group, -1, "20:10"));
}
