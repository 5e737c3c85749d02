import postgres from "postgres";
import { StartError } from "@/lib/start-error";

/** Exists only while no real provider is configured. */
export const DEMO_EMAIL = "demo@cauris.test";

const DURABILITY = ["fsync", "full_page_writes", "synchronous_commit"];

async function withOwner<T>(ownerUrl: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(ownerUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Throws StartError when the database can't be reached or would acknowledge money that a crash then forgets. */
export async function requireDurableDatabase(ownerUrl: string): Promise<void> {
  let off: string[];
  try {
    off = await withOwner(ownerUrl, async (sql) => {
      const rows = await sql<{ name: string }[]>`
        select name from pg_settings where setting = 'off' and name in ${sql(DURABILITY)} order by name`;
      return rows.map((row) => row.name);
    });
  } catch (error) {
    const { host } = new URL(ownerUrl);
    const reason = error instanceof Error && "code" in error ? String(error.code) : "no answer";
    throw new StartError(`The database at ${host} can't be used (${reason}): check DATABASE_URL.`);
  }
  if (off.length > 0) {
    throw new StartError(`The database may lose money in a crash: turn on ${off.join(", ")}.`);
  }
}

/** True when the demo's user is in this database; false in a new one. */
export function hasDemoUser(ownerUrl: string): Promise<boolean> {
  return withOwner(ownerUrl, async (sql) => {
    const [table] = await sql`select to_regclass('users') is not null as exists`;
    if (table?.exists !== true) return false;
    return (await sql`select 1 from users where lower(email) = ${DEMO_EMAIL}`).length > 0;
  });
}
