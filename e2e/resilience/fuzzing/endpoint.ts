import { isId, type RequestContext, resolveValues, type Values } from "../access/rule";
import type { Random } from "../random";
import type { Draft, EndpointKind } from "./draft";

/** An endpoint, and how a valid request to it is made. */
export interface Endpoint {
  name: string;
  kind: EndpointKind;
  /** Answered in front of Next (about a thousand a second), by Next (a hundred), or with a password's or PIN's hash (ten). */
  speed: "quick" | "slow" | "slowest";
  draft(random: Random): Promise<Draft>;
}

const CONSTANT_SHARE = 0.7;
/** A locked vault would refuse all that follows. */
const UNLOCKED: Values = { lockedUntil: "" };

/** Puts the values of a rule in place of drawn ones: ids and keys always, others mostly. */
export async function putValues(
  drawn: Record<string, unknown>,
  values: Values,
  { context, random }: { context: RequestContext; random: Random },
): Promise<void> {
  const own = { ...values, ...("lockedUntil" in values ? UNLOCKED : {}) };
  for (const [name, value] of Object.entries(await resolveValues(own, context))) {
    const rule = own[name];
    if (typeof rule !== "function" && !isId(rule) && !random.chance(CONSTANT_SHARE)) continue;
    drawn[name] = typeof drawn[name] === "number" ? Number(value) : value;
  }
}
