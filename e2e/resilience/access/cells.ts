// The cells of the access matrix: requests of every caller to an endpoint, and of what is refused other forms too.
import type { Deployment } from "../deployment";
import type { Random } from "../random";
import type { HttpRequest, HttpResponse } from "../requests/http";
import type { StateReader } from "../requests/state-diff";
import { BYPASS_VARIANTS, CROSS_SITE_VARIANTS, type Target, type Variants } from "../requests/variants";
import type { Caller } from "./callers";
import type { Endpoint } from "./endpoints";
import { findBypassFault, findCrossSiteFault, findFault, identityAt, verdictFor } from "./oracle";
import type { People, Role } from "./people";

/** An endpoint and the number and random choices of its case. */
export interface EndpointCase {
  endpoint: Endpoint;
  number: number;
  random: Random;
}

/** What all cases of a run share. */
export interface AccessRun {
  deployment: Deployment;
  people: People;
  callers: readonly Caller[];
  target: Target;
  /** How many cells of each kind are drawn for an endpoint; null for all of them. */
  sample: { refused: number | null; bypasses: number | null; allowed: number | null };
  readState: StateReader;
  tally: {
    cells: number;
    /** Names of the endpoints that had to refuse a caller, and of those that had to allow one. */
    refusing: Set<string>;
    allowing: Set<string>;
    /** Responses to the owner in which the owner's private data stood: it is recognized where it belongs. */
    ownData: number;
  };
}

/** One cell of the matrix: a request of one caller to one endpoint, and how it must be answered. */
export interface Cell {
  number: number;
  name: string;
  request: HttpRequest;
  /** Whose private data may stand in the response. */
  identities: readonly (Role | undefined)[];
  /** What was expected, when the response is something else; null when it is right. */
  fault(response: HttpResponse): string | null;
}

// An API call takes a tenth of a page's time.
const CALLS_PER_PAGE = 4;

/** Requests that must be refused: those of callers without access, plain and as bypass variants. */
export function refusedCells(run: AccessRun, one: EndpointCase, request: HttpRequest): Cell[] {
  const { endpoint, random } = one;
  const refused = run.callers.filter((caller) => verdictFor(endpoint, caller) !== "allowed");
  const pick = <T>(members: readonly T[], count: number | null) =>
    take(random, members, count && count * (endpoint.kind === "call" ? CALLS_PER_PAGE : 1));
  return [
    ...pick(refused, run.sample.refused).map((caller) => cellOf(one, request, caller, {})),
    ...pick(bypassCells(run, one, request), run.sample.bypasses),
  ];
}

/** Bypass variants of requests that are refused without them: anonymous ones, and another user's for the owner's objects. */
function bypassCells({ callers, target }: AccessRun, one: EndpointCase, request: HttpRequest): Cell[] {
  const { who, objects, kind } = one.endpoint;
  if (who === "anyone" || who === "missing") return [];
  const cellsOf = (caller: Caller | undefined, variants: Variants, findFault: typeof findBypassFault) =>
    Object.entries(caller ? variants : {}).flatMap(([variant, apply]): Cell[] => {
      const changed = caller && apply(withCaller(request, caller), target);
      return changed ? [cellOf(one, changed, caller, { variant, findFault })] : [];
    });
  const named = (name: string) => callers.find((caller) => caller.name === name);
  const stranger = objects === "owner" ? strangerAt(one.endpoint, callers) : undefined;
  const owner = kind === "action" ? named("owner's session") : undefined;
  return [
    ...cellsOf(named("anonymous"), BYPASS_VARIANTS, findBypassFault),
    ...cellsOf(stranger, BYPASS_VARIANTS, findBypassFault),
    ...cellsOf(owner, CROSS_SITE_VARIANTS, findCrossSiteFault),
  ];
}

/** Callers with access. A sample always contains one of the owner's: an endpoint that refuses everybody would pass otherwise. */
export function allowedCallers({ callers, sample }: AccessRun, { endpoint, random }: EndpointCase): Caller[] {
  const allowed = callers.filter((caller) => verdictFor(endpoint, caller) === "allowed");
  if (sample.allowed === null) return allowed;
  const owner = allowed.find((caller) => identityAt(endpoint, caller) === "owner");
  const others = allowed.filter((caller) => caller !== owner);
  return [...take(random, others, sample.allowed), ...(owner ? [owner] : [])];
}

function take<T>(random: Random, members: readonly T[], count: number | null): readonly T[] {
  return count === null ? members : random.shuffle(members).slice(0, count);
}

/** The caller that is signed in as another user. */
export function strangerAt({ kind }: Endpoint, callers: readonly Caller[]): Caller | undefined {
  return callers.find(({ name }) => name === (kind === "call" ? "other's token" : "other's session"));
}

/** The request of a caller, as a client sends it or as a variant that has the caller's credentials already. */
export function cellOf(
  { endpoint, number }: EndpointCase,
  request: HttpRequest,
  caller: Caller,
  { variant, findFault: find }: { variant?: string; findFault?: typeof findBypassFault },
): Cell {
  return {
    number,
    name: `${caller.name} at ${endpoint.name}${variant === undefined ? "" : `, ${variant}`}`,
    request: variant === undefined ? withCaller(request, caller) : request,
    identities: [caller.session, caller.token, caller.key?.role],
    fault: (response) =>
      find ? find(endpoint, { request, caller }, response) : findFault(endpoint, caller, response),
  };
}

/** `request` with the caller's credentials. */
export function withCaller(request: HttpRequest, { headers, query }: Caller): HttpRequest {
  const glue = request.target.includes("?") ? "&" : "?";
  const target = query === undefined ? request.target : `${request.target}${glue}${query}`;
  return { ...request, target, headers: { ...request.headers, ...headers } };
}
