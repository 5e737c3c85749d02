import { SESSION_COOKIE } from "@/e2e/support/credentials";
import { type HttpResponse, send } from "../requests/http";
import { idsBy, NONEXISTENT, type ObjectIds, type Person } from "../requests/person";
import { changedTables } from "../requests/state-diff";
import type { Violation } from "../scenario";
import type { Caller } from "./callers";
import {
  type AccessRun,
  allowedCallers,
  type Cell,
  cellOf,
  type EndpointCase,
  refusedCells,
  strangerAt,
  withCaller,
} from "./cells";
import { comparable } from "./comparable";
import { type Endpoint, requestTo } from "./endpoints";
import { hasWorked, identityAt } from "./oracle";
import { privateDataPattern, type Role } from "./people";
import type { RequestContext } from "./rule";

const COMPARED_SHARE = 0.4;
const CONCURRENCY = 12;

/** Checks endpoints with every caller: first all who must be refused, which may change nothing, then those with access. */
export async function checkEndpoints(run: AccessRun, cases: readonly EndpointCase[]): Promise<Violation[]> {
  const { people, tally, sample, deployment } = run;
  // Who is nobody to us is counted by address, which all callers share.
  await deployment.owner`delete from rate_limits`;
  const refused: Cell[] = [];
  for (const one of cases) {
    const ids = one.endpoint.objects === "nonexistent" ? NONEXISTENT : people.owner;
    const cells = refusedCells(run, one, await requestTo(one.endpoint, contextOf(run, ids)));
    if (cells.length > 0) tally.refusing.add(one.endpoint.name);
    refused.push(...cells);
  }
  const violations = await sendRefused(run, refused);
  for (const role of [null, "other", "third", "owner"] as const)
    violations.push(...(await sendAllowed(run, cases, role)));
  for (const one of cases) {
    const isCompared = sample.allowed === null || one.random.chance(COMPARED_SHARE);
    if (one.endpoint.objects === "owner" && isCompared)
      violations.push(...(await compareWithNonexistent(run, one)));
    if (one.endpoint.validBody !== undefined) violations.push(...(await sendValidBody(run, one)));
  }
  return violations;
}

function contextOf({ people }: AccessRun, ids: ObjectIds, actor: Person | null = null): RequestContext {
  return {
    ids,
    actor,
    payee: people.payee.user.walletNumber,
    alarm: () => people.payee.identity.alarmToken(),
  };
}

/** Sends all cells between two snapshots of the database. After a change each is sent again, to find which one made it. */
async function sendRefused(run: AccessRun, cells: readonly Cell[]): Promise<Violation[]> {
  const [first] = cells;
  if (first === undefined) return [];
  const changedBy = async (sent: readonly Cell[]) => {
    const before = await run.readState(null);
    const violations = await sendAll(run, sent);
    return { violations, tables: changedTables(before, await run.readState(null)) };
  };
  const { violations, tables } = await changedBy(cells);
  if (tables.length === 0) return violations;
  const complain = ({ number }: Cell, where: string, changed: string[]) => {
    const what = `${where}: a refused request must change nothing, but ${changed.join(", ")} changed`;
    violations.push({ case: number, what });
  };
  for (const cell of cells) {
    const again = await changedBy([cell]);
    if (again.tables.length > 0) complain(cell, cell.name, again.tables);
  }
  complain(first, `between ${first.name} and ${cells.at(-1)?.name}`, tables);
  return violations;
}

/** Callers who act as `role` (null: nobody) on their own objects; the other people's rows stay as they are. */
async function sendAllowed(run: AccessRun, cases: readonly EndpointCase[], role: Role | null) {
  const { people, tally } = run;
  const actor = role === null ? null : people[role];
  const watched = [people.owner, people.other].filter((person) => person !== actor).map(({ user }) => user);
  const before = await run.readState(watched);
  const violations: Violation[] = [];
  const reads: Cell[] = [];
  for (const one of cases) {
    const { endpoint } = one;
    for (const caller of allowedCallers(run, one)) {
      if (identityAt(endpoint, caller) !== role) continue;
      tally.allowing.add(endpoint.name);
      await actor?.makeRoom();
      const request = await requestTo(endpoint, contextOf(run, actor ?? NONEXISTENT, actor));
      const sender = endpoint.endsSession && actor !== null ? await withNewSession(caller, actor) : caller;
      const cell = workingCell(run, endpoint, cellOf(one, request, sender, {}), actor);
      // Requests that change something are sent one by one: they would disturb each other. So are those for streams of events
      // and for files, of which a person may have few at a time.
      const isRead =
        request.method === "GET" && !/\/(events|files|statements?)[/?]|\.(pdf|csv)$/.test(request.target);
      if (isRead || actor === null) reads.push(cell);
      else violations.push(...(await sendAll(run, [cell])));
    }
  }
  violations.push(...(await sendAll(run, reads)));
  const changed = changedTables(before, await run.readState(watched));
  if (changed.length === 0) return violations;
  const [first, last] = [cases[0], cases.at(-1)];
  const what = `${role ?? "anyone"} at ${first?.endpoint.name} to ${last?.endpoint.name}: rows of other people must not change, but ${changed.join(", ")} did`;
  return [...violations, { case: first?.number ?? 0, what }];
}

