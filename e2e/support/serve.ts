/**
 * Starts the whole deployment for the end-to-end tests: on its own port, with its own data, which is emptied first,
 * as a demo whatever this machine's configuration says.
 */
import fs from "node:fs";
import path from "node:path";
import { main } from "@/lib/cli/bootstrap/launch.mjs";
import { PROVIDER_CREDENTIALS } from "@/lib/providers/manifests";
import { stopLeftPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";

const dataDir = path.resolve(".data", "e2e");
const cluster = path.join(dataDir, "postgres");

// An empty value is as good as none, and keeps a developer's .env files from giving one.
const UNSET = [
  "DATABASE_URL",
  "BASE_URL",
  "GOOGLE_CLIENT_ID",
  "GOOGLE_CLIENT_SECRET",
  ...PROVIDER_CREDENTIALS,
];
for (const name of UNSET) process.env[name] = "";
process.env.CAURIS_MODE = "demo";
process.env.DATA_DIR = dataDir;

await stopLeftPostgres(cluster);
const place = placeFor(cluster);
for (const left of [dataDir, place, `${place}.password`, `${place}.log`]) {
  fs.rmSync(left, { recursive: true, force: true });
}

await main(["--no-build"]);
