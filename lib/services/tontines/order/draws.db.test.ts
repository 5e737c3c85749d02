import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import { drawOf, groupToDraw, membersInOrder, resultOf } from "@/e2e/support/tontine-draws";
import {
  codeOf,
  createMember,
  memberIdOf,
  readTontine,
  signAll,
  system,
  typedTontine,
} from "@/e2e/support/tontines";
import { invariant } from "@/lib/invariant";
import { sandboxRound } from "@/lib/sandbox/beacon";
import { leaveTontine } from "../changes/leave-tontine";
import { createTontine } from "../groups/create-tontine";
import { invite } from "../groups/invite";
import { joinTontine } from "../groups/join-tontine";
import { setOrder } from "../groups/set-order";
import { signRules } from "../groups/sign-rules";
import { startTontine } from "../turns/start-tontine";
import { addDrawNumber } from "./add-draw-number";
import type { Beacon } from "./beacon";
import { checkDigits, drawOrder, timeOfRound } from "./draw-sheet";
import { freezeDraw } from "./freeze-draw";
import { ROUNDS_A_DAY } from "./policy";
import { readDraws } from "./read-draws";
import { setOrderMethod } from "./set-order-method";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();
const pin = TEST_PIN;
const MINUTE_MS = 60_000;
const later = (time: Date, minutes: number) => new Date(time.getTime() + minutes * MINUTE_MS);

const noticesOf = async (kind: string, code: string) =>
  await db.$client<{ user_id: string; details: Record<string, string> }[]>`
    select user_id, details from notices where kind = ${kind} and details ->> 'code' = ${code} order by user_id`;

/** A beacon that has these rounds. */
const beaconOf = (rounds: readonly number[]): Beacon => ({
  read: async (round) =>
    rounds.includes(round)
      ? { kind: "round", value: { ...sandboxRound(round), mirror: "a.test" }, liars: [] }
      : { kind: "late", liars: [] },
});

const readAt = (now: Date, beacon: Beacon) => readDraws(system(db, now), beacon);

