import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { findFreePorts } from "@/e2e/support/free-ports";
import { replaceEnvironment } from "@/lib/config";
import { newKey } from "@/lib/ids";
import { type Sandbox, type SandboxOptions, startSandbox } from "@/lib/sandbox/server";
import { parseSandboxSettings } from "@/lib/sandbox/settings";
import { archiveSettings, prepareBackupDir } from "@/lib/server/backup/archive";
import { applicationEnvironment, sandboxEnvironment } from "@/lib/server/environment";
import { type RunningPostgres, startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import { type DemoSecrets, demoSecrets } from "@/lib/server/secrets";
import type { ServerSettings } from "@/lib/server/server-settings";
import { type SupervisedChild, superviseChild } from "@/lib/server/supervisor";
import type { Context } from "@/lib/services/context";
import { killPostgres } from "./process-tree";
import { violatedInvariants } from "./violated-invariants";

/** Processes that can be killed and restarted. */
export type Killable = "app" | "worker" | "database";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LIMITS = [
  ...["API_RATE_LIMIT_KEY", "API_RATE_LIMIT_ACCOUNT", "API_RATE_LIMIT_ADDRESS", "API_RATE_LIMIT_TRANSFERS"],
  "FORM_RATE_LIMIT_ADDRESS",
];
const UNLIMITED = "10000000";
const HURRY_PAUSE_MS = 50;

export interface DeploymentOptions {
  /** An empty directory: data, secrets and logs. */
  home: string;
  /** True: Next with all its pages, from the build. False: the JSON API and the webhooks only, which starts faster. */
  pages: boolean;
  /** Processes that aren't started. */
  without?: "worker" | "app and worker";
  /** Environment variables of app and worker, in addition to those of a demo. */
  env?: Record<string, string>;
  /** Where PostgreSQL archives its WAL. */
  backupDir?: string;
  sandbox?: Partial<Pick<SandboxOptions, "payoutDelayMs" | "gapMs" | "slowMs" | "retryDelaysMs">>;
}

/** Starts a deployment on free ports and waits until it is ready. Throws StartError. */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const deployment = new Deployment(options);
  try {
    await deployment.start();
    return deployment;
  } catch (error) {
    await deployment.stop().catch(() => {});
    throw error;
  }
}

/** A whole deployment on this machine: app, worker and PostgreSQL in processes of their own, the sandbox in this process. */
export class Deployment {
  readonly #options: DeploymentOptions;
  #settings!: ServerSettings;
  #postgres?: RunningPostgres;
  #children: Partial<Record<"app" | "worker", SupervisedChild>> = {};
  /** Base URL of the app, without a trailing slash. */
  url = "";
  /** Plays the providers. Its records can be read, and outlive every kill. */
  sandbox!: Sandbox;
  readonly secrets: DemoSecrets;
  /** A pool as the application's role, for verbs and queries of this process. Survives restarts of the database. */
  db!: Database;
  /** As the owner of the tables. */
  owner!: postgres.Sql;
  appUrl = "";
  ownerUrl = "";

  constructor(options: DeploymentOptions) {
    this.#options = options;
    fs.mkdirSync(options.home, { recursive: true });
    // Run by root, PostgreSQL has an account of its own that must reach its data.
    fs.chmodSync(options.home, 0o755);
    this.secrets = demoSecrets(options.home);
  }

  async start(): Promise<void> {
    const port = await findFreePorts(4);
    this.url = `http://localhost:${port}`;
    this.#settings = {
      mode: "demo",
      port,
      host: "127.0.0.1",
      dataDir: this.#options.home,
      databaseUrl: undefined,
      baseUrl: this.url,
      hasGoogle: false,
    };
    await this.revive("database");
    this.appUrl = (await migrateDatabase(this.ownerUrl)).appUrl;
    // Codes of messages, hashes of PINs and authenticators' secrets: this process reads and writes those of the deployment.
    const { AUTH_SECRET, PIN_SECRET } = this.secrets;
    replaceEnvironment({ DATABASE_URL: this.appUrl, BASE_URL: this.url, AUTH_SECRET, PIN_SECRET });
    this.db = openDatabase(this.appUrl, { max: 16, name: "cauris resilience" });
    this.owner = postgres(this.ownerUrl, { max: 4, onnotice: () => {} });
    this.sandbox = await startSandbox(this.#sandboxOptions());
    const { without } = this.#options;
    await Promise.all([
      ...(without === "app and worker" ? [] : [this.revive("app")]),
      ...(without === undefined ? [this.revive("worker")] : []),
    ]);
  }

