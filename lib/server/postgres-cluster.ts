import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { StartError } from "@/lib/start-error";
import { plainEnvironment } from "./environment";
import { POSTGRES_MAJOR } from "./postgres-binaries";
import { explain } from "./postgres-failure";
import type { Account } from "./postgres-place";

/** The cluster's owner: migrations run as it, the application never does. */
export const OWNER = "cauris_owner";

/** A data directory with what belongs to it. */
export interface Cluster {
  native: string;
  dataDir: string;
  passwordFile: string;
  logFile: string;
  account: Account | undefined;
}

/** Makes the cluster on first use, checks it later. Throws an Error whose message is a sentence for people. */
export async function ensureCluster(cluster: Cluster): Promise<void> {
  const version = path.join(cluster.dataDir, "PG_VERSION");
  if (!fs.existsSync(version)) return createCluster(cluster);
  let found: string;
  try {
    found = fs.readFileSync(version, "utf8").trim();
    fs.accessSync(cluster.passwordFile, fs.constants.R_OK);
  } catch {
    throw new StartError(
      `${cluster.dataDir} belongs to another user or lacks its password file; set DATA_DIR elsewhere.`,
    );
  }
  if (found !== POSTGRES_MAJOR) {
    throw new StartError(
      `${cluster.dataDir} holds data of PostgreSQL ${found}, the bundled server is ${POSTGRES_MAJOR}; set DATA_DIR elsewhere or DATABASE_URL.`,
    );
  }
}

/** Made beside and renamed when whole: an interrupted creation is never taken for a cluster. */
async function createCluster(cluster: Cluster): Promise<void> {
  const draft = `${cluster.dataDir}.new`;
  if (fs.existsSync(cluster.dataDir)) removeIfEmpty(cluster.dataDir);
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.rmSync(cluster.passwordFile, { force: true });
  fs.writeFileSync(cluster.passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  if (cluster.account !== undefined) {
    const { uid, gid } = cluster.account;
    fs.chownSync(draft, uid, gid);
    fs.chownSync(cluster.passwordFile, uid, gid);
  }
  const { code, output } = await runInitdb(cluster, draft);
  if (code !== 0) throw explain(output);
  fs.renameSync(draft, cluster.dataDir);
}

function removeIfEmpty(directory: string): void {
  try {
    fs.rmdirSync(directory);
  } catch {
    throw new StartError(`${directory} isn't empty and holds no PostgreSQL data; set DATA_DIR elsewhere.`);
  }
}

function runInitdb(cluster: Cluster, draft: string): Promise<{ code: number | null; output: string }> {
  const access = ["-A", "scram-sha-256", "-U", OWNER, `--pwfile=${cluster.passwordFile}`];
  const text = ["--encoding=UTF8", "--locale=C"];
  return new Promise((resolve) => {
    const child = spawn(path.join(cluster.native, "bin", "initdb"), ["-D", draft, ...access, ...text], {
      ...cluster.account,
      env: plainEnvironment(),
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve({ code: 1, output: error.message }));
    child.once("close", (code) => resolve({ code, output }));
  });
}
