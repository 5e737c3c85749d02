import type { Random } from "../random";
import { BYPASS_VARIANTS, type BypassVariant, type Target } from "./bypass-variants";
import type { Caller, Role } from "./callers";
import { CROSS_SITE_VARIANTS } from "./cross-site-variants";
import type { Endpoint } from "./find-endpoints";
import { findBypassFault, findCrossSiteFault, findFault, type Verdict, verdictFor } from "./oracle";
import type { RawRequest, RawResponse } from "./raw-request";

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
  request: RawRequest;
  /** Whose private data may stand in the response. */
  identities: readonly Role[];
  /** What was expected, when the response is something else; null when it is right. */
  fault(response: RawResponse): string | null;
}

/** How many cells of each kind are drawn for an endpoint; null for all of them. */
export interface Sample {
  refused: number | null;
  bypasses: number | null;
  allowed: number | null;
}

// An API call takes a tenth of a page's time.
const CALLS_PER_PAGE = 4;
const OTHERS_SHARE = 0.3;

interface CallerVerdict {
  caller: Caller;
  verdict: Verdict;
}

/** Requests that must be refused: those of callers without access, plain and as bypass variants. */
export function refusedCells(
  { endpoint, number, random }: EndpointCase,
  request: RawRequest,
  { callers, target, sample }: { callers: readonly Caller[]; target: Target; sample: Sample },
): Cell[] {
  const refused = callers
    .map((caller) => ({ caller, verdict: verdictFor(endpoint, caller) }))
    .filter(({ verdict }) => verdict.kind !== "allowed")
    .map((one) => plainCell({ endpoint, number }, request, one));
  const bypasses = bypassCells({ endpoint, number }, request, callers, target);
  const factor = endpoint.kind === "call" ? CALLS_PER_PAGE : 1;
  return [
    ...pick(random, refused, sample.refused && sample.refused * factor),
    ...pick(random, bypasses, sample.bypasses && sample.bypasses * factor),
  ];
}

/** Callers with access. A sample always contains one of the owner's: an endpoint that refuses everybody would pass otherwise. */
export function allowedCallers(
  { endpoint, random }: EndpointCase,
  { callers, sample }: { callers: readonly Caller[]; sample: Sample },
): (CallerVerdict & { as: Role | null })[] {
  const allowed = callers.flatMap((caller) => {
    const verdict = verdictFor(endpoint, caller);
    return verdict.kind === "allowed" ? [{ caller, verdict, as: verdict.as }] : [];
  });
  if (sample.allowed === null) return allowed;
  const owners = allowed.filter(({ as }) => as === "owner").slice(0, 1);
  const others = allowed.filter((one) => !owners.includes(one));
  const takesOthers = endpoint.kind === "call" || random.chance(OTHERS_SHARE);
  return [...pick(random, others, takesOthers ? sample.allowed : 0), ...owners];
}

function pick<T>(random: Random, members: readonly T[], count: number | null): readonly T[] {
  return count === null ? members : random.shuffle(members).slice(0, count);
}

type Position = Pick<EndpointCase, "endpoint" | "number">;

/** The request of a caller as a client sends it. */
export function plainCell(
  { endpoint, number }: Position,
  request: RawRequest,
  { caller, verdict }: CallerVerdict,
): Cell {
  return {
    number,
    name: `${caller.name} at ${endpoint.name}`,
    request: withCaller(request, caller),
    identities: identitiesOf(caller),
    fault: (response) => findFault(endpoint, verdict, response),
  };
}

/** The name of the caller that is signed in as another user. */
export function strangerName(endpoint: Endpoint): string {
  return endpoint.kind === "call" ? "other's token" : "other's session";
}

/** Bypass variants of requests that are refused without them: anonymous ones, and another user's for the owner's objects. */
function bypassCells(
  position: Position,
  request: RawRequest,
  callers: readonly Caller[],
  target: Target,
): Cell[] {
  const { endpoint } = position;
  if (endpoint.who === "anyone" || endpoint.who === "missing") return [];
  const named = (names: readonly string[]) => callers.filter(({ name }) => names.includes(name));
  const refused = named(["anonymous", ...(endpoint.objects === "owner" ? [strangerName(endpoint)] : [])]);
  const bypasses = refused.flatMap((caller) =>
    variantCells(position, BYPASS_VARIANTS, { request, caller, target }, findBypassFault),
  );
  if (endpoint.kind !== "action") return bypasses;
  const crossSite = named(["owner's session"]).flatMap((caller) =>
    variantCells(position, CROSS_SITE_VARIANTS, { request, caller, target }, findCrossSiteFault),
  );
  return [...bypasses, ...crossSite];
}

function variantCells(
  { endpoint, number }: Position,
  variants: readonly BypassVariant[],
  { request, caller, target }: { request: RawRequest; caller: Caller; target: Target },
  fault: (
    endpoint: Endpoint,
    sent: { request: RawRequest; caller: Caller },
    response: RawResponse,
  ) => string | null,
): Cell[] {
  return variants.flatMap(({ name, apply }) => {
    const changed = apply(withCaller(request, caller), target);
    if (changed === null) return [];
    return {
      number,
      name: `${caller.name} at ${endpoint.name}, ${name}`,
      request: changed,
      identities: identitiesOf(caller),
      fault: (response) => fault(endpoint, { request: changed, caller }, response),
    };
  });
}

const identitiesOf = ({ session, token, key }: Caller): Role[] =>
  [session, token, key?.role].filter((role) => role !== undefined);

/** `request` with the caller's credentials. */
export function withCaller(request: RawRequest, { headers, query }: Caller): RawRequest {
  const glue = request.target.includes("?") ? "&" : "?";
  const target = query === undefined ? request.target : `${request.target}${glue}${query}`;
  return { ...request, target, headers: { ...request.headers, ...headers } };
}
