import type { z } from "zod";
import type { Person } from "../requests/person";
import type { Value, Values } from "./rule";

export interface PageRule {
  who: "anyone" | "person" | "missing";
  /** The parameters of its path. With an object's id among them, only the object's owner may see the page. */
  params?: Values;
  query?: string;
}

export interface ActionRule {
  who: "anyone" | "person";
  /** The schema of its form, which fuzzing draws from. */
  form: z.ZodType;
  /** What a valid form contains. With an object's id among it, only the object's owner may send the form. */
  fields: Values;
  /** True if it ends the session that it is used with. */
  endsSession?: true;
  /** The error code for an object that isn't the actor's; `not_found` unless given. */
  missingCode?: string;
  /** The code that its owner is answered with, where it needs a state or a hash that only several requests make. */
  refusedWith?: string;
}

export const anyone = (form: z.ZodType, fields: Values): ActionRule => ({ who: "anyone", form, fields });
export const person = (form: z.ZodType, fields: Values): ActionRule => ({ who: "person", form, fields });
export const refusedPerson = (refusedWith: string, form: z.ZodType, fields: Values): ActionRule => ({
  ...person(form, fields),
  refusedWith,
});

/** Made for the actor; `otherwise` without one, in a request that is refused anyway. */
export const ofActor =
  (make: (actor: Person) => string | Promise<string>, otherwise: string): Value =>
  ({ actor }) =>
    actor === null ? otherwise : make(actor);

/** A day so many days from now, as forms post it. */
export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
