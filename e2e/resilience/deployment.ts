import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { newKey } from "@/lib/ids";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { type Sandbox, type SandboxOptions, startSandbox } from "@/lib/sandbox/server";
import { archiveSettings, prepareBackupDir } from "@/lib/server/backup/archive";
import { applicationEnvironment } from "@/lib/server/environment";
import { findFreePorts } from "@/lib/server/ports";
import { type RunningPostgres, startPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";
import { type DemoSecrets, demoSecrets } from "@/lib/server/secrets";
import type { ServerSettings } from "@/lib/server/server-settings";
import { type SupervisedChild, superviseChild } from "@/lib/server/supervisor";
import type { Context } from "@/lib/services/context";

/** What can be killed and brought back. */
export type Killable = "app" | "worker" | "database";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const UNLIMITED = "10000000";
const HURRY_PAUSE_MS = 50;

export interface DeploymentOptions {
  /** An empty directory: data, secrets and logs. */
  home: string;
  /** True: Next with all its pages, from the build. False: the JSON API and the webhooks only, which starts faster. */
  pages: boolean;
  /** Another copy of the tree for app and worker: an instrumented one, or one with a defect. */
  tree?: string;
  /** What this proof can do without, or starts by itself in a way of its own. */
  without?: "worker" | "app and worker";
  /** Settings for app and worker, beside those of a demo. */
  env?: Record<string, string>;
  /** Where PostgreSQL archives its log. */
  backupDir?: string;
  sandbox?: Partial<Pick<SandboxOptions, "payoutDelayMs" | "gapMs" | "slowMs" | "retryDelaysMs">>;
}

/** The whole product on this machine, in processes of its own, with a sandbox in ours whose book can be read. */
export interface Deployment {
  /** Where the app answers, without a slash at the end. */
  url: string;
  /** The provider, and its own book. It outlives every kill. */
  sandbox: Sandbox;
  secrets: DemoSecrets;
  /** As the application's role, for verbs and reads from this process. Survives the database's restarts. */
  db: Database;
  /** As the owner of the tables. */
  owner: postgres.Sql;
  appUrl: string;
  ownerUrl: string;
  /** The log file of `part`. */
  logOf(part: "app" | "worker"): string;
  pidOf(part: Killable): number | undefined;
  /** SIGKILL to the whole process group, postmaster and backends included; nobody starts it again. */
  kill(part: Killable): void;
  /** SIGTERM, as a deployment sends it; resolves with the exit code when it is gone, null when it had to be killed. */
  terminate(part: "app" | "worker"): Promise<number | null>;
  /** Starts what was killed, with `env` beside its settings, and waits until it is ready. */
  revive(part: Killable, env?: Record<string, string>): Promise<void>;
  /** What app and worker are told. */
  environment(): NodeJS.ProcessEnv;
  /** Jobs that wait for their next try are due now: the queue's back-off without the waiting. */
  hurry(): Promise<void>;
  /** Asks `isDone` over and over, hurrying the queue; false when it didn't come true within `withinMs`. */
  settle(isDone: () => Promise<boolean>, withinMs: number): Promise<boolean>;
  /** Every promise of the ledger that doesn't hold, as a sentence; none when all is well. */
  audit(): Promise<string[]>;
  /** Somebody who acts in this process. */
  context(actor?: Context["actor"]): Context;
  stop(): Promise<void>;
}

/** Starts it all on free ports and waits until it answers. Throws StartError. */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const deployment = new LocalDeployment(options);
  try {
    await deployment.start();
    return deployment;
  } catch (error) {
    await deployment.stop().catch(() => {});
    throw error;
  }
}

class LocalDeployment implements Deployment {
  readonly #options: DeploymentOptions;
  readonly secrets: DemoSecrets;
  #settings!: ServerSettings;
  #postgres?: RunningPostgres;
  #children: Partial<Record<"app" | "worker", SupervisedChild>> = {};
  sandbox!: Sandbox;
  db!: Database;
  owner!: postgres.Sql;
  appUrl = "";
  ownerUrl = "";
  url = "";

  constructor(options: DeploymentOptions) {
    this.#options = options;
    fs.mkdirSync(options.home, { recursive: true });
    // PostgreSQL's own account has to reach it when root asks.
    fs.chmodSync(options.home, 0o755);
    this.secrets = demoSecrets(options.home);
  }

