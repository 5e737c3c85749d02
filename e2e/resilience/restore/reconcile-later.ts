// Reconciles a deployment, whose environment it runs with, as if a quarter of an hour had passed: recent changes are
// left out. Prints the breaks as JSON.
import { closeDatabase, openDatabase } from "@/db/client";
import { config } from "@/lib/config";
import { newKey } from "@/lib/ids";
import { log } from "@/lib/log";
import { reconcile } from "@/lib/services/reconciliation/reconcile";

const LATER_MS = 15 * 60_000;
const BACK_MS = 24 * 60 * 60_000;

log.level = "silent";
const db = openDatabase(config().database.url, { max: 4, name: "cauris reconcile" });
const now = new Date(Date.now() + LATER_MS);
const context = { actor: { kind: "system" }, requestId: newKey(), db, now } as const;
const results = await reconcile(context, { from: new Date(Date.now() - BACK_MS), to: now });
const problems = results.flatMap(({ isListed, problem }) => (isListed && problem !== null ? [problem] : []));
const breaks = results
  .flatMap((result) => result.breaks)
  .map(({ kind, subject }) => ({ kind, reference: subject }));
process.stdout.write(`${JSON.stringify({ problems, breaks })}\n`);
await closeDatabase(db);
