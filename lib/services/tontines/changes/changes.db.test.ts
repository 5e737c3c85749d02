import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import {
  advance,
  at,
  codeOf,
  createMember,
  type Person,
  pay,
  runningGroup,
  signAll,
  type TestGroup,
  timeOf,
} from "@/e2e/support/tontines";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import type { Context } from "../../context";
import { placeTokenOf } from "../code";
import { movePlace } from "../groups/set-order";
import { getLeaving, getOrder } from "../views/get-change-choices";
import { getPlace } from "../views/get-place";
import { getSummary } from "../views/get-summary";
import { getChange, listChanges } from "../views/list-changes";
import { declineGuarantee, offerGuarantee, signGuarantee } from "./guarantees";
import { acceptHandover, applyHandover, declineHandover, offerHandover } from "./hand-over";
import { acceptLeaver, endLeaving, leaveTontine } from "./leave-tontine";
import { acceptSwap, applySwap, declineSwap, offerSwap } from "./swap-turns";
import { takePlace } from "./take-place";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase({ alone: true });
const pin = TEST_PIN;

type Four = [Person, Person, Person, Person];

/** Fatou is the chair; Moussa and Issa are treasurer and secretary. */
async function four(): Promise<{ group: TestGroup; code: string; people: Four }> {
  const group = await runningGroup(db, { count: 4 });
  return { group, code: group.code, people: group.people as Four };
}

async function holderOf({ memberId }: Person): Promise<string> {
  const [row] = await owner<{ id: string }[]>`
    select id from tontine_share_holders where member_id = ${memberId.toString()} order by id`;
  return row?.id ?? "";
}

/** The kinds of what somebody was told of changes, and about whom. */
async function told({ userId }: { userId: bigint }): Promise<string[]> {
  const rows = await owner<{ kind: string; name: string }[]>`
    select kind, details ->> 'name' as name from notices where user_id = ${userId.toString()}
      and kind like 'tontine_%' and details ->> 'page' = 'changes' order by id`;
  return rows.map(({ kind, name }) => `${kind.replace("tontine_", "")} ${name}`.trim());
}

const later = (context: Context, hours: number): Context => ({
  ...context,
  now: new Date(context.now.getTime() + hours * 3_600_000),
});

describe("an offer to swap", () => {
  it("is told to whom it concerns: the other side, the officers who are neither, both at the end", async () => {
    const { code, people } = await four();
    const [fatou, awa, moussa, issa] = people;
    const [holderId, withHolderId] = [await holderOf(awa), await holderOf(issa)];
    const { swapId } = await offerSwap(awa.context, { code, holderId, withHolderId, pin });
    const id = swapId.toString();
    expect(await told(issa)).toEqual(["swap_offered Awa T."]);
    await acceptSwap(issa.context, { code, id, pin });
    expect(await told(awa)).toEqual(["offer_accepted Issa T."]);
    for (const officer of [fatou, moussa]) expect(await told(officer)).toEqual(["countersign Awa T."]);
    await applySwap(fatou.context, { code, id, pin });
    for (const side of [awa, issa]) expect((await told(side)).at(-1)).toBe("change_applied");
    expect((await auditLedger(db)).filter(({ breaches }) => breaches > 0n)).toEqual([]);
  });

  it("is made once by a double tap, as a place and a guarantee are", async () => {
    const { code, people } = await four();
    const [, awa, , issa] = people;
    const [holderId, withHolderId] = [await holderOf(awa), await holderOf(issa)];
    const toMemberId = issa.memberId.toString();
    const ids: string[] = [];
    for (let tap = 0; tap < 2; tap += 1) {
      const swap = await offerSwap(awa.context, { code, holderId, withHolderId, pin });
      const place = await offerHandover(awa.context, { code, holderId, toMemberId, pin });
      const open = await offerHandover(awa.context, { code, holderId, toMemberId: "", pin });
      const asked = { code, guarantorId: toMemberId, amount: "5 000" };
      const guarantee = await offerGuarantee(awa.context, asked);
      ids.push([swap.swapId, place.handoverId, open.handoverId, guarantee.guaranteeId].join(" "));
    }
    expect(ids[0]).toBe(ids[1]);
    expect(await told(issa)).toHaveLength(3);
  });

  it("that is declined is told to the other side only", async () => {
    const { code, people } = await four();
    const [, awa, moussa, issa] = people;
    const [holderId, withHolderId] = [await holderOf(awa), await holderOf(issa)];
    const { swapId } = await offerSwap(awa.context, { code, holderId, withHolderId, pin });
    await declineSwap(issa.context, { code, id: swapId.toString() });
    expect(await told(awa)).toEqual(["offer_declined Issa T."]);
    expect(await told(issa)).toEqual(["swap_offered Awa T."]);
    expect(await told(moussa)).toEqual([]);
  });

  it("lapses after 72 hours, once, and both sides hear of it", async () => {
    const { group, code, people } = await four();
    const [, awa, , issa] = people;
    const [holderId, withHolderId] = [await holderOf(awa), await holderOf(issa)];
    const { swapId } = await offerSwap(awa.context, { code, holderId, withHolderId, pin });
    for (const hours of [71, 73, 74]) await advance(group, later(awa.context, hours).now);
    expect(await told(awa)).toEqual(["offer_lapsed"]);
    expect(await told(issa)).toEqual(["swap_offered Awa T.", "offer_lapsed"]);
    const late = acceptSwap(later(issa.context, 74), { code, id: swapId.toString(), pin });
    await expect(late).rejects.toMatchObject({ code: "tontine_not_now" });
  });
});

