/**
 * Starts the deployment of the end-to-end tests: a demo on its own port with its own data, which is emptied first, whatever
 * this machine's configuration says.
 */
import fs from "node:fs";
import path from "node:path";
import { main } from "@/lib/cli/bootstrap/launch.mjs";
import { PROVIDER_CREDENTIALS } from "@/lib/providers/manifests";
import { stopLeftPostgres } from "@/lib/server/postgres";
import { placeFor } from "@/lib/server/postgres-place";

const dataDir = path.resolve(".data", "e2e");
const cluster = path.join(dataDir, "postgres");

// Empty values override those of a developer's .env files.
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
process.env.SANDBOX_PAYOUT_DELAY_MS = "300";
process.env.FORM_RATE_LIMIT_ADDRESS = "10000000";
process.env.WAITING_PAGE_POLL_MS = "300";

await stopLeftPostgres(cluster);
const place = placeFor(cluster);
for (const left of [dataDir, place, `${place}.password`, `${place}.log`]) {
  fs.rmSync(left, { recursive: true, force: true });
}

await main(["--no-build"]);