  /** The log file of a process. */
  logOf(name: "app" | "worker"): string {
    return path.join(this.#options.home, `${name}.log`);
  }

  pidOf(name: Killable): number | undefined {
    return name === "database" ? this.#postgres?.pid : this.#children[name]?.pid();
  }

  /** SIGKILL to the whole process group, postmaster and backends included. It isn't restarted. */
  kill(name: Killable): void {
    if (name === "database") killPostgres(this.#postgres?.pid);
    else this.#children[name]?.kill();
  }

  /** SIGTERM. Resolves with the exit code when the process has ended; null if it had to be killed. */
  async terminate(name: "app" | "worker"): Promise<number | null> {
    const child = this.#children[name];
    await child?.stop();
    return child?.exitCode() ?? null;
  }

  /** Starts a process that was killed, with additional environment variables, and waits until it is ready. */
  async revive(name: Killable, env: Record<string, string> = {}): Promise<void> {
    if (name === "database") {
      const { backupDir } = this.#options;
      this.#postgres = await startPostgres({
        dataDir: this.#dataDir(),
        port: this.#settings.port + 2,
        settings: backupDir === undefined ? {} : archiveSettings(prepareBackupDir(backupDir).wal),
      });
      this.ownerUrl = this.#postgres.url;
      return;
    }
    const entries = {
      app: this.#options.pages ? "lib/server/app-main.ts" : "e2e/bench/api-child.ts",
      worker: "lib/server/worker-main.ts",
    };
    const child = superviseChild({
      name,
      entry: path.join(ROOT, entries[name]),
      logFile: this.logOf(name),
      env: { ...this.environment(), ...env },
      onGivenUp: () => {},
    });
    this.#children[name] = child;
    await child.ready;
  }

  /** The environment of app and worker. */
  environment(): NodeJS.ProcessEnv {
    return {
      ...applicationEnvironment(this.#settings, this.appUrl, false),
      ...Object.fromEntries(LIMITS.map((name) => [name, UNLIMITED])),
      // Resolves `@/` whatever the working directory is.
      TSX_TSCONFIG_PATH: path.join(ROOT, "tsconfig.json"),
      ...this.#options.env,
    };
  }

  /** Makes jobs that wait for their next attempt due now, and takes back attempts that a real back-off would not have used. */
  async hurry(): Promise<void> {
    await this.owner`update graphile_worker._private_jobs set run_at = now(), attempts = least(attempts, 3)
      where locked_at is null and run_at > now() and attempts < max_attempts`;
  }

  /** Polls `isDone` and hurries the queue meanwhile; false if it didn't come true within `withinMs`. */
  async settle(isDone: () => Promise<boolean>, withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (!(await isDone())) {
      if (Date.now() > deadline) return false;
      await this.hurry();
      await wait(HURRY_PAUSE_MS);
    }
    return true;
  }

  /** Violated invariants of the ledger, as sentences; empty if all hold. */
  audit(): Promise<string[]> {
    return violatedInvariants(this.context({ kind: "system" }));
  }

  /** A context for verbs in this process; anonymous by default. */
  context(actor: Context["actor"] = { kind: "anonymous" }): Context {
    return { actor, requestId: newKey(), db: this.db, now: new Date() };
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#children).map((child) => child.stop()));
    await this.sandbox?.close();
    if (this.db !== undefined) await closeDatabase(this.db);
    await this.owner?.end({ timeout: 5 });
    await this.#postgres?.stop();
    // Where the data lies if PostgreSQL's account couldn't reach `home`.
    fs.rmSync(placeFor(this.#dataDir()), { recursive: true, force: true });
  }

  #dataDir(): string {
    return path.join(this.#options.home, "postgres");
  }

  #sandboxOptions(): SandboxOptions {
    return {
      ...parseSandboxSettings(sandboxEnvironment(this.#settings)),
      dataDir: null,
      // Quick enough for many outcomes in a run, slow enough for calls to overlap.
      ...{ payoutDelayMs: 30, gapMs: 30, slowMs: 300 },
      retryDelaysMs: [50, 100, 200, 400, 800, 1_600, 3_000, 3_000, 5_000, 5_000],
      ...this.#options.sandbox,
    };
  }
}
