import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { allSayYes, decisionOf, openBy, vote } from "@/e2e/support/decisions";
import { createContext, TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  at,
  duesOf,
  type Person,
  runningGroup,
  system,
  type TestGroup,
  timeOf,
  trioOf,
  turnStates,
} from "@/e2e/support/tontines";
import { remindDues } from "../notices/remind-dues";
import { castVote } from "./cast-vote";
import { votesNeeded } from "./majority";
import { openDecision } from "./open-decision";
import { DECISION_RULES } from "./rules-of-kinds";
import { withdrawDecision } from "./withdraw-decision";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });

const DAY_MS = 24 * 60 * 60 * 1000;
const later = (now: Date, days: number) => new Date(now.getTime() + days * DAY_MS);

async function openPause(group: TestGroup, now = timeOf(group, 1, -5)) {
  const [first] = trioOf(group);
  return { now, id: await openBy(group, first, now, { kind: "pause" }) };
}

const stateOf = async ({ id }: TestGroup) =>
  (await owner<{ state: string }[]>`select state from tontines where id = ${id.toString()}`)[0]?.state;

const toldTo = async ({ userId }: Person) =>
  (
    await owner<{ kind: string }[]>`
    select kind from notices where user_id = ${userId.toString()} and kind like 'tontine_vote%' order by id`
  ).map(({ kind }) => kind);

