import { SESSION_COOKIE } from "@/e2e/support/credentials";
import type { Violation } from "../scenario";
import type { AccessRun } from "./access-run";
import type { Caller, Role } from "./callers";
import { allowedCallers, type Cell, type EndpointCase, plainCell, refusedCells } from "./cells";
import { compareWithNonexistent } from "./compare-with-nonexistent";
import type { Endpoint } from "./find-endpoints";
import { NONEXISTENT } from "./object-ids";
import { hasWorked } from "./oracle";
import { privateDataPattern } from "./people";
import type { Person } from "./person";
import { type RawResponse, send } from "./raw-request";
import { changedTables, takeSnapshot } from "./state-diff";

const CONCURRENCY = 12;
const COMPARED_SHARE = 0.4;

/** Checks endpoints with every caller: first all who must be refused, which may change nothing, then those with access. */
export async function checkEndpoints(run: AccessRun, cases: readonly EndpointCase[]): Promise<Violation[]> {
  const { people } = run;
  const refused: Cell[] = [];
  for (const one of cases) {
    const ids = one.endpoint.objects === "nonexistent" ? NONEXISTENT : people.owner;
    const request = await one.endpoint.request({ ids, actor: null, people });
    const cells = refusedCells(one, request, run);
    if (cells.length > 0) run.tally.refusing.add(one.endpoint.name);
    refused.push(...cells);
  }
  const violations = await sendRefused(run, refused);
  for (const role of [null, "other", "third", "owner"] as const) {
    violations.push(...(await sendAllowed(run, cases, role)));
  }
  for (const { endpoint, number, random } of cases) {
    const isCompared = run.sample.allowed === null || random.chance(COMPARED_SHARE);
    if (endpoint.objects === "owner" && isCompared)
      violations.push(...(await compareWithNonexistent(run, endpoint, number)));
    if (endpoint.validBody !== undefined) violations.push(...(await sendValidBody(run, endpoint, number)));
  }
  return violations;
}

/** Sends all cells between two snapshots of the database. After a change each is sent again, to find which one made it. */
async function sendRefused(run: AccessRun, cells: readonly Cell[]): Promise<Violation[]> {
  const [first] = cells;
  if (first === undefined) return [];
  const { owner } = run.deployment;
  const changedBy = async (work: () => Promise<Violation[]>) => {
    const before = await takeSnapshot(owner, null);
    const violations = await work();
    return { violations, tables: changedTables(before, await takeSnapshot(owner, null)) };
  };
  const { violations, tables } = await changedBy(() => sendAll(run, cells));
  if (tables.length === 0) return violations;
  for (const cell of cells) {
    const again = await changedBy(() => sendAll(run, [cell]));
    if (again.tables.length === 0) continue;
    const what = `${cell.name}: a refused request must change nothing, but ${again.tables.join(", ")} changed`;
    violations.push({ case: cell.number, what });
  }
  const what = `refused requests must change nothing, but ${tables.join(", ")} changed between ${first.name} and ${cells.at(-1)?.name}`;
  return [...violations, { case: first.number, what }];
}

/** Callers who act as `role` (null: the identity doesn't matter) on their own objects; the other people's rows stay as they are. */
async function sendAllowed(
  run: AccessRun,
  cases: readonly EndpointCase[],
  role: Role | null,
): Promise<Violation[]> {
  const { people } = run;
  const actor = role === null ? null : people[role];
  const watched = [people.owner, people.other].filter((person) => person !== actor);
  const before = await takeSnapshot(run.deployment.owner, watched);
  const violations: Violation[] = [];
  const reads: Cell[] = [];
  for (const one of cases) {
    for (const { caller, verdict, as } of allowedCallers(one, run)) {
      if (as !== role) continue;
      run.tally.allowing.add(one.endpoint.name);
      const request = await one.endpoint.request({ ids: actor ?? NONEXISTENT, actor, people });
      const sender =
        one.endpoint.endsSession && actor !== null ? await withNewSession(run, caller, actor) : caller;
      const plain = plainCell(one, request, { caller: sender, verdict });
      const cell = actor === null ? plain : workingCell(run, one.endpoint, plain, actor);
      // Requests that change something are sent one by one: they would disturb each other.
      if (request.method === "GET" || actor === null) reads.push(cell);
      else violations.push(...(await sendAll(run, [cell])));
    }
  }
  violations.push(...(await sendAll(run, reads)));
  const changed = changedTables(before, await takeSnapshot(run.deployment.owner, watched));
  if (changed.length === 0) return violations;
  const [first, last] = [cases[0], cases.at(-1)];
  const what = `${role ?? "anyone"} at ${first?.endpoint.name} to ${last?.endpoint.name}: rows of other people must not change, but ${changed.join(", ")} did`;
  return [...violations, { case: first?.number ?? 0, what }];
}

/** The same cell, whose response must also show that the endpoint did its work. */
function workingCell(run: AccessRun, endpoint: Endpoint, cell: Cell, actor: Person): Cell {
  return {
    ...cell,
    fault(response) {
      if (actor === run.people.owner && privateDataPattern(actor).test(response.body)) run.tally.ownData += 1;
      return cell.fault(response) ?? (hasWorked(endpoint, response) ? null : "the endpoint to do its work");
    },
  };
}

/** The caller with a new session, for an endpoint that ends the session it is used with. */
async function withNewSession(run: AccessRun, caller: Caller, person: Person): Promise<Caller> {
  const headers: Caller["headers"] = { ...caller.headers };
  if (caller.session !== undefined)
    headers.cookie = `${SESSION_COOKIE}=${await run.issuer.sessionCookie(person)}`;
  if (caller.token !== undefined) headers.authorization = `Bearer ${await run.issuer.accessToken(person)}`;
  return { ...caller, headers };
}

async function sendValidBody(run: AccessRun, endpoint: Endpoint, number: number): Promise<Violation[]> {
  const { people, deployment, tally } = run;
  const request = await endpoint.request({ ids: people.owner, actor: people.owner, people });
  const body = Buffer.from(JSON.stringify(await endpoint.validBody?.(people.owner)));
  const response = await send(deployment.url, { ...request, body });
  tally.cells += 1;
  tally.allowing.add(endpoint.name);
  if (response.status === 200) return [];
  const what = `${endpoint.name}: expected a valid credential in the body to be accepted, seen ${shorten(response)}`;
  return [{ case: number, what }];
}

async function sendAll(run: AccessRun, cells: readonly Cell[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  const queue = [...cells];
  const work = async () => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      const response = await send(run.deployment.url, cell.request);
      violations.push(...violationsIn(run, cell, response));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return violations;
}

function violationsIn(
  { people, tally }: AccessRun,
  { name, number, identities, fault }: Cell,
  response: RawResponse,
): Violation[] {
  tally.cells += 1;
  const expected = fault(response);
  const known = new Set(identities.map((role) => people[role]));
  const { owner, other, third, frozen } = people;
  const leaked = [owner, other, third, frozen].filter(
    (person) => !known.has(person) && privateDataPattern(person).test(response.body),
  );
  return [
    ...(expected === null ? [] : [`${name}: expected ${expected}, seen ${shorten(response)}`]),
    ...leaked.map(() => `${name}: the response (${response.status}) contains another person's private data`),
  ].map((what) => ({ case: number, what }));
}

/** Status, redirect and the beginning of the body: too short to hold a credential. */
function shorten({ status, headers, body }: RawResponse): string {
  const where = headers.location ?? headers["x-action-redirect"];
  return `${status}${where === undefined ? "" : ` to ${where}`} ${body.replace(/\s+/g, " ").slice(0, 160)}`;
}
