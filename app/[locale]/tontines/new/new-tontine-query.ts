import type { Query } from "@/lib/next/next-path";
import { type ReviewTontine, reviewTontineSchema } from "@/lib/services/tontines/schema";

const FIELDS = Object.keys(reviewTontineSchema.shape) as (keyof ReviewTontine)[];
const LENGTH_MAX = 2_000;

/** What was typed as the query of the page that reviews it, or that corrects it: without the fields that are empty. */
export function newTontineQuery(typed: ReviewTontine): string {
  const filled = FIELDS.map((field) => [field, typed[field]] as const).filter(([, value]) => value !== "");
  return new URLSearchParams(Object.fromEntries(filled)).toString();
}

/** The fields in such a query, as text; anything else in it is left out. */
export function typedInQuery(query: Query): Partial<Record<keyof ReviewTontine, string>> {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = query[field];
      return typeof value === "string" && value.length <= LENGTH_MAX ? [[field, value]] : [];
    }),
  );
}
