import type { Sql } from "postgres";
import { AUDIT_CHECKS } from "@/lib/ledger/integrity/store";

/** The invariant that a superuser's change breaks, what it is, and the change. */
export type Change = [invariant: number, title: string, change: (sql: Sql) => Promise<unknown>];

class Rollback extends Error {}

/** Which promises a superuser's change breaks; the change itself is rolled back. */
export async function brokenBy(owner: Sql, change: (sql: Sql) => Promise<unknown>): Promise<string[]> {
  const broken: string[] = [];
  await owner
    .begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await change(sql as unknown as Sql);
      for (const check of AUDIT_CHECKS) {
        const [row] = await sql.unsafe<{ count: string }[]>(`select (${check.query})::bigint as count`);
        if (row?.count !== "0") broken.push(`${check.invariant}: ${check.promise}`);
      }
      throw new Rollback();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Rollback)) throw error;
    });
  return broken;
}
