import fs from "node:fs";
import path from "node:path";
import { closeDatabase, openDatabase } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { config, environment, replaceEnvironment } from "@/lib/config";
import { newKey } from "@/lib/ids";
import { applicationEnvironment, sandboxUrl } from "@/lib/server/environment";
import { type ServerSettings, serverSettings } from "@/lib/server/server-settings";
import { openDatabaseSource } from "./database-source";
import type { Deployment } from "./deployment";

const CONNECTIONS = 4;

/**
 * The deployment's database in the application's role, and the application's configuration in this process, so that verbs find
 * their providers and keys. Throws StartError.
 */
export async function openDeployment(): Promise<Deployment & { close(): Promise<void> }> {
  const settings = withPortInUse(serverSettings());
  const source = await openDatabaseSource(settings);
  const appUrl = applicationUrl(source.url, settings.applicationPassword);
  try {
    replaceEnvironment(applicationEnvironment(settings, appUrl, false));
    // A wrong variable is named before the command does anything.
    config();
  } catch (error) {
    await source.close();
    throw error;
  }
  const db = openDatabase(appUrl, { max: CONNECTIONS, name: "cauris command" });
  return {
    context: { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() },
    sandboxOrigin: settings.mode === "demo" ? sandboxUrl(settings) : null,
    print: (line) => console.log(line),
    close: async () => {
      await closeDatabase(db);
      await source.close();
    },
  };
}

/** A demo that was started with another PORT has its sandbox beside it; its launcher wrote down where it is. */
function withPortInUse(settings: ServerSettings): ServerSettings {
  const { PORT, BASE_URL } = environment();
  if (PORT || BASE_URL) return settings;
  try {
    const record: unknown = JSON.parse(fs.readFileSync(path.join(settings.dataDir, "launcher.json"), "utf8"));
    const { url } = record as { url: string };
    const port = Number(new URL(url).port);
    return port > 0 ? { ...settings, port, baseUrl: url } : settings;
  } catch {
    return settings;
  }
}
