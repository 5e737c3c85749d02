import type { Deployment } from "../deployment";
import type { Violation } from "../scenario";
import { type Answered, ask } from "./ask";
import type { Place } from "./bypass-variants";
import type { Caller, Who } from "./callers";
import { type Cell, letCallers, plainCell, refusedCells, type Sample, type Try } from "./cells";
import { compareWithNobodys } from "./compare-nobodys";
import type { Door } from "./find-endpoints";
import { type Mint, SESSION_COOKIE } from "./issue-credentials";
import { isOpened } from "./oracle";
import { marksPattern, type People } from "./people";
import type { Person } from "./person";
import { changedTables, takeFootprint } from "./state-diff";
import { NOBODYS } from "./things";

/** What trying doors needs, and what it counts. */
export interface Trial {
  deployment: Deployment;
  people: People;
  callers: readonly Caller[];
  mint: Mint;
  place: Place;
  sample: Sample;
  tally: Tally;
}

export interface Tally {
  cells: number;
  refusing: Set<string>;
  letting: Set<string>;
  /** Answers in which the owner's secrets stood, for the owner. */
  shown: number;
}

const AT_ONCE = 12;
const COMPARED_IN_SAMPLE = 0.4;

/** Tries doors with everybody: first all who are refused, which must change nothing at all, then those who aren't. */
export async function tryDoors(trial: Trial, tries: readonly Try[]): Promise<Violation[]> {
  const { people } = trial;
  const refused: Cell[] = [];
  for (const one of tries) {
    const of = one.door.names === "nobody" ? NOBODYS : people.owner;
    const asked = await one.door.make({ of, actor: null, people });
    const cells = refusedCells(one, asked, trial);
    if (cells.length > 0) trial.tally.refusing.add(one.door.name);
    refused.push(...cells);
  }
  const violations = await tryRefused(trial, refused);
  for (const who of [null, "other", "third", "owner"] as const) {
    violations.push(...(await tryLet(trial, tries, who)));
  }
  for (const { door, number, random } of tries) {
    const isCompared = trial.sample.let === null || random.chance(COMPARED_IN_SAMPLE);
    if (door.names === "owner" && isCompared)
      violations.push(...(await compareWithNobodys(trial, door, number)));
    if (door.proof !== undefined) violations.push(...(await tryProven(trial, door, number)));
  }
  return violations;
}

/** Sends them all, and looks whether anything changed anywhere; then, which of them it was. */
async function tryRefused(trial: Trial, cells: readonly Cell[]): Promise<Violation[]> {
  const [first] = cells;
  if (first === undefined) return [];
  const { owner } = trial.deployment;
  const changedBy = async (work: () => Promise<Violation[]>) => {
    const before = await takeFootprint(owner, null);
    const violations = await work();
    return { violations, tables: changedTables(before, await takeFootprint(owner, null)) };
  };
  const { violations, tables } = await changedBy(() => sendAll(trial, cells));
  if (tables.length === 0) return violations;
  for (const cell of cells) {
    const again = await changedBy(() => sendAll(trial, [cell]));
    if (again.tables.length === 0) continue;
    const what = `${cell.name}: who is refused changes nothing, but ${again.tables.join(", ")} changed`;
    violations.push({ case: cell.number, what });
  }
  const what = `who is refused changes nothing, but ${tables.join(", ")} changed between ${first.name} and ${cells.at(-1)?.name}`;
  return [...violations, { case: first.number, what }];
}

