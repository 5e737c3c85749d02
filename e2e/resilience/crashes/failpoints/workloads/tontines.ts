// A tontine from its founding to a payment in advance, and what the system does for it.
import type { ApiUser } from "@/e2e/support/credentials";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { advanceTontine } from "@/lib/services/tontines/advance-tontine";
import { applyHandover, offerHandover } from "@/lib/services/tontines/changes/hand-over";
import { takePlace } from "@/lib/services/tontines/changes/take-place";
import { castVote } from "@/lib/services/tontines/decisions/cast-vote";
import { openDecision } from "@/lib/services/tontines/decisions/open-decision";
import { createTontine } from "@/lib/services/tontines/groups/create-tontine";
import { invite } from "@/lib/services/tontines/groups/invite";
import { joinTontine } from "@/lib/services/tontines/groups/join-tontine";
import { setRoles } from "@/lib/services/tontines/groups/set-roles";
import { signRules } from "@/lib/services/tontines/groups/sign-rules";
import { payDues } from "@/lib/services/tontines/money/pay-dues";
import { payInAdvance } from "@/lib/services/tontines/money/pay-in-advance";
import { remindDues } from "@/lib/services/tontines/notices/remind-dues";
import { addDrawNumber } from "@/lib/services/tontines/order/add-draw-number";
import { freezeDraw } from "@/lib/services/tontines/order/freeze-draw";
import { readDraws } from "@/lib/services/tontines/order/read-draws";
import { declineTurn } from "@/lib/services/tontines/turns/decline-turn";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";
import { getChange } from "@/lib/services/tontines/views/list-changes";
import { type CrashTest, SYSTEM, workload } from "../crash-test";

const PIN = "4907";
const DAY_MS = 86_400_000;

async function setUp(test: CrashTest): Promise<[ApiUser, ApiUser, ApiUser]> {
  const people = [
    await test.createPerson({ XOF: 100_000n }),
    await test.createPerson({ XOF: 100_000n }),
    await test.createPerson({ XOF: 100_000n }),
  ] as [ApiUser, ApiUser, ApiUser];
  for (const person of people) {
    await test.runOnce(["pin_required"], setPin, person, { pin: PIN, pinAgain: PIN, currentPin: "" });
  }
  return people;
}

/** What a group of this code has, as one row. */
async function readGroup(test: CrashTest, code: string) {
  const [row] = await test.sql<{ id: string; hash: string; state: string; members: number; turns: number }[]>`
    select t.id, encode(r.hash, 'hex') as hash, t.state,
      (select count(*)::int from tontine_members m where m.tontine_id = t.id) as members,
      (select count(*)::int from tontine_turns u where u.tontine_id = t.id) as turns
    from tontines t join tontine_cycles c on c.tontine_id = t.id join tontine_rules r on r.id = c.rules_id where t.code = ${code}`;
  return row ?? { id: "0", hash: "", state: "missing", members: 0, turns: 0 };
}

/** A tontine of three that is founded, joined, signed and started. */
async function startedTontine(test: CrashTest, people: [ApiUser, ApiUser, ApiUser], firstDayIn: number) {
  const { code, id } = await agreedTontine(test, people, firstDayIn);
  await test.run(startTontine, people[0], { code, pin: PIN });
  return { code, id };
}

/** The same before the start. */
async function agreedTontine(
  test: CrashTest,
  people: [ApiUser, ApiUser, ApiUser],
  firstDayIn: number,
  order: "fixed" | "draw" = "fixed",
) {
  const [chair, treasurer, secretary] = people;
  const firstDay = new Date(Date.now() + firstDayIn * DAY_MS).toISOString().slice(0, 10);
  const { code } = await test.run(createTontine, chair, {
    name: "Tontine",
    contribution: String(CONTRIBUTION),
    shares: "3",
    calendar: "weekly",
    order,
    firstDay,
    key: test.key(),
  });
  await test.run(invite, chair, { code });
  for (const person of [treasurer, secretary]) await test.run(joinTontine, person, { invitation: code });
  const { id, hash } = await readGroup(test, code);
  const members = await test.sql<{ id: string }[]>`
    select id from tontine_members where tontine_id = ${id} order by id`;
  for (const [index, role] of ["treasurer", "secretary"].entries()) {
    const memberId = members[index + 1]?.id ?? "";
    await test.run(setRoles, chair, { code, memberId, roles: [role] });
  }
  for (const person of people) await test.run(signRules, person, { code, hash, pin: PIN });
  return { code, id };
}

const ROUNDS_BACK = 2_400;

