import { and, asc, eq, inArray, lt, notInArray, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { operations } from "@/db/schema";

export interface StaleFilter {
  /** Nothing has happened to them since. */
  before: Date;
  /** Only those of these providers, or all but those. */
  providers: { in: readonly string[] } | { notIn: readonly string[] };
}

/** The place after a row in the order of {@link selectStalePending}: its `updated_at` in full precision, and its id. */
export interface StaleCursor {
  updatedAt: string;
  id: bigint;
}

/** Pending deposits that nothing has happened to for a while, least recently updated first, with the cursor of the next page. */
export async function selectStalePending(
  reader: Reader,
  { before, providers }: StaleFilter,
  page: { after: StaleCursor | null; limit: number },
): Promise<{ rows: (typeof operations.$inferSelect)[]; next: StaleCursor | null }> {
  const { after, limit } = page;
  const found = await reader
    .select({ row: operations, updatedAt: sql<string>`${operations.updatedAt}::text` })
    .from(operations)
    .where(
      and(
        eq(operations.state, "pending"),
        lt(operations.updatedAt, before),
        "in" in providers
          ? inArray(operations.provider, [...providers.in])
          : notInArray(operations.provider, [...providers.notIn]),
        after
          ? sql`(${operations.updatedAt}, ${operations.id}) > (${after.updatedAt}::timestamptz, ${after.id}::bigint)`
          : undefined,
      ),
    )
    .orderBy(asc(operations.updatedAt), asc(operations.id))
    .limit(limit);
  const last = found.at(-1);
  return {
    rows: found.map(({ row }) => row),
    next: last && found.length === limit ? { updatedAt: last.updatedAt, id: last.row.id } : null,
  };
}
