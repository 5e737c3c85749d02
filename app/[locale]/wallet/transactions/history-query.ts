import { FILTER_FIELDS, type TypedFilter } from "@/lib/services/operations/read-filter";

/** The address of the history with these filters, and a page of it; only what is filtered by is in it. */
export function historyPath(path: string, typed: Partial<TypedFilter>, cursor?: string): string {
  const query = new URLSearchParams();
  for (const field of FILTER_FIELDS) {
    const value = typed[field];
    if (value) query.set(field, value);
  }
  if (cursor) query.set("cursor", cursor);
  return query.size === 0 ? path : `${path}?${query}`;
}