describe("an order that is drawn", () => {
  it("follows the frozen sheet and the beacon's round, and is the order of the turns", async () => {
    const { code, id, users, chair } = await groupToDraw(db);
    const [, second, third] = users;
    invariant(second && third, "people");
    await addDrawNumber(chair.context, { code, number: "1" });
    await addDrawNumber(chair.context, { code, number: "4 821" });
    await addDrawNumber(second.context, { code, number: "77" });
    const { digits } = await freezeDraw(chair.context, { code, pin });
    const draw = await drawOf(db, id);
    expect(draw.sheet).toBe(`tirage/1|${code}|1|4|quicknet:${draw.round}|1:4821|2:77|3:|4:`);
    expect(digits).toBe(checkDigits(draw.sheet));
    expect(draw.draws_at.getTime()).toBeGreaterThanOrEqual(later(chair.context.now, 60).getTime());
    expect(draw.draws_at.getTime()).toBeLessThanOrEqual(later(chair.context.now, 65).getTime());
    const told = await noticesOf("tontine_draw_frozen", code);
    expect(told.map(({ details }) => details.digits)).toEqual(users.map(() => digits));
    expect(await freezeDraw(chair.context, { code, pin })).toEqual({ digits });

    const before = await membersInOrder(db, id);
    const round = draw.round ?? 0;
    await readAt(later(draw.draws_at, -1), beaconOf([round]));
    expect(await resultOf(db, id)).toBeNull();
    await expect(startTontine(chair.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    await readAt(draw.draws_at, beaconOf([round]));
    await readAt(later(draw.draws_at, 1), beaconOf([round]));

    const { randomness } = sandboxRound(round);
    const { order, seed } = drawOrder(draw.sheet, randomness, 4);
    expect(await resultOf(db, id)).toMatchObject({ round, randomness, seed, share_order: order.join(" ") });
    expect(await membersInOrder(db, id)).toEqual(order.map((share) => before[share - 1]));
    expect(await noticesOf("tontine_drawn", code)).toHaveLength(4);

    await startTontine(chair.context, { code, pin });
    const turns = await db.$client<{ member: string }[]>`
      select x.member_id as member from tontine_turns t cross join lateral tontine_receivers(t.id) x
      where t.tontine_id = ${id.toString()} order by t.number`;
    expect(turns.map(({ member }) => member)).toEqual(await membersInOrder(db, id));
  });

  it("is read once by two workers at the same time, and frozen once by two taps", async () => {
    const { code, id, chair } = await groupToDraw(db);
    const both = await Promise.all([1, 2].map(() => freezeDraw(chair.context, { code, pin })));
    expect(new Set(both.map(({ digits }) => digits)).size).toBe(1);
    const { draws_at: drawsAt, round } = await drawOf(db, id);
    const before = await membersInOrder(db, id);
    await Promise.all([1, 2, 3].map(() => readAt(drawsAt, beaconOf([round ?? 0]))));
    const events = await db.$client<{ order: string }[]>`
      select details ->> 'order' as order from tontine_events where tontine_id = ${id.toString()} and kind = 'draw.drawn'`;
    expect(events).toHaveLength(1);
    const order = events[0]?.order.split(" ").map(Number) ?? [];
    expect(await membersInOrder(db, id)).toEqual(order.map((share) => before[share - 1]));
  });

  it("needs all signatures under rules that say so; changing the method asks all again", async () => {
    const users = [
      await createMember(db, "A", 0n),
      await createMember(db, "B", 0n),
      await createMember(db, "C", 0n),
    ] as const;
    const [chair, second] = users;
    const code = await codeOf(users);
    await signAll(db, code, users);
    const fixed = await readTontine(db, code);
    await expect(freezeDraw(chair.context, { code, pin })).rejects.toMatchObject({ code: "tontine_not_now" });
    const byMember = setOrderMethod(second.context, { code, order: "draw" });
    await expect(byMember).rejects.toMatchObject({ code: "tontine_role_missing" });
    await setOrderMethod(chair.context, { code, order: "draw" });
    const { hash } = await readTontine(db, code);
    expect(hash).not.toBe(fixed.hash);
    const [rules] = await db.$client<{ text_fr: string; text_en: string; version: number }[]>`
      select text_fr, text_en, version from tontine_rules where encode(hash, 'hex') = ${hash}`;
    expect(rules).toMatchObject({ version: 2, text_fr: expect.stringContaining("tiré au sort") });
    expect(rules?.text_en).toContain("drawn by lot");
    await expect(freezeDraw(chair.context, { code, pin })).rejects.toMatchObject({ code: "tontine_not_now" });
    for (const { context } of users.slice(0, 2)) await signRules(context, { code, hash, pin });
    await expect(freezeDraw(chair.context, { code, pin })).rejects.toMatchObject({ code: "tontine_not_now" });
    await signRules(users[2].context, { code, hash, pin });
    await freezeDraw(chair.context, { code, pin });
  });

  it("stays as it was frozen: no number, order, method, leaver or second draw changes it", async () => {
    const { code, id, chair, second } = await groupToDraw(db);
    const shares = await db.$client<{ id: string }[]>`
      select s.id from tontine_shares s join tontine_cycles c on c.id = s.cycle_id where c.tontine_id = ${id.toString()} order by s.position`;
    const shareIds = shares.map((share) => share.id).reverse();
    await expect(setOrder(chair.context, { code, shareIds })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
    await expect(freezeDraw(second.context, { code, pin })).rejects.toMatchObject({
      code: "tontine_role_missing",
    });
    await freezeDraw(chair.context, { code, pin });
    const attempts = [
      () => addDrawNumber(second.context, { code, number: "5" }),
      () => setOrder(chair.context, { code, shareIds }),
      () => setOrderMethod(chair.context, { code, order: "fixed" }),
      () => leaveTontine(second.context, { code, pin }),
    ];
    for (const attempt of attempts)
      await expect(attempt()).rejects.toMatchObject({ code: "tontine_not_now" });
    const memberId = await memberIdOf(db, code, second);
    // And whoever writes past the verbs, as the owner of the tables.
    const changes = [
      owner`update tontine_draws set sheet = sheet || '1' where tontine_id = ${id.toString()}`,
      owner`update tontine_draws set draws_at = draws_at - interval '1 hour' where tontine_id = ${id.toString()}`,
      owner`insert into tontine_draw_numbers (cycle_id, member_id, number)
        select cycle_id, ${memberId.toString()}, '5' from tontine_draws where tontine_id = ${id.toString()}`,
      owner`update tontine_shares set position = -position where id = ${shareIds[0] ?? ""}`,
      owner`update tontine_share_holders set ended_at = now() where member_id = ${memberId.toString()}`,
      owner`insert into tontine_draw_results (draw_id, round, randomness, signature, seed, share_order)
        select id, round, encode(sha256('\\x00'), 'hex'), '00', '', '' from tontine_draws where tontine_id = ${id.toString()}`,
      owner`delete from tontine_draws where tontine_id = ${id.toString()}`,
    ];
    for (const change of changes) await expect(change).rejects.toMatchObject({ code: expect.any(String) });
  });

  it("takes numbers of members with a share only, one to nine digits", async () => {
    const { code, chair, second } = await groupToDraw(db);
    for (const number of ["", "x", "1234567890", "-1", "1.5e3", "٣"]) {
      await expect(addDrawNumber(second.context, { code, number })).rejects.toMatchObject({
        code: "validation_failed",
      });
    }
    const memberId = (await memberIdOf(db, code, second)).toString();
    const forOther = addDrawNumber(chair.context, { code, number: "1", memberId });
    await expect(forOther).rejects.toMatchObject({ code: "not_found" });
    const stranger = await createMember(db, "Eve", 0n);
    await expect(addDrawNumber(stranger.context, { code, number: "1" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("a beacon", () => {
  it("that is late is asked again, less and less often", async () => {
    const { code, id, chair } = await groupToDraw(db);
    await freezeDraw(chair.context, { code, pin });
    const { draws_at: drawsAt, round } = await drawOf(db, id);
    const waits: number[] = [];
    let now = drawsAt;
    for (let tries = 0; tries < 8; tries += 1) {
      await readAt(now, beaconOf([]));
      // Not before its time.
      await readAt(now, beaconOf([round ?? 0]));
      const draw = await drawOf(db, id);
      expect(draw).toMatchObject({ tries: tries + 1, problem: "late", state: "frozen" });
      const next = draw.next_try_at ?? now;
      waits.push((next.getTime() - now.getTime()) / 1000);
      now = next;
    }
    expect(waits).toEqual([20, 40, 80, 160, 320, 640, 900, 900]);
    await readAt(now, beaconOf([round ?? 0]));
    expect(await resultOf(db, id)).toMatchObject({ round });
    expect((await drawOf(db, id)).problem).toBeNull();
  });

  it("that has lost a round for a day gives the first later one by rule, which is noted", async () => {
    const { code, id, chair } = await groupToDraw(db);
    await freezeDraw(chair.context, { code, pin });
    const { round, draws_at: drawsAt } = await drawOf(db, id);
    const [first, second] = [(round ?? 0) + ROUNDS_A_DAY, (round ?? 0) + 2 * ROUNDS_A_DAY];
    const any = beaconOf([first, second, (round ?? 0) + 1, (round ?? 0) + 1_200]);
    await readAt(later(drawsAt, 24 * 60 - 1), any);
    expect(await resultOf(db, id)).toBeNull();
    await readAt(later(timeOfRound(second), 20), any);
    expect(await resultOf(db, id)).toMatchObject({ round: first });
    const [event] = await db.$client<{ details: { round: number } }[]>`
      select details from tontine_events where tontine_id = ${id.toString()} and kind = 'draw.drawn'`;
    expect(event?.details.round).toBe(first);
  });

  it("whose answer isn't signed is refused, which officers are told once", async () => {
    const { code, id, chair, treasurer, secretary } = await groupToDraw(db);
    await freezeDraw(chair.context, { code, pin });
    const { draws_at: drawsAt } = await drawOf(db, id);
    const liar: Beacon = { read: async () => ({ kind: "unreachable", liars: ["liar.test"] }) };
    for (const minutes of [0, 10]) await readAt(later(drawsAt, minutes), liar);
    expect(await drawOf(db, id)).toMatchObject({ problem: "wrong", tries: 2 });
    const told = await noticesOf("tontine_draw_refused", code);
    expect(new Set(told.map(({ user_id }) => user_id))).toEqual(
      new Set([chair, treasurer, secretary].map(({ userId }) => userId.toString())),
    );
    expect(told).toHaveLength(3);
  });
});

it("an agreed order is part of what is signed: who saw another one signs again", async () => {
  const users = [
    await createMember(db, "A", 0n),
    await createMember(db, "B", 0n),
    await createMember(db, "C", 0n),
  ] as const;
  const [chair, second] = users;
  const code = await codeOf(users);
  await signAll(db, code, users);
  const seen = await readTontine(db, code);
  const shares = await db.$client<{ id: string }[]>`
    select s.id from tontine_shares s join tontine_cycles c on c.id = s.cycle_id
    where c.tontine_id = ${seen.id.toString()} order by s.position desc`;
  await setOrder(chair.context, { code, shareIds: shares.map((share) => share.id) });
  const stale = signRules(second.context, { code, hash: seen.hash, pin });
  await expect(stale).rejects.toMatchObject({ code: "approval_stale" });
  await expect(startTontine(chair.context, { code, pin })).rejects.toMatchObject({ code: "tontine_not_now" });
  const { hash } = await readTontine(db, code);
  for (const { context } of users) await signRules(context, { code, hash, pin });
  await expect(
    owner.begin(async (tx) => {
      await tx`update tontine_shares set position = -position where id = ${shares[0]?.id ?? ""}`;
    }),
  ).rejects.toMatchObject({ code: "23000" });
  await startTontine(chair.context, { code, pin });
});

it("gives each half of a share its number", async () => {
  const [chair, second, third] = [
    await createMember(db, "A", 0n),
    await createMember(db, "B", 0n),
    await createMember(db, "C", 0n),
  ];
  const input = typedTontine({ shares: "2", ownShares: "1", order: "draw" });
  const { code } = await createTontine(chair.context, input);
  const { token } = await invite(chair.context, { code });
  for (const { context } of [second, third]) await joinTontine(context, { invitation: token, shares: "0.5" });
  await signAll(db, code, [chair, second, third]);
  for (const [index, { context }] of [chair, second, third].entries()) {
    await addDrawNumber(context, { code, number: String(7 + index) });
  }
  await freezeDraw(chair.context, { code, pin });
  const { id } = await readTontine(db, code);
  expect((await drawOf(db, id)).sheet).toMatch(/\|1:7\|2:8\+9$/);
});
