import type { Sql, TransactionSql } from "postgres";
import { AUDIT_CHECKS } from "@/lib/ledger/integrity/store";

/** The invariant that a superuser's change breaks, what it is, and the change. */
export type Change = [invariant: number, title: string, change: (sql: Sql) => Promise<unknown>];

class Rollback extends Error {}

/** Runs `work` in a transaction in which no trigger or foreign key forbids anything, and rolls it back. Returns its result. */
export async function afterTampering<T>(owner: Sql, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  const results: T[] = [];
  await owner
    .begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      results.push(await work(tx));
      throw new Rollback();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Rollback)) throw error;
    });
  return results[0] as T;
}

/** Which promises a superuser's change breaks; the change itself is rolled back. */
export async function brokenBy(owner: Sql, change: (sql: Sql) => Promise<unknown>): Promise<string[]> {
  return await afterTampering(owner, async (tx) => {
    await change(tx as unknown as Sql);
    const broken: string[] = [];
    for (const check of AUDIT_CHECKS) {
      const [row] = await tx.unsafe<{ count: string }[]>(`select (${check.query})::bigint as count`);
      if (row?.count !== "0") broken.push(`${check.invariant}: ${check.promise}`);
    }
    return broken;
  });
}
