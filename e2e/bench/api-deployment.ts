import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment } from "@/lib/server/environment";
import { findFreePort } from "@/lib/server/ports";
import { superviseChild } from "@/lib/server/supervisor";

const ENTRY = fileURLToPath(new URL("./api-child.ts", import.meta.url));
const UNLIMITED = "10000000";

/** The API in a process of its own. */
export interface ApiDeployment {
  /** Without a slash at the end. */
  url: string;
  stop(): Promise<void>;
}

/** Starts the API on a free port, on the database of `appUrl`, as production runs it but for its rate limits. */
export async function startApiDeployment(appUrl: string): Promise<ApiDeployment> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  // Its log is written as production's is, one line a request.
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-api-"));
  const child = superviseChild({
    name: "API",
    entry: ENTRY,
    logFile: path.join(home, "api.log"),
    env: {
      ...inheritedEnvironment(),
      NODE_ENV: "production",
      DATABASE_URL: appUrl,
      PORT: String(port),
      HOST: "127.0.0.1",
      BASE_URL: url,
      CAURIS_MODE: "demo",
      AUTH_SECRET: randomBytes(32).toString("base64url"),
      PIN_SECRET: randomBytes(32).toString("base64url"),
      JWT_SECRET_KEY: randomBytes(64).toString("base64url"),
      API_RATE_LIMIT_KEY: UNLIMITED,
      API_RATE_LIMIT_ACCOUNT: UNLIMITED,
      API_RATE_LIMIT_ADDRESS: UNLIMITED,
      API_RATE_LIMIT_TRANSFERS: UNLIMITED,
    },
    onGivenUp: () => {},
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    fs.rmSync(home, { recursive: true, force: true });
  };
  try {
    await child.ready;
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
