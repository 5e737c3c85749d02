import { config } from "@/lib/config";
import type { Day } from "@/lib/day-range";
import type { Context } from "../../context";
import { type Group, OFFICERS, readOwnGroup } from "../groups/group";
import { type MemberRow, selectShares } from "../groups/store";
import type { TontineState } from "../kinds";
import { checkDigits, drawOrder } from "../order/draw-sheet";
import {
  type DrawResultRow,
  type DrawRow,
  findDraw,
  findDrawResult,
  selectDrawNumbers,
  selectDrawShares,
} from "../order/store";
import type { OrderMethod } from "../rules";

export interface DrawShare {
  /** Its number in the sheet: before the freeze its place. */
  number: number;
  /** Its holders now. */
  names: readonly string[];
  /** What they added, as the sheet has it; empty for nothing. */
  added: string;
  /** Its place in the order that was drawn, and its key; null before. */
  place: number | null;
  key: string | null;
}

export interface DrawView {
  code: string;
  name: string;
  zone: string;
  method: OrderMethod;
  state: TontineState<"group">;
  shares: readonly DrawShare[];
  /** What the viewer has added; null where they hold no share. */
  myNumber: string | null;
  /** Null before the freeze. */
  sheet: {
    text: string;
    /** The first 12 digits of its SHA-256. */
    digits: string;
    frozenAt: Date;
    /** When the randomness is published. */
    drawsAt: Date;
    round: number | null;
    lotto: { name: string; day: Day } | null;
    /** Where anybody reads the round; null for a lotto. */
    url: string | null;
    /** Why the beacon gave nothing so far. */
    problem: DrawRow["problem"];
  } | null;
  /** What an officer typed and another one has to confirm. */
  typed: { numbers: string; day: Day; by: string; isMine: boolean } | null;
  result: {
    randomness: string;
    seed: string;
    /** The numbers of the shares as they take. */
    order: readonly number[];
    drawnAt: Date;
    /** Where it isn't the round or the day of the sheet: which one it is. */
    laterRound: number | null;
    laterDay: Day | null;
    mirror: string | null;
    /** Where anybody reads the round that counted. */
    url: string | null;
  } | null;
  /** What the viewer may do now. */
  may: Record<"choose" | "add" | "freeze" | "type" | "confirm", boolean>;
}

const BEFORE: readonly string[] = ["draft", "inviting", "agreed"] satisfies TontineState<"group">[];

/** The draw of a group's order with all that it is made of, for its members. Throws `unauthenticated`, `not_found`. */
export async function getDraw(context: Context, code: string): Promise<DrawView> {
  const { group, member } = await readOwnGroup(context, code);
  const { tontine, cycle, parameters } = group;
  const { db } = context;
  const [numbers, draw] = [await selectDrawNumbers(db, cycle.id), await findDraw(db, cycle.id)];
  const result = draw && (await findDrawResult(db, draw.id));
  const holds = group.holders.some(({ memberId }) => memberId === member.id);
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    method: parameters.order,
    state: tontine.state as TontineState<"group">,
    shares: draw
      ? sharesOf(group, { draw, result, frozen: await selectDrawShares(db, draw.id) })
      : toCome(group, numbers, await selectShares(db, cycle.id)),
    myNumber: holds ? (numbers.get(member.id) ?? "") : null,
    sheet: draw && sheetOf(draw),
    typed: draw && typedOf(group, draw, member),
    result: draw && result && resultOf(draw, result),
    may: mayOf(context, { group, member, draw, holds }),
  };
}

const namesOf = ({ holders, members }: Group, shareId: bigint): string[] =>
  holders
    .filter((holder) => holder.shareId === shareId)
    .map(({ memberId }) => members.get(memberId)?.name ?? "");

/** Before the freeze: each share at its place, with what its holders have added so far. */
function toCome(
  group: Group,
  numbers: ReadonlyMap<bigint, string>,
  shares: readonly { id: bigint; position: number }[],
): DrawShare[] {
  return shares.map(({ id, position }) => {
    const holders = group.holders.filter(({ shareId }) => shareId === id);
    const added = holders.flatMap(({ memberId }) => numbers.get(memberId) ?? []).join("+");
    return { number: position, names: namesOf(group, id), added, place: null, key: null };
  });
}

function sharesOf(
  group: Group,
  {
    draw,
    result,
    frozen,
  }: { draw: DrawRow; result: DrawResultRow | null; frozen: Awaited<ReturnType<typeof selectDrawShares>> },
): DrawShare[] {
  const drawn = result && drawOrder(draw.sheet, result.randomness, frozen.length);
  return frozen.map(({ number, shareId, added }) => ({
    number,
    names: namesOf(group, shareId),
    added,
    place: drawn && drawn.order.indexOf(number) + 1,
    key: drawn?.keys[number - 1] ?? null,
  }));
}

function sheetOf({ sheet, frozenAt, drawsAt, round, lotto, lottoDay, problem }: DrawRow) {
  return {
    text: sheet,
    digits: checkDigits(sheet),
    ...{ frozenAt, drawsAt, round, problem },
    lotto: lotto === null || lottoDay === null ? null : { name: lotto, day: lottoDay },
    url: round === null ? null : urlOf(round),
  };
}

function urlOf(round: number): string {
  const { urls, chainHash } = config().beacon;
  return `${urls[0]}/${chainHash}/public/${round}`;
}

function typedOf(group: Group, draw: DrawRow, viewer: MemberRow): DrawView["typed"] {
  const { state, typedNumbers: numbers, typedDay: day, typedBy } = draw;
  if (state !== "typed" || numbers === null || day === null || typedBy === null) return null;
  return { numbers, day, by: group.members.get(typedBy)?.name ?? "", isMine: typedBy === viewer.id };
}

function resultOf(draw: DrawRow, result: DrawResultRow): NonNullable<DrawView["result"]> {
  const { randomness, seed, shareOrder, drawnAt, round, lottoDay, mirror } = result;
  return {
    ...{ randomness, seed, drawnAt, mirror },
    order: shareOrder.split(" ").map(Number),
    laterRound: round !== null && round !== draw.round ? round : null,
    laterDay: lottoDay !== null && lottoDay !== draw.lottoDay ? lottoDay : null,
    url: round === null ? null : urlOf(round),
  };
}

function mayOf(
  { now }: Context,
  { group, member, draw, holds }: { group: Group; member: MemberRow; draw: DrawRow | null; holds: boolean },
): DrawView["may"] {
  const { tontine, parameters } = group;
  const isChair = member.roles.includes("chair");
  const isOfficer = member.roles.some((role) => (OFFICERS as readonly string[]).includes(role));
  const isBefore = BEFORE.includes(tontine.state) && draw === null;
  const isDrawn = parameters.order === "draw";
  const isLotto = draw?.source === "lotto" && tontine.state === "agreed" && now >= draw.drawsAt;
  return {
    choose: isBefore && isChair,
    add: isBefore && isDrawn && holds,
    freeze: isBefore && isDrawn && isChair && tontine.state === "agreed",
    type:
      isLotto &&
      isOfficer &&
      (draw.state === "frozen" || (draw.state === "typed" && draw.typedBy === member.id)),
    confirm: isLotto && isOfficer && draw.state === "typed" && draw.typedBy !== member.id,
  };
}