  async start(): Promise<void> {
    const port = await findFreePorts(3);
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
    this.db = openDatabase(this.appUrl, { max: 16, name: "cauris proof" });
    this.owner = postgres(this.ownerUrl, { max: 4, onnotice: () => {} });
    this.sandbox = await startSandbox(this.#sandboxOptions());
    const { without } = this.#options;
    await Promise.all([
      ...(without === "app and worker" ? [] : [this.revive("app")]),
      ...(without === undefined ? [this.revive("worker")] : []),
    ]);
  }

  logOf(part: "app" | "worker"): string {
    return path.join(this.#options.home, `${part}.log`);
  }

  pidOf(part: Killable): number | undefined {
    return part === "database" ? this.#postgres?.pid : this.#children[part]?.pid();
  }

  kill(part: Killable): void {
    if (part === "database") {
      for (const pid of [...backendsOf(this.#postgres?.pid), this.#postgres?.pid]) killNow(pid);
    } else this.#children[part]?.kill();
  }

  async terminate(part: "app" | "worker"): Promise<number | null> {
    const child = this.#children[part];
    await child?.stop();
    return child?.exitCode() ?? null;
  }

  async revive(part: Killable, env: Record<string, string> = {}): Promise<void> {
    if (part === "database") {
      const { backupDir } = this.#options;
      this.#postgres = await startPostgres({
        dataDir: this.#dataDir(),
        port: this.#settings.port + 2,
        settings: backupDir === undefined ? {} : archiveSettings(prepareBackupDir(backupDir).wal),
      });
      this.ownerUrl = this.#postgres.url;
      return;
    }
    const tree = this.#options.tree ?? ROOT;
    const entries = {
      app: this.#options.pages ? "lib/server/app-main.ts" : "e2e/bench/api-child.ts",
      worker: "lib/server/worker-main.ts",
    };
    const child = superviseChild({
      name: part,
      entry: path.join(tree, entries[part]),
      logFile: this.logOf(part),
      env: { ...this.environment(), ...env },
      onGivenUp: () => {},
    });
    this.#children[part] = child;
    await child.ready;
  }

  environment(): NodeJS.ProcessEnv {
    return {
      ...applicationEnvironment(this.#settings, this.appUrl, false),
      API_RATE_LIMIT_KEY: UNLIMITED,
      API_RATE_LIMIT_ACCOUNT: UNLIMITED,
      API_RATE_LIMIT_ADDRESS: UNLIMITED,
      // Where `@/` points: tsx asks the working directory's settings otherwise.
      TSX_TSCONFIG_PATH: path.join(this.#options.tree ?? ROOT, "tsconfig.json"),
      ...this.#options.env,
    };
  }

  async hurry(): Promise<void> {
    await this
      .owner`update graphile_worker._private_jobs set run_at = now() where locked_at is null and run_at > now()`;
  }

  async settle(isDone: () => Promise<boolean>, withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (!(await isDone())) {
      if (Date.now() > deadline) return false;
      await this.hurry();
      await wait(HURRY_PAUSE_MS);
    }
    return true;
  }

  async audit(): Promise<string[]> {
    const lines = await auditLedger(this.context({ kind: "system" }));
    return lines
      .filter((line) => line.breaches !== 0n)
      .map((line) => `invariant ${line.invariant}, ${line.promise}: ${line.breaches} breaches`);
  }

  context(actor: Context["actor"] = { kind: "anonymous" }): Context {
    return { actor, requestId: newKey(), db: this.db, now: new Date() };
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#children).map((child) => child.stop()));
    await this.sandbox?.close();
    if (this.db !== undefined) await closeDatabase(this.db);
    await this.owner?.end({ timeout: 5 });
    await this.#postgres?.stop();
    // Where root's data went when PostgreSQL's account couldn't reach it here.
    fs.rmSync(placeFor(this.#dataDir()), { recursive: true, force: true });
  }

  #dataDir(): string {
    return path.join(this.#options.home, "postgres");
  }

  #sandboxOptions(): SandboxOptions {
    const { secrets, url } = this;
    return {
      port: this.#settings.port + 1,
      getmipay: {
        apiKey: secrets.GETMIPAY_API_KEY,
        secretKey: secrets.GETMIPAY_SECRET_KEY,
        webhookSecret: secrets.GETMIPAY_WEBHOOK_SECRET,
      },
      paystack: {
        secretKey: secrets.PAYSTACK_SECRET_KEY,
        webhookUrl: `${url}/api/wallet/paystack/webhook`,
      },
      google: { clientId: secrets.GOOGLE_CLIENT_ID, clientSecret: secrets.GOOGLE_CLIENT_SECRET },
      webhookUrl: `${url}/webhook/getmipay/`,
      dataDir: null,
      // Quick enough that a proof meets many ends, slow enough that things overlap.
      payoutDelayMs: 30,
      gapMs: 30,
      slowMs: 300,
      retryDelaysMs: [50, 100, 200, 400, 800, 1_600, 3_000, 3_000, 5_000, 5_000],
      ...this.#options.sandbox,
    };
  }
}

/** Children of the postmaster, which outlive its SIGKILL for a moment unless they get one too. */
function backendsOf(postmaster: number | undefined): number[] {
  if (postmaster === undefined) return [];
  const tasks = `/proc/${postmaster}/task/${postmaster}/children`;
  if (!fs.existsSync(tasks)) return [];
  return fs.readFileSync(tasks, "utf8").split(" ").filter(Boolean).map(Number);
}

function killNow(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
