import { startWorker } from "@/lib/jobs/worker";
import { reportReady, stopWithLauncher } from "./stop-request";

const STOP_WITHIN_MS = 9_000;

// Without the database's lock another worker may be at work: this one ends, and the launcher starts a new one.
const worker = await startWorker(() => process.exit(1));
stopWithLauncher(() => worker.stop(), STOP_WITHIN_MS);
reportReady();
