import fs from "node:fs";
import path from "node:path";
import { startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import type { ServerSettings } from "@/lib/server/server-settings";
import { StartError } from "@/lib/start-error";

export interface DatabaseSource {
  /** The owner's. */
  url: string;
  /** Without a password, for people. */
  description: string;
  /** Where the bundled server's files are; undefined for DATABASE_URL's. */
  dataDir?: string;
  close(): Promise<void>;
}

/**
 * DATABASE_URL's database as it is, or the one of DATA_DIR, whose server is started for the while when it isn't running.
 * Throws StartError.
 */
export async function openDatabaseSource({ databaseUrl, dataDir }: ServerSettings): Promise<DatabaseSource> {
  if (databaseUrl !== undefined) {
    const url = new URL(databaseUrl);
    return { url: databaseUrl, description: `${url.host}${url.pathname}`, close: async () => {} };
  }
  const cluster = path.join(dataDir, "postgres");
  // The directory first: looking for the cluster's place would make it.
  if (!fs.existsSync(dataDir) || !fs.existsSync(path.join(placeFor(cluster), "PG_VERSION"))) {
    throw new StartError(`There is no data in ${dataDir} yet: run npm start once, or set DATABASE_URL.`);
  }
  const server = await startPostgres({ dataDir: cluster });
  const description = `${server.dataDir}${server.reused ? ", which is running" : ""}`;
  const { url, dataDir: place } = server;
  return { url, description, dataDir: place, close: server.reused ? async () => {} : server.stop };
}