/** Those who act as `who` (null: it doesn't matter who) on what is theirs; the others' things stay as they are. */
async function tryLet(trial: Trial, tries: readonly Try[], who: Who | null): Promise<Violation[]> {
  const { people } = trial;
  const actor = who === null ? null : people[who];
  const watched = [people.owner, people.other].filter((person) => person !== actor);
  const before = await takeFootprint(trial.deployment.owner, watched);
  const violations: Violation[] = [];
  const reads: Cell[] = [];
  for (const one of tries) {
    for (const { caller, verdict, as } of letCallers(one, trial)) {
      if (as !== who) continue;
      trial.tally.letting.add(one.door.name);
      const asked = await one.door.make({ of: actor ?? NOBODYS, actor, people });
      const fresh = one.door.ends && actor !== null ? await freshOf(trial, caller, actor) : caller;
      const cell = plainCell(one, asked, { caller: fresh, verdict });
      const whole = actor === null ? cell : openedCell(trial, one.door, cell, actor);
      // What changes something comes one after the other: they would stand in each other's way.
      if (asked.method === "GET" || actor === null) reads.push(whole);
      else violations.push(...(await sendAll(trial, [whole])));
    }
  }
  violations.push(...(await sendAll(trial, reads)));
  const changed = changedTables(before, await takeFootprint(trial.deployment.owner, watched));
  if (changed.length === 0) return violations;
  const [first, last] = [tries[0], tries.at(-1)];
  const what = `${who ?? "anybody"} at ${first?.door.name} to ${last?.door.name}: nobody else's things change, but ${changed.join(", ")} did`;
  return [...violations, { case: first?.number ?? 0, what }];
}

/** The same cell, which must also do what the door is for. */
function openedCell(trial: Trial, door: Door, cell: Cell, actor: Person): Cell {
  return {
    ...cell,
    fault(answer) {
      if (actor === trial.people.owner && marksPattern(actor).test(answer.body)) trial.tally.shown += 1;
      return cell.fault(answer) ?? (isOpened(door, answer) ? null : "what the door is for");
    },
  };
}

/** For a door that ends the session that it is used with. */
async function freshOf(trial: Trial, caller: Caller, person: Person): Promise<Caller> {
  const headers: Caller["headers"] = { ...caller.headers };
  if (caller.session !== undefined) headers.cookie = `${SESSION_COOKIE}=${await trial.mint.session(person)}`;
  if (caller.token !== undefined) headers.authorization = `Bearer ${await trial.mint.token(person)}`;
  return { ...caller, headers };
}

async function tryProven(trial: Trial, door: Door, number: number): Promise<Violation[]> {
  const { people, deployment, tally } = trial;
  const asked = await door.make({ of: people.owner, actor: people.owner, people });
  const body = Buffer.from(JSON.stringify(await door.proof?.(people.owner)));
  const answer = await ask(deployment.url, { ...asked, body });
  tally.cells += 1;
  tally.letting.add(door.name);
  if (answer.status === 200) return [];
  return [{ case: number, what: `${door.name}: a proof opens it, but the answer is ${shorten(answer)}` }];
}

async function sendAll(trial: Trial, cells: readonly Cell[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  const queue = [...cells];
  const work = async () => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      violations.push(...judge(trial, cell, await ask(trial.deployment.url, cell.asked)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return violations;
}

function judge(
  { people, tally }: Trial,
  { name, number, identities, fault }: Cell,
  answer: Answered,
): Violation[] {
  tally.cells += 1;
  const found = fault(answer);
  const known = new Set(identities.map((who) => people[who]));
  const { owner, other, third, frozen } = people;
  const leaked = [owner, other, third, frozen].filter(
    (person) => !known.has(person) && marksPattern(person).test(answer.body),
  );
  return [
    ...(found === null ? [] : [`${name}: expected ${found}, but the answer is ${shorten(answer)}`]),
    ...leaked.map(() => `${name}: somebody else's secrets stand in the answer, ${answer.status}`),
  ].map((what) => ({ case: number, what }));
}

/** Status, where it leads and how it begins: never enough of it to hold a credential. */
function shorten({ status, headers, body }: Answered): string {
  const where = headers.location ?? headers["x-action-redirect"];
  return `${status}${where === undefined ? "" : ` to ${where}`} ${body.replace(/\s+/g, " ").slice(0, 160)}`;
}