describe("a decision", () => {
  it("is decided and applied by the vote that makes two thirds, and tells all", async () => {
    const group = await runningGroup(db, { count: 5 });
    const { id, now } = await openPause(group);
    const [one, two, three, four, five] = group.people as [Person, Person, Person, Person, Person];
    expect(await allSayYes(group, [one, two, three], id, now)).toBe("open");
    expect(await stateOf(group)).toBe("running");
    expect(await vote(group, four, id, "yes", now)).toBe("applied");
    expect(await stateOf(group)).toBe("paused");
    await expect(vote(group, five, id, "yes", now)).rejects.toMatchObject({ code: "tontine_not_now" });
    expect(await toldTo(five)).toEqual(["tontine_vote", "tontine_vote_adopted"]);
  });

  it("is rejected as soon as it can't be adopted any more", async () => {
    const group = await runningGroup(db, { count: 3 });
    const { id, now } = await openPause(group);
    const [one, two] = trioOf(group);
    expect(await vote(group, one, id, "no", now)).toBe("open");
    expect(await vote(group, two, id, "no", now)).toBe("rejected");
    expect(await stateOf(group)).toBe("running");
    expect(await toldTo(one)).toEqual(["tontine_vote", "tontine_vote_rejected"]);
  });

  it("lapses at its deadline when fewer than half have voted, by the sweep", async () => {
    const group = await runningGroup(db, { count: 5 });
    const { id, now } = await openPause(group, timeOf(group, 1, -9));
    const [one, two] = trioOf(group);
    await vote(group, one, id, "yes", now);
    await advance(group, later(now, 2.9));
    expect((await decisionOf(group, id)).state).toBe("open");
    await expect(vote(group, two, id, "yes", later(now, 3))).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    await advance(group, later(now, 3.1));
    expect((await decisionOf(group, id)).state).toBe("lapsed");
  });

  it("reminds those who have not voted, a day before the deadline, once", async () => {
    const group = await runningGroup(db, { count: 5 });
    const { id, now } = await openPause(group, timeOf(group, 1, -9));
    const [one, two] = trioOf(group);
    await vote(group, one, id, "yes", now);
    for (const days of [1.5, 2.1, 2.5]) await remindDues(system(db, later(now, days)));
    expect(await toldTo(one)).toEqual(["tontine_vote"]);
    expect(await toldTo(two)).toEqual(["tontine_vote", "tontine_vote_soon"]);
  });

  it("is opened once when it is asked for twice, and again only when it is over", async () => {
    const group = await runningGroup(db, { count: 3 });
    const { id, now } = await openPause(group);
    const [one, two] = trioOf(group);
    const again = await openDecision(at(one.context, now), {
      code: group.code,
      kind: "pause",
      pin: TEST_PIN,
    });
    expect(again).toEqual({ decisionId: BigInt(id), replayed: true });
    await expect(openBy(group, two, now, { kind: "pause" })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    await withdrawDecision(at(one.context, now), { code: group.code, decisionId: id });
    await withdrawDecision(at(one.context, now), { code: group.code, decisionId: id });
    expect((await decisionOf(group, id)).state).toBe("withdrawn");
    expect(await openBy(group, two, now, { kind: "pause" })).not.toBe(id);
  });

  it("is withdrawn only by who opened it", async () => {
    const group = await runningGroup(db, { count: 3 });
    const { id, now } = await openPause(group);
    const [, two] = trioOf(group);
    const input = { code: group.code, decisionId: id };
    await expect(withdrawDecision(at(two.context, now), input)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a vote", () => {
  it("counts once: the same again changes nothing, another one is refused", async () => {
    const group = await runningGroup(db, { count: 5 });
    const { id, now } = await openPause(group);
    const [one] = trioOf(group);
    const { hash } = await decisionOf(group, id);
    const input = { code: group.code, decisionId: id, hash, pin: TEST_PIN };
    const yes = { ...input, choice: "yes" } as const;
    expect(await castVote(at(one.context, now), yes)).toEqual({ state: "open", replayed: false });
    expect(await castVote(at(one.context, now), yes)).toEqual({ state: "open", replayed: true });
    await expect(castVote(at(one.context, now), { ...input, choice: "no" })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
  });

  it("is bound to what was shown, and needs the PIN and a choice", async () => {
    const group = await runningGroup(db, { count: 3 });
    const { id, now } = await openPause(group);
    const [one] = trioOf(group);
    const { hash } = await decisionOf(group, id);
    const input = { code: group.code, decisionId: id, choice: "yes", hash, pin: TEST_PIN } as const;
    const refused = (change: object) => castVote(at(one.context, now), { ...input, ...change });
    await expect(refused({ hash: "00" })).rejects.toMatchObject({ code: "approval_stale" });
    await expect(refused({ pin: "" })).rejects.toMatchObject({ code: "pin_required" });
    await expect(refused({ choice: "" })).rejects.toMatchObject({ code: "validation_failed" });
    await expect(refused({ decisionId: "999999" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("is never by an API key or a stranger", async () => {
    const group = await runningGroup(db, { count: 3 });
    const other = await runningGroup(db, { count: 3 });
    const { id, now } = await openPause(group);
    const [one] = trioOf(group);
    const { hash } = await decisionOf(group, id);
    const input = { code: group.code, decisionId: id, choice: "yes", hash, pin: TEST_PIN } as const;
    const key = createContext(db, {
      kind: "apiKey",
      userId: one.userId,
      keyId: 1n,
      permissions: [],
    } as never);
    await expect(castVote({ ...key, now }, input)).rejects.toMatchObject({ code: "unauthenticated" });
    const [stranger] = trioOf(other);
    await expect(castVote(at(stranger.context, now), input)).rejects.toMatchObject({ code: "not_found" });
  });

  it("by somebody who left since is refused, by the verb and by the database", async () => {
    const group = await runningGroup(db, { count: 5 });
    const { id, now } = await openPause(group);
    const [, two] = trioOf(group);
    await owner`update tontine_members set state = 'left', roles = '{}' where id = ${two.memberId.toString()}`;
    await expect(vote(group, two, id, "yes", now)).rejects.toMatchObject({ code: "not_found" });
    await expect(
      owner`insert into tontine_votes (decision_id, member_id, choice, shown_hash, voted_at)
        select id, ${two.memberId.toString()}, 'yes', shown_hash, opened_at from tontine_decisions where id = ${id}`,
    ).rejects.toThrow("does not vote");
  });

  it("of all at once decides once", async () => {
    const group = await runningGroup(db, { count: 30, names: ["Awa"] });
    const { id, now } = await openPause(group);
    const results = await Promise.allSettled(
      group.people.map((person) => vote(group, person, id, "yes", now)),
    );
    const states = results.map((result) => (result.status === "fulfilled" ? result.value : "refused"));
    expect(states.filter((state) => state === "applied")).toHaveLength(1);
    expect(states.filter((state) => state === "open")).toHaveLength(19);
    expect(states.filter((state) => state === "refused")).toHaveLength(10);
    const [events] = await owner<{ count: number }[]>`
      select count(*)::int as count from tontine_events where kind = 'decision.applied' and tontine_id = ${group.id.toString()}`;
    expect(events?.count).toBe(1);
  });
});

describe("the database", () => {
  it("has the same kinds, majorities and numbers of votes", async () => {
    const kinds = await owner<{ kind: string; majority: string; notice_days: number }[]>`
      select kind, majority, notice_days from tontine_decision_kinds order by kind`;
    const rules = Object.entries(DECISION_RULES).map(([kind, { majority, noticeDays }]) => ({
      kind,
      majority,
      notice_days: noticeDays,
    }));
    expect(kinds.map((row) => ({ ...row }))).toEqual(rules.sort((a, b) => (a.kind < b.kind ? -1 : 1)));
    const counts = await owner<{ majority: "half" | "two_thirds" | "all"; voters: number; needed: number }[]>`
      select majority, voters, tontine_votes_needed(majority, voters) as needed
      from unnest(array['half', 'two_thirds', 'all']) majority, generate_series(2, 310) voters`;
    expect(counts.filter(({ majority, voters, needed }) => votesNeeded(majority, voters) !== needed)).toEqual(
      [],
    );
  });

  it.each([
    [
      "an adoption without votes",
      "update tontine_decisions set state = 'adopted', decided_at = opened_at where id = $1",
    ],
    [
      "a rejection before the deadline",
      "update tontine_decisions set state = 'rejected', decided_at = opened_at where id = $1",
    ],
    [
      "a lapse before the deadline",
      "update tontine_decisions set state = 'lapsed', decided_at = opened_at where id = $1",
    ],
    ["another text", "update tontine_decisions set shown = '{}' where id = $1"],
    ["other voters", "update tontine_decisions set voter_ids = voter_ids[1:2] where id = $1"],
    ["a decision deleted", "delete from tontine_decisions where id = $1"],
    ["a vote changed", "update tontine_votes set choice = 'no' where decision_id = $1"],
    ["a vote deleted", "delete from tontine_votes where decision_id = $1"],
    [
      "a group paused without a vote",
      "update tontines set state = 'paused' where id = (select tontine_id from tontine_decisions where id = $1)",
    ],
    [
      "a group cancelled without a vote",
      "update tontines set state = 'cancelled' where id = (select tontine_id from tontine_decisions where id = $1)",
    ],
    [
      "a member excluded without a vote",
      "update tontine_members set state = 'excluded' where id = (select opened_by_member_id from tontine_decisions where id = $1)",
    ],
    [
      "an office taken without a vote",
      "update tontine_members set roles = '{}' where id = (select opened_by_member_id from tontine_decisions where id = $1)",
    ],
    [
      "dates moved without a vote",
      "update tontine_turns set due_at = due_at + interval '1 day', closes_at = closes_at + interval '1 day' where tontine_id = (select tontine_id from tontine_decisions where id = $1)",
    ],
    [
      "a voter left out",
      `insert into tontine_decisions (tontine_id, kind, about, opened_by_member_id, shown, shown_hash, voter_ids, closes_at)
       select tontine_id, kind, 'x', opened_by_member_id, shown, shown_hash, voter_ids[1:2], closes_at + interval '9 years' from tontine_decisions where id = $1`,
    ],
  ])("refuses %s", async (_what, statement) => {
    const group = await runningGroup(db, { count: 4 });
    const { id, now } = await openPause(group);
    const [one] = trioOf(group);
    await vote(group, one, id, "yes", now);
    // Refused by a rule of ours; what is append-only by its privilege.
    const refusal = owner.unsafe(statement, [id]).then(
      () => "",
      (error: { code: string }) => error.code,
    );
    expect(["23000", "42501"]).toContain(await refusal);
  });
});

describe("a pause", () => {
  async function pausedGroup(when: (group: TestGroup) => Date) {
    const group = await runningGroup(db, { count: 4 });
    const now = when(group);
    const id = await openBy(group, trioOf(group)[0], now, { kind: "pause" });
    await advance(group, now);
    expect(await allSayYes(group, group.people.slice(0, 3), id, now)).toBe("applied");
    return { group, now };
  }

  it("calls nothing, makes nobody late and fines nobody; dates move by its length and the order stays", async () => {
    const { group, now } = await pausedGroup((g) => timeOf(g, 1, -1));
    expect(await turnStates(group)).toEqual(["called", "planned", "planned", "planned"]);
    await advance(group, timeOf(group, 1, 20));
    expect(await turnStates(group)).toEqual(["called", "planned", "planned", "planned"]);
    expect((await duesOf(group)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      ..."1234".replace(/./g, "contribution open,").slice(0, -1).split(","),
    ]);
    const resumed = later(now, 13.5);
    const id = await openBy(group, trioOf(group)[1], resumed, { kind: "resume" });
    expect(await allSayYes(group, group.people.slice(0, 3), id, resumed)).toBe("applied");
    const turns = await owner<{ number: number; due_at: Date; member: string }[]>`
      select t.number, t.due_at, r.member_id as member from tontine_turns t, tontine_receivers(t.id) r
      where t.tontine_id = ${group.id.toString()} order by t.number`;
    expect(turns.map(({ due_at }) => new Date(due_at))).toEqual(
      [1, 2, 3, 4].map((number) => timeOf(group, number, 14)),
    );
    expect(turns.map(({ member }) => BigInt(member))).toEqual(group.people.map(({ memberId }) => memberId));
    await advance(group, timeOf(group, 1, 13.9));
    expect((await duesOf(group)).every(({ state }) => state === "open")).toBe(true);
    await advance(group, timeOf(group, 1, 14.1));
    expect((await duesOf(group)).filter(({ kind }) => kind === "fine")).toHaveLength(4);
  });

  it("takes nothing by standing contributions", async () => {
    const { group } = await pausedGroup((g) => timeOf(g, 1, -1));
    const { giveMandate } = await import("../mandates/give-mandate");
    const [one] = trioOf(group);
    const given = giveMandate(one.context, {
      code: group.code,
      ceiling: "10 000",
      endsOn: "2099-01-01",
      pin: TEST_PIN,
    });
    await expect(given).rejects.toMatchObject({ code: "tontine_not_now" });
    await advance(group, timeOf(group, 1, -0.1));
    expect((await duesOf(group)).every(({ paid }) => paid === 0n)).toBe(true);
  });
});