/** The same cell, whose response to `actor` must also show that the endpoint did its work. */
function workingCell(run: AccessRun, endpoint: Endpoint, cell: Cell, actor: Person | null): Cell {
  if (actor === null) return cell;
  const fault = (response: HttpResponse) => {
    if (actor === run.people.owner && privateDataPattern(actor).test(response.body)) run.tally.ownData += 1;
    return cell.fault(response) ?? (hasWorked(endpoint, response) ? null : "the endpoint to do its work");
  };
  return { ...cell, fault };
}

/** The caller with a new session, for an endpoint that ends the session it is used with. */
async function withNewSession(caller: Caller, person: Person): Promise<Caller> {
  const headers: Caller["headers"] = { ...caller.headers };
  if (caller.session !== undefined) headers.cookie = `${SESSION_COOKIE}=${await person.cookieValue()}`;
  if (caller.token !== undefined) headers.authorization = `Bearer ${await person.accessToken()}`;
  return { ...caller, headers };
}

/** Requests another user's object and one that doesn't exist: both responses must be the same but for the ids. */
async function compareWithNonexistent(run: AccessRun, { endpoint, number }: EndpointCase) {
  const caller = strangerAt(endpoint, run.callers);
  if (caller === undefined) return [];
  const responseFor = async (ids: ObjectIds) => {
    const used: string[] = [];
    const noting = idsBy(async (kind) => {
      used.push(await ids[kind]());
      return used.at(-1) ?? "";
    });
    const request = await requestTo(endpoint, contextOf(run, noting));
    run.tally.cells += 1;
    return comparable(await send(run.deployment.url, withCaller(request, caller)), used);
  };
  const [existing, missing] = [await responseFor(run.people.owner), await responseFor(NONEXISTENT)];
  if (existing === missing) return [];
  let at = 0;
  while (existing[at] === missing[at]) at += 1;
  const [one, two] = [existing, missing].map((text) =>
    JSON.stringify(text.slice(Math.max(0, at - 40), at + 60)),
  );
  const what = `${caller.name} at ${endpoint.name}: expected the same response for another user's object as for a missing one, but they differ at ${at}: ${one} and ${two}`;
  return [{ case: number, what }];
}

async function sendValidBody(run: AccessRun, { endpoint, number }: EndpointCase): Promise<Violation[]> {
  const { owner } = run.people;
  const request = await requestTo(endpoint, contextOf(run, owner, owner));
  const body = Buffer.from(JSON.stringify(await endpoint.validBody?.(owner)));
  run.tally.allowing.add(endpoint.name);
  const fault = ({ status }: HttpResponse) =>
    status === 200 ? null : "a valid credential in the body to be accepted";
  const cell = { number, name: endpoint.name, request: { ...request, body }, identities: ["owner"], fault };
  return await sendAll(run, [cell as Cell]);
}

async function sendAll(run: AccessRun, cells: readonly Cell[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  const queue = [...cells];
  const work = async () => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift())
      violations.push(...violationsIn(run, cell, await send(run.deployment.url, cell.request)));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return violations;
}

function violationsIn({ people, tally }: AccessRun, cell: Cell, response: HttpResponse): Violation[] {
  const { name, number, identities, fault } = cell;
  const { status, headers, body } = response;
  tally.cells += 1;
  const expected = fault(response);
  const leaked = (["owner", "other", "third", "frozen"] as const).filter(
    (role) => !identities.includes(role as Role) && privateDataPattern(people[role]).test(body),
  );
  const where = headers.location ?? headers["x-action-redirect"];
  // Too short to hold a credential.
  const seen = `${status}${where === undefined ? "" : ` to ${where}`} ${body.replace(/\s+/g, " ").slice(0, 160)}`;
  return [
    ...(expected === null ? [] : [`${name}: expected ${expected}, seen ${seen}`]),
    ...leaked.map(() => `${name}: the response (${status}) contains another person's private data`),
  ].map((what) => ({ case: number, what }));
}
