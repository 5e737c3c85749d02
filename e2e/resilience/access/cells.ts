import type { Random } from "../random";
import type { Answered, Asked } from "./ask";
import { BENDS, type Bend, type Place } from "./bypass-variants";
import type { Caller, Who } from "./callers";
import type { Door } from "./find-endpoints";
import { FOREIGN } from "./foreign";
import { findBentFault, findFault, findForeignFault, type Verdict, verdictFor } from "./oracle";

/** A door and the case that tries it. */
export interface Try {
  door: Door;
  number: number;
  random: Random;
}

/** One request and how it has to end. */
export interface Cell {
  number: number;
  name: string;
  asked: Asked;
  /** Whose secrets may stand in the answer. */
  identities: readonly Who[];
  /** What was promised and isn't so; null when all is well. */
  fault(answer: Answered): string | null;
}

/** How many cells of each kind a door gets; null for all of them. */
export interface Sample {
  refused: number | null;
  bent: number | null;
  let: number | null;
}

// A call costs a tenth of a page.
const CALLS_FOR_A_PAGE = 4;
const OTHERS_IN_SAMPLE = 0.3;

type Judged = { caller: Caller; verdict: Verdict };

/** Those who are refused at a door: plainly, and with every bypass. */
export function refusedCells(
  { door, number, random }: Try,
  asked: Asked,
  { callers, place, sample }: { callers: readonly Caller[]; place: Place; sample: Sample },
): Cell[] {
  const out = callers
    .map((caller) => ({ caller, verdict: verdictFor(door, caller) }))
    .filter(({ verdict }) => verdict.kind !== "in")
    .map((judged) => plainCell({ door, number }, asked, judged));
  const bent = bentCells({ door, number }, asked, callers, place);
  const times = door.kind === "call" ? CALLS_FOR_A_PAGE : 1;
  return [
    ...pick(random, out, sample.refused && sample.refused * times),
    ...pick(random, bent, sample.bent && sample.bent * times),
  ];
}

/** Those who are let in. In a sample an owner is always there: a door that opens to nobody shows nothing. */
export function letCallers(
  { door, random }: Try,
  { callers, sample }: { callers: readonly Caller[]; sample: Sample },
): { caller: Caller; verdict: Verdict; as: Who | null }[] {
  const judged = callers.flatMap((caller) => {
    const verdict = verdictFor(door, caller);
    return verdict.kind === "in" ? [{ caller, verdict, as: verdict.as }] : [];
  });
  if (sample.let === null) return judged;
  const owners = judged.filter(({ as }) => as === "owner").slice(0, 1);
  const rest = judged.filter((one) => !owners.includes(one));
  const isTried = door.kind === "call" || random.chance(OTHERS_IN_SAMPLE);
  return [...pick(random, rest, isTried ? sample.let : 0), ...owners];
}

function pick<T>(random: Random, members: readonly T[], count: number | null): readonly T[] {
  return count === null ? members : random.shuffle(members).slice(0, count);
}

export function plainCell(
  { door, number }: Pick<Try, "door" | "number">,
  asked: Asked,
  { caller, verdict }: Judged,
): Cell {
  return {
    number,
    name: `${caller.name} at ${door.name}`,
    asked: withCaller(asked, caller),
    identities: identitiesOf(caller),
    fault: (answer) => findFault(door, verdict, answer),
  };
}

/** Who stands for "somebody else" at a door. */
export function strangersName(door: Door): string {
  return door.kind === "call" ? "other's token" : "other's session";
}

type At = Pick<Try, "door" | "number">;

/** Bypasses, for whoever was refused without them: nobody, and somebody else at the owner's things. */
function bentCells(at: At, asked: Asked, callers: readonly Caller[], place: Place): Cell[] {
  const { door } = at;
  if (door.who === "anyone" || door.who === "missing") return [];
  const named = (names: readonly string[]) => callers.filter(({ name }) => names.includes(name));
  const refused = named(["nobody", ...(door.names === "owner" ? [strangersName(door)] : [])]);
  const bent = refused.flatMap((caller) => bend(at, BENDS, { asked, caller, place }, findBentFault));
  if (door.kind !== "action") return bent;
  const owners = named(["owner's session"]);
  return [
    ...bent,
    ...owners.flatMap((caller) => bend(at, FOREIGN, { asked, caller, place }, findForeignFault)),
  ];
}

function bend(
  { door, number }: At,
  bends: readonly Bend[],
  { asked, caller, place }: { asked: Asked; caller: Caller; place: Place },
  fault: (door: Door, request: { asked: Asked; caller: Caller }, answer: Answered) => string | null,
): Cell[] {
  return bends.flatMap(({ name, bend: change }) => {
    const bent = change(withCaller(asked, caller), place);
    if (bent === null) return [];
    return {
      number,
      name: `${caller.name} at ${door.name}, ${name}`,
      asked: bent,
      identities: identitiesOf(caller),
      fault: (answer) => fault(door, { asked: bent, caller }, answer),
    };
  });
}

const identitiesOf = ({ session, token, key }: Caller): Who[] =>
  [session, token, key?.who].filter((who) => who !== undefined);

export function withCaller(asked: Asked, { headers, query }: Caller): Asked {
  const target =
    query === undefined ? asked.target : `${asked.target}${asked.target.includes("?") ? "&" : "?"}${query}`;
  return { ...asked, target, headers: { ...asked.headers, ...headers } };
}
