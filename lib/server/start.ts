import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { migrateDatabase } from "@/db/migrate";
import { configureFrom } from "@/lib/config";
import { StartError } from "@/lib/start-error";
import { keepBackups } from "./backup/keep-backups";
import { hasDemoUser } from "./database-checks";
import { applicationEnvironment, sandboxEnvironment, sandboxUrl } from "./environment";
import { PortBusyError, requireFreePort } from "./ports";
import { placeFor } from "./postgres-place";
import { type ServerSettings, serverSettings } from "./server-settings";
import { type Component, startDatabase } from "./start-database";
import { startProblems } from "./start-problems";
import { listenForStop, type StopRequest } from "./stop-request";
import { superviseChild } from "./supervisor";

const LOG_BYTES_MAX = 10_000_000;
const PORT_PATIENCE_MS = 3_000;

export interface Progress {
  step<T>(label: string, work: () => Promise<T>): Promise<T>;
  note(text: string): void;
  fail(text: string): void;
}

export interface StartOptions {
  progress: Progress;
  /** Next compiles on demand instead of serving the build. */
  dev: boolean;
}

interface Deployment {
  settings: ServerSettings;
  progress: Progress;
  dev: boolean;
  /** In the order of their start; they stop in the opposite one. */
  components: Component[];
  stop: StopRequest;
}

interface Account {
  email: string;
  password: string;
  pin: string;
}

/** Starts everything, waits for a signal, stops everything. Resolves with the exit code; throws StartError. */
export async function start({ progress, dev }: StartOptions): Promise<number> {
  const components: Component[] = [];
  const stop = listenForStop(() => {
    for (const component of components.toReversed()) component.kill();
    process.exit(130);
  });
  const settings = serverSettings();
  const deployment: Deployment = { settings, progress, dev, components, stop };
  const started = startComponents(deployment).then(
    (account) => announce(deployment, account),
    (error: Error) => {
      if (!stop.isRequested()) stop.request(explainPort(error, settings));
    },
  );
  const reason = await stop.requested;
  if (reason === undefined) progress.note("");
  await stopComponents(deployment);
  await started;
  if (reason !== undefined) throw reason;
  return 0;
}

async function startComponents(deployment: Deployment): Promise<Account | undefined> {
  const { settings, progress, components, stop } = deployment;
  const isDemo = settings.mode === "demo";
  await refuseBadConfiguration(settings);
  await requirePorts(settings);
  const ownerUrl = await progress.step("Database", () => openDeploymentDatabase(deployment));
  refuseWhileStopping(stop);
  const { appUrl } = await progress.step("Migrations", () =>
    migrateDatabase(ownerUrl, settings.applicationPassword),
  );
  refuseWhileStopping(stop);
  const env = applicationEnvironment(settings, appUrl, deployment.dev);
  const account = isDemo ? await progress.step("Demo data", () => seed(appUrl, env)) : undefined;
  startBackups(deployment, ownerUrl);
  const children = [
    ...(isDemo ? [{ name: "sandbox", entry: "../sandbox/main.ts", env: sandboxEnvironment(settings) }] : []),
    { name: "worker", entry: "./worker-main.ts", env },
    { name: "app", entry: "./app-main.ts", env },
  ];
  for (const { name, entry, env } of children) {
    refuseWhileStopping(stop);
    await progress.step(`${name[0]?.toUpperCase()}${name.slice(1)}`, () => {
      const child = superviseChild({
        name,
        entry: fileURLToPath(new URL(entry, import.meta.url)),
        env,
        ...(isDemo ? { logFile: openLog(settings, name) } : {}),
        onGivenUp: stop.request,
        onRestart: () => progress.note(`! The ${name} had ended and was started again.`),
      });
      components.push(child);
      return child.ready;
    });
  }
  return account;
}

async function openDeploymentDatabase({ settings, progress, components, stop }: Deployment): Promise<string> {
  const database = startDatabase(settings, stop.request);
  components.push(database);
  const { ownerUrl, dataDir } = await database.ready;
  const wanted = path.join(settings.dataDir, "postgres");
  if (dataDir !== undefined && dataDir !== wanted) {
    progress.note(`  PostgreSQL's account can't reach ${wanted}: the data is in ${dataDir}`);
  }
  if (settings.mode === "production" && (await hasDemoUser(ownerUrl))) throw demoUserError();
  return ownerUrl;
}

