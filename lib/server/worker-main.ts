import { config } from "@/lib/config";
import { startWorker } from "@/lib/jobs/worker";
import { FINISH_WITHIN_MS } from "./stop-limits";
import { reportReady, stopWithLauncher } from "./stop-request";

// A wrong variable stops the start with its name, instead of failing the first task.
config();
// Without the database's lock another worker may run: this one ends, and the launcher starts a new one.
const worker = await startWorker(() => process.exit(1));
stopWithLauncher(() => worker.stop(), FINISH_WITHIN_MS);
reportReady();
