import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { commandLine, isAlive } from "@/lib/cli/bootstrap/process.mjs";
import { StartError } from "@/lib/start-error";
import { plainEnvironment } from "./environment";
import { findFreePort, requireFreePort } from "./ports";
import { locateBinaries } from "./postgres-binaries";
import { type Cluster, ensureCluster, OWNER } from "./postgres-cluster";
import { explain, lastLines } from "./postgres-failure";
import { placeFor, serverAccount } from "./postgres-place";

const READY_WITHIN_MS = 120_000;
const LOCK_ATTEMPTS = 40;

/** Durable (a ledger), small (one machine), and silent about values: log lines hold no statement and no row. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  shared_buffers: "128MB",
  max_connections: "100",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};

export interface PostgresOptions {
  /** The directory that holds the cluster; its password and log are its neighbours. */
  dataDir: string;
  /** Any free one unless given. A server left behind by a killed launcher keeps the port that it has. */
  port?: number;
  /** PostgreSQL's settings beside ours: where its log is archived, up to when it is restored. */
  settings?: Record<string, string>;
  /** Two minutes by default; replaying a log may take longer. */
  readyWithinMs?: number;
}

export interface RunningPostgres {
  /** The owner's connection URL, with the password. */
  url: string;
  port: number;
  pid: number;
  /** True when a server left behind by a killed launcher was taken over. */
  reused: boolean;
  /** Where the data is: not `dataDir` when root asked for a place that PostgreSQL's account can't reach. */
  dataDir: string;
  isRunning(): boolean;
  /** Ends sessions, writes a checkpoint and returns when the server is gone. */
  stop(): Promise<void>;
  /** Ends it at once; the next start recovers from the write-ahead log. */
  kill(): void;
}

/**
 * Starts the bundled PostgreSQL (made on first use), or takes over the one that already serves `dataDir`.
 * Throws PortBusyError, or an Error whose message is a sentence for people.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const account = serverAccount();
  const dataDir = placeFor(options.dataDir, account);
  const cluster: Cluster = {
    native: locateBinaries(account),
    dataDir,
    passwordFile: `${dataDir}.password`,
    logFile: `${dataDir}.log`,
    account,
  };
  await ensureCluster(cluster);
  for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt += 1) {
    const left = await findServer(dataDir);
    if (left !== undefined) return describe(cluster, left.pid, left.port, true);
    const started = await launch(cluster, options);
    if (typeof started === "object") return started;
    if (!isLockTrouble(started)) throw explain(started, options.port);
    await wait(250); // a killed server's children hold its shared memory for a moment
  }
  throw new StartError(`PostgreSQL did not start: ${lastLines(readFrom(cluster.logFile, 0))}`);
}

/** Stops the server that a killed launcher left behind on `dataDir`, if there is one. */
export async function stopLeftPostgres(dataDir: string): Promise<void> {
  const place = placeFor(dataDir);
  const left = await findServer(place);
  if (left !== undefined) await stopServer(left.pid);
}

/** The running server, or the text that says why there is none. */
async function launch(
  cluster: Cluster,
  { port: wanted, settings: more = {}, readyWithinMs = READY_WITHIN_MS }: PostgresOptions,
): Promise<RunningPostgres | string> {
  if (wanted !== undefined) await requireFreePort(wanted);
  const port = wanted ?? (await findFreePort());
  const settings = Object.entries({ ...SETTINGS, ...more }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  // A file, not a pipe: the server must outlive a killed launcher.
  const log = fs.openSync(cluster.logFile, "a", 0o600);
  const logStart = fs.fstatSync(log).size;
  let failure: string | undefined;
  const child = spawn(
    path.join(cluster.native, "bin", "postgres"),
    ["-D", cluster.dataDir, "-p", String(port), ...settings],
    {
      ...cluster.account,
      env: plainEnvironment(),
      cwd: "/",
      detached: true,
      stdio: ["ignore", log, log],
    },
  );
  child.once("error", (error) => {
    failure = error.message;
  });
  child.once("exit", () => {
    failure ??= readFrom(cluster.logFile, logStart);
  });
  child.unref();
  fs.closeSync(log);
  const deadline = Date.now() + readyWithinMs;
  while (failure === undefined && Date.now() < deadline) {
    const lock = readLock(cluster.dataDir);
    if (lock !== undefined && lock.pid === child.pid && isUp(lock.status)) {
      return describe(cluster, lock.pid, port, false);
    }
    await wait(15);
  }
  child.kill("SIGQUIT");
  return failure ?? "it was not ready in time";
}

function describe(cluster: Cluster, pid: number, port: number, reused: boolean): RunningPostgres {
  const password = fs.readFileSync(cluster.passwordFile, "utf8").trim();
  return {
    url: `postgres://${OWNER}:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid,
    reused,
    dataDir: cluster.dataDir,
    isRunning: () => isAlive(pid),
    stop: () => stopServer(pid),
    kill: () => signal(pid, "SIGQUIT"),
  };
}

/** The server that serves `dataDir` now. Waits while one starts or stops; clears the lock of one that is gone. */
async function findServer(dataDir: string): Promise<{ pid: number; port: number } | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const lock = readLock(dataDir);
    if (lock === undefined || !isAlive(lock.pid)) return undefined;
    if (!isPostgres(lock.pid)) {
      // After a reboot or in a new container the id may be somebody else's; PostgreSQL itself would refuse.
      fs.rmSync(path.join(dataDir, "postmaster.pid"), { force: true });
      return undefined;
    }
    if (isUp(lock.status)) return { pid: lock.pid, port: lock.port };
    await wait(50);
  }
  throw new StartError(`Another PostgreSQL on ${dataDir} neither gets ready nor ends.`);
}

// One that replays an archived log answers reads as a standby until it is done.
function isUp(status: string): boolean {
  return status === "ready" || status === "standby";
}

// Lines of postmaster.pid: 1 process id, 4 port, 8 status (PostgreSQL's miscadmin.h).
function readLock(dataDir: string): { pid: number; port: number; status: string } | undefined {
  try {
    const lines = fs.readFileSync(path.join(dataDir, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? "").trim() };
  } catch {
    return undefined;
  }
}

function isPostgres(pid: number): boolean {
  const command = commandLine(pid);
  return command === undefined || command.includes("postgres");
}

function signal(pid: number, name: "SIGINT" | "SIGQUIT" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

/** Fast shutdown, then an immediate one, then SIGKILL: each is crash-safe. */
async function stopServer(pid: number): Promise<void> {
  const steps = [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const;
  for (const [name, withinMs] of steps) {
    signal(pid, name);
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await wait(15);
    }
  }
}

function isLockTrouble(output: string): boolean {
  return /lock file|shared memory block|is another postmaster/i.test(output);
}

function readFrom(file: string, offset: number): string {
  try {
    return fs.readFileSync(file).subarray(offset).toString("utf8");
  } catch {
    return "";
  }
}