function startBackups({ settings, progress, components }: Deployment, ownerUrl: string): void {
  const { backupDir } = settings;
  if (backupDir === undefined) return;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  components.push({ name: "backups", stop: async () => stop(), kill: stop });
  const dataDir = placeFor(path.join(settings.dataDir, "postgres"));
  const onProblem = (error: unknown) =>
    progress.note(`! No base backup was made: ${error instanceof Error ? error.message : "unknown reason"}`);
  void keepBackups({ ownerUrl, dataDir, backupDir, signal: stopping.signal, onProblem });
}

// Loaded only here: production never needs it. Its verbs read what the app is configured with.
async function seed(appUrl: string, env: NodeJS.ProcessEnv): Promise<Account> {
  configureFrom(env);
  const { seedDemo } = await import("@/db/seed/demo");
  return seedDemo(appUrl);
}

function demoUserError(): StartError {
  return new StartError("The demo's user is in this database: production needs a database of its own.");
}

/** Throws StartError with every problem of the configuration at once. */
async function refuseBadConfiguration(settings: ServerSettings): Promise<void> {
  const problems = startProblems(settings);
  if (problems.length === 0) return;
  const { databaseUrl, mode } = settings;
  const isDemoData =
    mode === "production" && databaseUrl !== undefined && (await hasDemoUser(databaseUrl).catch(() => false));
  if (isDemoData) problems.push(demoUserError().message);
  throw new StartError(
    `${mode === "production" ? "Production" : "The demo"} can't start with this configuration:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
  );
}

/** Waits a moment for busy ports: processes of a killed launcher may still be ending. */
async function requirePorts({ mode, port, host }: ServerSettings): Promise<void> {
  const deadline = Date.now() + PORT_PATIENCE_MS;
  for (;;) {
    try {
      await requireFreePort(port, host);
      if (mode === "demo") await requireFreePort(port + 1);
      if (mode === "demo") await requireFreePort(port + 3);
      return;
    } catch (error) {
      if (!(error instanceof PortBusyError) || Date.now() > deadline) throw error;
      await wait(100);
    }
  }
}

function explainPort(error: Error, settings: ServerSettings): Error {
  if (!(error instanceof PortBusyError)) return error;
  const owners = [
    "the app's",
    "the sandbox's, PORT + 1",
    "the database's, PORT + 2",
    "the sandbox's mail server's, PORT + 3",
  ];
  const owner = owners[error.port - settings.port] ?? "";
  return new StartError(`Port ${error.port} (${owner}) is already in use: set PORT to another number.`);
}

function refuseWhileStopping(stop: StopRequest): void {
  if (stop.isRequested()) throw new StartError("Stopped while starting.");
}

function openLog(settings: ServerSettings, name: string): string {
  const directory = path.join(settings.dataDir, "logs");
  fs.mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${name}.log`);
  if (fs.existsSync(file) && fs.statSync(file).size > LOG_BYTES_MAX) fs.renameSync(file, `${file}.1`);
  return file;
}

function announce({ settings, progress, stop }: Deployment, account: Account | undefined): void {
  if (stop.isRequested()) return;
  progress.note(`\nCauris is running at ${settings.baseUrl}`);
  if (account !== undefined) {
    progress.note(`  Sign in   ${account.email}, password ${account.password}, PIN ${account.pin}`);
    progress.note("  Payments  a sandbox on this machine, with its own PIN 0000");
    progress.note(
      `  Messages  ${sandboxUrl(settings)}/_sms and ${sandboxUrl(settings)}/_mail show what was sent`,
    );
    progress.note(`  Logs      ${path.join(settings.dataDir, "logs")}`);
  }
  progress.note("  Stop      Ctrl-C");
}

async function stopComponents({ components, progress }: Deployment): Promise<void> {
  for (const component of components.toReversed()) {
    try {
      await component.stop();
    } catch (error) {
      progress.fail(
        `The ${component.name} didn't stop cleanly: ${error instanceof Error ? error.message : ""}`,
      );
    }
  }
  if (components.length > 0) progress.note("Everything has stopped.");
}