/** Moves a frozen draw two hours back, so that its round is published. */
async function backdateDraw(test: CrashTest, id: string): Promise<void> {
  await test.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`
      update tontine_draws set round = round - ${ROUNDS_BACK}::int, sheet = replace(sheet, 'quicknet:' || round, 'quicknet:' || round - ${ROUNDS_BACK}::int),
        frozen_at = frozen_at - interval '2 hours', draws_at = draws_at - interval '2 hours',
        next_try_at = next_try_at - interval '2 hours' where tontine_id = ${id}`;
  });
}

const CONTRIBUTION = 1_000;

export const TONTINES = [
  workload({
    name: "a tontine of three is founded, joined, signed and started, and one pays in advance",
    reaches: /^tontines\/(?!notices\/remind|changes\/|order\/)/,
    setUp,
    send: async (test, people) => {
      const [, , secretary] = people;
      const { code, id } = await startedTontine(test, people, 30);
      const amount = test.random.int(100, 5_000);
      test.expect("tontine_contribution", secretary, amount);
      await test.run(payInAdvance, secretary, { code, amount: String(amount), pin: PIN, key: test.key() });
      await test.run(advanceTontine, SYSTEM, BigInt(id));
      await test.run(remindDues, SYSTEM);
      const { state, members: joined, turns } = await readGroup(test, code);
      test.equal({ state, joined, turns }, { state: "running", joined: 3, turns: 3 }, "the tontine");
      const [balance] = await test.sql<{ balance: string }[]>`
        select balance from ledger_accounts where address like ${`tontine/${id}/XOF/advance/%`} and balance > 0`;
      test.equal(balance?.balance, String(amount), "paid in advance");
    },
  }),
  workload({
    name: "members of a tontine vote: a pause and its end are applied once",
    reaches: /^tontines\/groups\/group\./,
    setUp,
    send: async (test, people) => {
      const [chair, treasurer, secretary] = people;
      const { code, id } = await startedTontine(test, people, 30);
      for (const kind of ["pause", "resume"]) {
        await test.run(openDecision, secretary, { code, kind, pin: PIN });
        const [decision] = await test.sql<{ id: string; hash: string }[]>`
          select id, encode(shown_hash, 'hex') as hash from tontine_decisions where tontine_id = ${id} and kind = ${kind}`;
        const input = {
          code,
          decisionId: decision?.id ?? "",
          choice: "yes" as const,
          hash: decision?.hash ?? "",
          pin: PIN,
        };
        for (const person of [chair, treasurer]) await test.run(castVote, person, input);
      }
      await test.run(advanceTontine, SYSTEM, BigInt(id));
      const { state } = await readGroup(test, code);
      const [votes] = await test.sql<{ count: number; applied: number }[]>`
        select count(*)::int as count, (select count(*)::int from tontine_events e where e.tontine_id = ${id}
          and e.kind = 'decision.applied') as applied
        from tontine_votes v join tontine_decisions d on d.id = v.decision_id where d.tontine_id = ${id}`;
      test.equal({ state, ...votes }, { state: "running", count: 4, applied: 2 }, "the votes");
    },
  }),
  workload({
    name: "a member puts off a turn that another one has paid for: it goes back once, and the turn moves to the end once",
    reaches: /^tontines\/groups\/group\./,
    setUp,
    send: async (test, people) => {
      const [chair, treasurer] = people;
      const { code, id } = await startedTontine(test, people, 2);
      await test.run(advanceTontine, SYSTEM, BigInt(id));
      const [turn] = await test.sql<{ id: string; due: string }[]>`
        select t.id, d.id as due from tontine_turns t join tontine_dues d on d.turn_id = t.id
        join tontine_share_holders h on h.id = d.holder_id join tontine_members m on m.id = h.member_id
        where t.tontine_id = ${id} and t.number = 1 and m.user_id = ${treasurer.userId.toString()}`;
      test.expect("tontine_contribution", treasurer, CONTRIBUTION);
      const payment = { code, dueIds: [turn?.due ?? ""], amount: "", pin: PIN, key: test.key() };
      await test.run(payDues, treasurer, payment);
      test.expect("tontine_refund", treasurer, CONTRIBUTION);
      await test.run(declineTurn, chair, { code, turnId: turn?.id ?? "", pin: PIN });
      const turns = await test.sql<{ number: number; state: string; places: number }[]>`
        select t.number, t.state, (select count(*)::int from tontine_turn_shares s where s.turn_id = t.id) as places
        from tontine_turns t where t.tontine_id = ${id} and t.number in (1, 4) order by t.number`;
      test.equal(
        [...turns],
        [
          { number: 1, state: "deferred", places: 0 },
          { number: 4, state: "planned", places: 1 },
        ],
        "the turns",
      );
    },
  }),
  workload({
    name: "the order of a tontine is drawn once, from a frozen sheet and the beacon's round",
    reaches: /^tontines\/order\//,
    setUp,
    send: async (test, people) => {
      const [chair, treasurer] = people;
      const { code, id } = await agreedTontine(test, people, 30, "draw");
      await test.run(addDrawNumber, treasurer, { code, number: String(test.random.int(1, 9_999)) });
      await test.run(freezeDraw, chair, { code, pin: PIN });
      await backdateDraw(test, id);
      await test.run(readDraws, SYSTEM);
      await test.run(startTontine, chair, { code, pin: PIN });
      const [drawn] = await test.sql<{ state: string; results: number; events: number; kept: boolean }[]>`
        select d.state, (select count(*)::int from tontine_draw_results r where r.draw_id = d.id) as results,
          (select count(*)::int from tontine_events e where e.tontine_id = d.tontine_id and e.kind = 'draw.drawn') as events,
          tontine_order_is_kept(d.cycle_id) as kept
        from tontine_draws d where d.tontine_id = ${id}`;
      test.equal(drawn, { state: "drawn", results: 1, events: 1, kept: true }, "the draw");
      test.equal((await readGroup(test, code)).state, "running", "the tontine");
    },
  }),
  workload({
    name: "members of a tontine are reminded once, and one pays by the API",
    reaches: /^(tontines\/notices\/remind|api\/tontines\/)/,
    setUp,
    send: async (test, people) => {
      const [, treasurer] = people;
      const { id } = await startedTontine(test, people, 1);
      await test.run(advanceTontine, SYSTEM, BigInt(id));
      for (let time = 0; time < 2; time += 1) await test.run(remindDues, SYSTEM);
      const userIds = people.map(({ userId }) => userId.toString());
      const [told] = await test.sql<{ count: number }[]>`
        select count(*)::int as count from notices where kind like 'tontine_due%' and user_id = any (${userIds}::bigint[])`;
      test.equal(told?.count, 3, "reminders");
      const [due] = await test.sql<{ id: string }[]>`
        select d.id from tontine_dues d join tontine_share_holders h on h.id = d.holder_id
        join tontine_members m on m.id = h.member_id
        where d.tontine_id = ${id} and m.user_id = ${treasurer.userId.toString()}`;
      test.expect("tontine_contribution", treasurer, CONTRIBUTION);
      const { apiKey: credential } = treasurer;
      await test.client.call({
        path: `/api/tontines/dues/${due?.id}/pay`,
        credential,
        key: test.key(),
        body: {},
      });
    },
  }),
  workload({
    name: "a place in a tontine is handed over by its link, to one newcomer once",
    reaches: /^tontines\/changes\//,
    setUp: async (test) => {
      const people = await setUp(test);
      const newcomer = await test.createPerson();
      await test.runOnce(["pin_required"], setPin, newcomer, { pin: PIN, pinAgain: PIN, currentPin: "" });
      return { people, newcomer };
    },
    send: async (test, { people, newcomer }) => {
      const [chair, , secretary] = people;
      const { code, id } = await startedTontine(test, people, 30);
      const [holder] = await test.sql<{ id: string }[]>`
        select h.id from tontine_share_holders h join tontine_members m on m.id = h.member_id
        where m.tontine_id = ${id} and m.user_id = ${secretary.userId.toString()}`;
      const place = { code, holderId: holder?.id ?? "", toMemberId: "", pin: PIN };
      const { handoverId } = await test.run(offerHandover, secretary, place);
      const offer = { code, id: String(handoverId) };
      const { change } = await test.run(getChange, secretary, { ...offer, kind: "handover" as const });
      await test.run(takePlace, newcomer, { token: change.token ?? "", pin: PIN });
      await test.run(applyHandover, chair, { ...offer, pin: PIN });
      const [taken] = await test.sql<{ members: number; places: number; offers: number }[]>`
        select count(distinct m.id)::int as members, count(h.id)::int as places,
          (select count(*)::int from tontine_handovers o where o.tontine_id = ${id}) as offers
        from tontine_members m left join tontine_share_holders h on h.member_id = m.id
        where m.tontine_id = ${id} and m.user_id = ${newcomer.userId.toString()}`;
      test.equal(taken, { members: 1, places: 1, offers: 1 }, "the newcomer and their place");
    },
  }),
];
