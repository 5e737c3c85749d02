import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StartError } from "@/lib/start-error";
import { archiveSettings, prepareBackupDir } from "./backup/archive";
import { requireDurableDatabase } from "./database-checks";
import { type RunningPostgres, startPostgres } from "./postgres";
import type { ServerSettings } from "./server-settings";
import { createRestartLimit } from "./supervisor";

const WATCH_EVERY_MS = 500;

/** Something that was started and has to be stopped. */
export interface Component {
  name: string;
  stop(): Promise<void>;
  kill(): void;
}

export interface DatabaseComponent extends Component {
  /** Resolves when it answers; throws StartError. */
  ready: Promise<{ ownerUrl: string; dataDir?: string }>;
}

/** The database of the settings: DATABASE_URL's, which is not ours to stop, or the bundled one. */
export function startDatabase(
  settings: ServerSettings,
  onGivenUp: (reason: Error) => void,
): DatabaseComponent {
  const { databaseUrl } = settings;
  if (databaseUrl === undefined) return startBundled(settings, onGivenUp);
  const ready = requireDurableDatabase(databaseUrl).then(() => ({ ownerUrl: databaseUrl }));
  return { name: "database", ready, stop: () => Promise.resolve(), kill: () => {} };
}

function startBundled(settings: ServerSettings, onGivenUp: (reason: Error) => void): DatabaseComponent {
  const dataDir = path.join(settings.dataDir, "postgres");
  const mayRestart = createRestartLimit();
  let isStopping = false;
  const { backupDir } = settings;
  const archive = backupDir === undefined ? {} : archiveSettings(prepareBackupDir(backupDir).wal);
  let starting = startPostgres({ dataDir, port: settings.port + 2, settings: archive });
  let server: RunningPostgres | undefined;

  // The app keeps its pool's address: a new server takes the old one's port.
  const watch = async (first: RunningPostgres): Promise<void> => {
    server = first;
    for (;;) {
      await wait(WATCH_EVERY_MS, undefined, { ref: false });
      if (isStopping) return;
      if (server.isRunning()) continue;
      if (!mayRestart()) throw new StartError("The database ended too often and isn't started again.");
      starting = startPostgres({ dataDir, port: first.port, settings: archive });
      server = await starting;
    }
  };
  const ready = starting.then(async (started) => {
    await requireDurableDatabase(started.url);
    watch(started).catch((error: Error) => {
      if (!isStopping) onGivenUp(error);
    });
    return { ownerUrl: started.url, dataDir: started.dataDir };
  });
  return {
    name: "database",
    ready,
    stop: async () => {
      isStopping = true;
      const running = await starting.catch(() => undefined);
      await running?.stop();
    },
    kill: () => {
      isStopping = true;
      server?.kill();
    },
  };
}
