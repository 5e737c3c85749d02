import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePorts } from "@/e2e/support/free-ports";
import { inheritedEnvironment } from "@/lib/server/environment";
import { placeFor } from "@/lib/server/postgres-place";
import { StartError } from "@/lib/start-error";

const START = fileURLToPath(new URL("../../lib/cli/start.mjs", import.meta.url));
// Long enough for a first build on a slow machine.
const READY_WITHIN_MS = 10 * 60_000;
const STOP_WITHIN_MS = 20_000;

/** A demo of its own: database, sandbox, worker and app, with a user to sign in as. */
export interface DemoDeployment {
  url: string;
  /** Stops everything and removes the data. */
  stop(): Promise<void>;
}

/** Runs what `npm start` runs, on free ports and with data of its own, and waits until it prints its address. */
export async function startDemoDeployment(signal: AbortSignal): Promise<DemoDeployment> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-size-"));
  // PostgreSQL's own account has to reach it when root asks.
  fs.chmodSync(home, 0o755);
  const env = {
    ...inheritedEnvironment(),
    // An empty variable counts as absent and overrides an .env file: no real provider is reached.
    ...{ DATABASE_URL: "", BASE_URL: "", GETMIPAY_API_KEY: "", GOOGLE_CLIENT_ID: "", CAURIS_MODE: "demo" },
    NODE_ENV: "production" as const,
    DATA_DIR: home,
    PORT: String(await findFreePorts(4)),
  };
  const child = spawn(process.execPath, [START], { env, stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await gone;
    clearTimeout(timer);
    // Where root's data went when PostgreSQL's account couldn't reach it here.
    fs.rmSync(placeFor(path.join(home, "postgres")), { recursive: true, force: true });
    fs.rmSync(home, { recursive: true, force: true });
  };
  let output = "";
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const listen = (chunk: Buffer): void => {
        output += chunk.toString();
        const found = readAnnouncement(output);
        if (found !== null) resolve(found);
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("close", () => reject(new StartError(`npm start ended:\n${output.trim().slice(-1_500)}`)));
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      setTimeout(() => reject(new StartError("npm start was not ready in time.")), READY_WITHIN_MS).unref();
    });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address that `npm start` prints when all is ready; null before. */
export function readAnnouncement(output: string): string | null {
  return /running at (\S+)\s/.exec(output)?.[1] ?? null;
}