describe("a place that is handed over by a link", () => {
  async function offered() {
    const { group, code, people } = await four();
    const [fatou, awa, moussa, issa] = people;
    const offer = { code, holderId: await holderOf(issa), toMemberId: "", pin };
    const { handoverId } = await offerHandover(issa.context, offer);
    const newcomer = await createMember(db, "Nafi", 20_000n);
    return {
      group,
      code,
      fatou,
      awa,
      moussa,
      issa,
      id: handoverId,
      newcomer,
      token: placeTokenOf(handoverId),
    };
  }

  it("goes to who takes it with the PIN, once an officer has countersigned", async () => {
    const { code, fatou, issa, id, newcomer, token } = await offered();
    await expect(getSummary(newcomer.context, code)).rejects.toMatchObject({ code: "not_found" });
    for (let time = 0; time < 2; time += 1) await takePlace(newcomer.context, { token, pin });
    expect(await told(issa)).toEqual(["offer_accepted Nafi T."]);
    const other = await createMember(db, "Binta", 0n);
    await expect(takePlace(other.context, { token, pin })).rejects.toMatchObject({ code: "not_found" });
    await applyHandover(fatou.context, { code, id: id.toString(), pin });
    const { me, turns } = await getSummary(newcomer.context, code);
    expect(me).toMatchObject({ state: "active", halves: 2 });
    expect(turns.at(-1)?.receivers).toMatchObject([{ isMe: true }]);
    await expect(getSummary(issa.context, code)).rejects.toMatchObject({ code: "not_found" });
    for (const side of [issa, newcomer]) expect((await told(side)).at(-1)).toBe("change_applied");
    expect((await auditLedger(db)).filter(({ breaches }) => breaches > 0n)).toEqual([]);
  });

  it("shows the group no more to a newcomer who doesn't get it, who may take another one", async () => {
    const { group, code, awa, moussa, id, newcomer, token } = await offered();
    await takePlace(newcomer.context, { token, pin });
    expect((await getSummary(newcomer.context, code)).me.state).toBe("invited");
    await declineHandover(moussa.context, { code, id: id.toString() });
    expect(await told(newcomer)).toEqual(["offer_declined Moussa T."]);
    await expect(getSummary(newcomer.context, code)).rejects.toMatchObject({ code: "not_found" });
    await expect(takePlace(newcomer.context, { token, pin })).resolves.toEqual({ code });

    const again = { code, holderId: await holderOf(awa), toMemberId: "", pin };
    const { handoverId } = await offerHandover(awa.context, again);
    await takePlace(newcomer.context, { token: placeTokenOf(handoverId), pin });
    expect((await getSummary(newcomer.context, code)).me.state).toBe("invited");
    await advance(group, later(awa.context, 73).now);
    await expect(getSummary(newcomer.context, code)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is opened by no other token, and not by who offers it", async () => {
    const { id, issa, newcomer, token } = await offered();
    for (const wrong of ["", "1", `${id}-${"A".repeat(22)}`, `${id + 1n}-${token.split("-")[1]}`]) {
      await expect(takePlace(newcomer.context, { token: wrong, pin })).rejects.toMatchObject({
        code: "not_found",
      });
    }
    await expect(takePlace(issa.context, { token, pin })).rejects.toMatchObject({ code: "not_found" });
    await expect(takePlace(newcomer.context, { token, pin: "" })).rejects.toMatchObject({
      code: "pin_required",
    });
  });

  it("is accepted by nobody's name in the database", async () => {
    const { id } = await offered();
    const accepting = owner`update tontine_handovers set state = 'accepted' where id = ${id.toString()}`;
    await expect(accepting).rejects.toThrow("a place goes to who accepted it");
  });
});

describe("a place that is offered to a member", () => {
  it("is told to them, and taken with both shares", async () => {
    const { code, people } = await four();
    const [fatou, awa, , issa] = people;
    const offer = { code, holderId: await holderOf(issa), toMemberId: awa.memberId.toString(), pin };
    const id = (await offerHandover(issa.context, offer)).handoverId.toString();
    expect(await told(awa)).toEqual(["place_offered Issa T."]);
    await acceptHandover(awa.context, { code, id, pin });
    await applyHandover(fatou.context, { code, id, pin });
    expect((await getSummary(awa.context, code)).me.halves).toBe(4);
  });
});

describe("a request to leave", () => {
  it("is told to the officers, and its end to the member", async () => {
    const { group, code, people } = await four();
    const [fatou, awa, moussa] = people;
    await advance(group, timeOf(group, 1, -2));
    for (const each of people) await pay(group, each, 1);
    const now = timeOf(group, 1, -1);
    const leave = () => leaveTontine(at(awa.context, now), { code, pin });
    await leave();
    await leave();
    expect(await told(fatou)).toEqual(["countersign Awa T."]);
    const memberId = awa.memberId.toString();
    await endLeaving(at(moussa.context, now), { code, memberId });
    await endLeaving(at(moussa.context, now), { code, memberId });
    expect(await told(awa)).toEqual(["offer_declined Moussa T."]);
    const accept = () => acceptLeaver(at(fatou.context, now), { code, memberId, pin });
    await expect(accept()).rejects.toMatchObject({ code: "not_found" });
    await leave();
    await accept();
    expect((await told(awa)).at(-1)).toBe("change_applied");
    await expect(endLeaving(at(moussa.context, now), { code, memberId })).rejects.toMatchObject({
      code: "tontine_not_now",
    });
  });

  it("is ended by the member or an officer, and by nobody else", async () => {
    const { code, people } = await four();
    const [, awa, , issa] = people;
    await leaveTontine(issa.context, { code, pin });
    const byOther = endLeaving(awa.context, { code, memberId: issa.memberId.toString() });
    await expect(byOther).rejects.toMatchObject({ code: "tontine_role_missing" });
    await endLeaving(issa.context, { code, memberId: "" });
    expect(await told(issa)).toEqual([]);
  });
});

describe("a guarantee", () => {
  it("is told to the guarantor, and the answer to who asked", async () => {
    const { code, people } = await four();
    const [, awa, moussa, issa] = people;
    const ask = (guarantor: Person) =>
      offerGuarantee(awa.context, { code, guarantorId: guarantor.memberId.toString(), amount: "5 000" });
    const first = (await ask(issa)).guaranteeId.toString();
    expect(await told(issa)).toEqual(["guarantee_asked Awa T."]);
    await declineGuarantee(issa.context, { code, guaranteeId: first });
    expect(await told(awa)).toEqual(["offer_declined Issa T."]);
    const second = (await ask(moussa)).guaranteeId.toString();
    await signGuarantee(moussa.context, { code, guaranteeId: second, pin });
    expect((await told(awa)).at(-1)).toBe("guarantee_signed Moussa T.");
  });
});

describe("what waits for somebody", () => {
  it("is counted as the list has it, for each member", async () => {
    const { code, people } = await four();
    const [fatou, awa, moussa, issa] = people;
    const counts = async () =>
      await Promise.all(
        people.map(async ({ context }) => {
          const { changes } = await listChanges(context, code);
          const { waiting } = await getSummary(context, code);
          expect(changes.filter(({ may }) => may !== null)).toHaveLength(waiting);
          return waiting;
        }),
      );
    expect(await counts()).toEqual([0, 0, 0, 0]);
    const [holderId, withHolderId] = [await holderOf(awa), await holderOf(issa)];
    const { swapId } = await offerSwap(awa.context, { code, holderId, withHolderId, pin });
    const guarantorId = moussa.memberId.toString();
    await offerGuarantee(awa.context, { code, guarantorId, amount: "5 000" });
    expect(await counts()).toEqual([0, 0, 1, 1]);
    await acceptSwap(issa.context, { code, id: swapId.toString(), pin });
    expect(await counts()).toEqual([1, 0, 2, 0]);
    const offer = { code, holderId: await holderOf(fatou), toMemberId: awa.memberId.toString(), pin };
    const id = (await offerHandover(fatou.context, offer)).handoverId.toString();
    await leaveTontine(issa.context, { code, pin });
    expect(await counts()).toEqual([2, 1, 3, 0]);
    await acceptHandover(awa.context, { code, id, pin });
    expect(await counts()).toEqual([2, 0, 4, 1]);
  });

  it("is shown to its sides and to officers, and its link to who offers it and officers", async () => {
    const { code, people } = await four();
    const [fatou, awa, , issa] = people;
    const offer = { code, holderId: await holderOf(issa), toMemberId: "", pin };
    const id = (await offerHandover(issa.context, offer)).handoverId.toString();
    const see = ({ context }: Person) => getChange(context, { code, kind: "handover", id });
    for (const each of [fatou, issa]) {
      expect((await see(each)).change).toMatchObject({ token: placeTokenOf(BigInt(id)), mayEnd: true });
    }
    await expect(see(awa)).rejects.toMatchObject({ code: "not_found" });
    const newcomer = await createMember(db, "Nafi", 0n);
    const place = await getPlace(newcomer.context, placeTokenOf(BigInt(id)));
    expect(place).toMatchObject({
      from: "Issa T.",
      turn: { number: 4, count: 4 },
      turnsLeft: 4,
      isTaken: false,
    });
    await expect(see({ ...awa, context: newcomer.context })).rejects.toMatchObject({ code: "not_found" });
  });

  it("names what leaving gives back, and why it can't be done", async () => {
    const { group, code, people } = await four();
    const [fatou, awa] = people;
    await advance(group, timeOf(group, 1, -2));
    const now = timeOf(group, 1, -1);
    expect((await getLeaving(at(awa.context, now), code)).problem).toBe("owes");
    for (const each of people) await pay(group, each, 1);
    const leaving = await getLeaving(at(awa.context, now), code);
    expect(leaving).toMatchObject({ how: "request", problem: null, turns: [{ number: 2 }] });
    const minor = [leaving.paid, leaving.kept, leaving.back].map(({ amountMinor }) => amountMinor);
    expect(minor).toEqual([10_000n, 3_333n, 6_667n]);
    expect((await getLeaving(at(fatou.context, now), code)).problem).toBe("chair");
  });
});

describe("the order", () => {
  it("is changed place by place by the chair before the start, and all sign again", async () => {
    const users = await Promise.all(["A", "B", "C"].map((name) => createMember(db, name, 0n)));
    const code = await codeOf(users);
    await signAll(db, code, users);
    const [chair, second] = users;
    if (!chair || !second) throw new Error("three people");
    const before = await getOrder(chair.context, code);
    expect(before).toMatchObject({ mayMove: true, signedCount: 3 });
    const last = before.places.at(-1)?.shareId ?? "";
    await movePlace(chair.context, { code, shareId: last, position: "1" });
    const { places, signedCount } = await getOrder(chair.context, code);
    expect(places.map(({ names }) => names)).toEqual([["C T."], ["A T."], ["B T."]]);
    expect(signedCount).toBe(0);
    const byOther = movePlace(second.context, { code, shareId: last, position: "1" });
    await expect(byOther).rejects.toMatchObject({ code: "tontine_role_missing" });
    for (const position of ["0", "4", "", "x"]) {
      await expect(movePlace(chair.context, { code, shareId: last, position })).rejects.toMatchObject({
        code: "validation_failed",
      });
    }
    await expect(movePlace(chair.context, { code, shareId: "1", position: "1" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
