import type { Random } from "../random";
import type { HttpRequest, HttpResponse } from "../requests/http";
import { BYPASS_VARIANTS, CROSS_SITE_VARIANTS, type Target, type Variants } from "../requests/variants";
import type { Caller } from "./callers";
import type { Endpoint } from "./find-endpoints";
import { findBypassFault, findCrossSiteFault, findFault, identityAt, verdictFor } from "./oracle";
import type { Role } from "./people";

/** An endpoint and the number and random choices of its case. */
export interface EndpointCase {
  endpoint: Endpoint;
  number: number;
  random: Random;
}

/** One cell of the access matrix: a request of one caller to one endpoint, and how it must be answered. */
export interface Cell {
  number: number;
  name: string;
  request: HttpRequest;
  /** Whose private data may stand in the response. */
  identities: readonly Role[];
  /** What was expected, when the response is something else; null when it is right. */
  fault(response: HttpResponse): string | null;
}

/** How many cells of each kind are drawn for an endpoint; null for all of them. */
export interface Sample {
  refused: number | null;
  bypasses: number | null;
  allowed: number | null;
}

/** What cells are made from. */
export interface Matrix {
  callers: readonly Caller[];
  target: Target;
  sample: Sample;
}

// An API call takes a tenth of a page's time.
const CALLS_PER_PAGE = 4;
const OTHERS_SHARE = 0.3;

/** Requests that must be refused: those of callers without access, plain and as bypass variants. */
export function refusedCells(one: EndpointCase, request: HttpRequest, matrix: Matrix): Cell[] {
  const { endpoint, random } = one;
  const { callers, sample } = matrix;
  const refused = callers.filter((caller) => verdictFor(endpoint, caller) !== "allowed");
  const factor = endpoint.kind === "call" ? CALLS_PER_PAGE : 1;
  return [
    ...pick(random, refused, sample.refused && sample.refused * factor).map((caller) =>
      plainCell(one, request, caller),
    ),
    ...pick(random, bypassCells(one, request, matrix), sample.bypasses && sample.bypasses * factor),
  ];
}

/** Callers with access. A sample always contains one of the owner's: an endpoint that refuses everybody would pass otherwise. */
export function allowedCallers({ endpoint, random }: EndpointCase, { callers, sample }: Matrix): Caller[] {
  const allowed = callers.filter((caller) => verdictFor(endpoint, caller) === "allowed");
  if (sample.allowed === null) return allowed;
  const owners = allowed.filter((caller) => identityAt(endpoint, caller) === "owner").slice(0, 1);
  const others = allowed.filter((caller) => !owners.includes(caller));
  const takesOthers = endpoint.kind === "call" || random.chance(OTHERS_SHARE);
  return [...pick(random, others, takesOthers ? sample.allowed : 0), ...owners];
}

function pick<T>(random: Random, members: readonly T[], count: number | null): readonly T[] {
  return count === null ? members : random.shuffle(members).slice(0, count);
}

/** The request of a caller as a client sends it. */
export function plainCell(
  { endpoint, number }: Pick<EndpointCase, "endpoint" | "number">,
  request: HttpRequest,
  caller: Caller,
): Cell {
  return {
    number,
    name: `${caller.name} at ${endpoint.name}`,
    request: withCaller(request, caller),
    identities: identitiesOf(caller),
    fault: (response) => findFault(endpoint, caller, response),
  };
}

/** The caller that is signed in as another user. */
export function strangerAt(endpoint: Endpoint, callers: readonly Caller[]): Caller[] {
  const name = endpoint.kind === "call" ? "other's token" : "other's session";
  return callers.filter((caller) => caller.name === name);
}

/** Bypass variants of requests that are refused without them: anonymous ones, and another user's for the owner's objects. */
function bypassCells(one: EndpointCase, request: HttpRequest, { callers, target }: Matrix): Cell[] {
  const { endpoint, number } = one;
  const cellsOf = (caller: Caller, variants: Variants, faultOf: typeof findBypassFault) =>
    Object.entries(variants).flatMap(([variant, apply]): Cell[] => {
      const changed = apply(withCaller(request, caller), target);
      const name = `${caller.name} at ${endpoint.name}, ${variant}`;
      if (changed === null) return [];
      const fault: Cell["fault"] = (response) => faultOf(endpoint, { request: changed, caller }, response);
      return [{ number, name, request: changed, identities: identitiesOf(caller), fault }];
    });
  if (endpoint.who === "anyone" || endpoint.who === "missing") return [];
  const named = (name: string) => callers.filter((caller) => caller.name === name);
  const strangers = endpoint.objects === "owner" ? strangerAt(endpoint, callers) : [];
  const refused = [...named("anonymous"), ...strangers];
  const owners = endpoint.kind === "action" ? named("owner's session") : [];
  return [
    ...refused.flatMap((caller) => cellsOf(caller, BYPASS_VARIANTS, findBypassFault)),
    ...owners.flatMap((caller) => cellsOf(caller, CROSS_SITE_VARIANTS, findCrossSiteFault)),
  ];
}

const identitiesOf = ({ session, token, key }: Caller): Role[] =>
  [session, token, key?.role].filter((role) => role !== undefined);

/** `request` with the caller's credentials. */
export function withCaller(request: HttpRequest, { headers, query }: Caller): HttpRequest {
  const glue = request.target.includes("?") ? "&" : "?";
  const target = query === undefined ? request.target : `${request.target}${glue}${query}`;
  return { ...request, target, headers: { ...request.headers, ...headers } };
}
