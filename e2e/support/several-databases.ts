import { drizzle } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { closeDatabase, type Database, openDatabase } from "@/db/client";

/** Changes the text of a statement, not its parameters. */
export type Rewrite = (text: string) => string;

export interface SeveralDatabases {
  /** Databases over one pool. State that the product keeps per database is separate, as in separate processes. */
  databases: Database[];
  /** Another database over the same pool, with other rewriting. */
  rewritten(rewrite: Rewrite): Database;
  /** Runs a statement on every connection of the pool. */
  everywhere(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens `count` databases, as `count` processes would, over one pool of `count` open connections. */
export async function openSeveralDatabases(
  url: string,
  { count, name, rewrite }: { count: number; name: string; rewrite?: Rewrite },
): Promise<SeveralDatabases> {
  const pool = openDatabase(url, { max: count, name });
  const client = pool.$client;
  const over = (change?: Rewrite) => drizzle({ client: change ? rewriting(client, change) : client });
  const everywhere = async (statement: string) => {
    await Promise.all(Array.from({ length: count }, () => client.unsafe(statement)));
  };
  // Each statement takes a moment, so that the next one opens another connection.
  await everywhere("select pg_sleep(0.02)");
  return {
    databases: Array.from({ length: count }, () => over(rewrite)),
    rewritten: over,
    everywhere,
    close: () => closeDatabase(pool),
  };
}

/** The client with its statements rewritten, also inside of transactions. */
function rewriting<C extends postgres.ISql>(client: C, rewrite: Rewrite): C {
  return new Proxy(client, {
    apply: (target, self, [first, ...values]: unknown[]) =>
      Reflect.apply(target as unknown as (...given: unknown[]) => unknown, self, [
        isTemplate(first) ? rewriteTemplate(first, rewrite) : first,
        ...values,
      ]),
    get: (target, member) => {
      const own: unknown = Reflect.get(target, member);
      if (typeof own !== "function") return own;
      if (member === "unsafe")
        return (text: string, ...rest: unknown[]) => own.call(target, rewrite(text), ...rest);
      if (member !== "begin") return own;
      return (...given: unknown[]) => {
        const work = given.pop() as (tx: postgres.TransactionSql) => unknown;
        return own.call(target, ...given, (tx: postgres.TransactionSql) => work(rewriting(tx, rewrite)));
      };
    },
  });
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && "raw" in value;
}

const HOLE = "\u0001";

function rewriteTemplate(template: TemplateStringsArray, rewrite: Rewrite): TemplateStringsArray {
  const parts = rewrite(template.join(HOLE)).split(HOLE);
  return Object.assign(parts, { raw: parts });
}
