import { getTableColumns, getTableName, is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import type { Reader } from "@/db/client";
import * as schema from "@/db/schema";

/** `table.column` of everything that the code expects. */
function expectedColumns(): string[] {
  return Object.values(schema).flatMap((table) => {
    if (!is(table, PgTable)) return [];
    return Object.values(getTableColumns(table)).map((column) => `${getTableName(table)}.${column.name}`);
  });
}

/** How many columns of the schema the database lacks, or doesn't let this role see. */
export async function countMissingColumns(reader: Reader): Promise<number> {
  const expected = sql.param(`{${expectedColumns().join(",")}}`);
  const [row] = await reader.execute<{ missing: number }>(sql`
    select count(*)::int as missing from unnest(${expected}::text[]) as expected (name)
    where not exists (
      select from pg_attribute a
      where a.attrelid = to_regclass('public.' || quote_ident(split_part(expected.name, '.', 1)))
        and a.attname = split_part(expected.name, '.', 2) and not a.attisdropped
        and has_table_privilege(a.attrelid, 'select')
    )`);
  return row?.missing ?? Number.POSITIVE_INFINITY;
}

/** Throws when the database doesn't answer. */
export async function ping(reader: Reader): Promise<void> {
  await reader.execute(sql`select 1`);
}
