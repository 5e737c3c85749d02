import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@/db/client";
import { rollCheckpoints } from "@/lib/ledger/checkpoints";
import { sealLedger } from "@/lib/ledger/sealing/seal-ledger";
import { log } from "@/lib/log";
import { logDeadLetters } from "@/lib/services/back-office/log-dead-letters";
import type { Context } from "@/lib/services/context";
import { collectOwed } from "@/lib/services/deposits/collect-owed";
import { expireDeposits } from "@/lib/services/deposits/expire-deposits";
import { clearMessages } from "@/lib/services/messages/clear-messages";
import { deliverNotices } from "@/lib/services/notice-delivery/deliver-notices";
import { writeDueNotices } from "@/lib/services/notices/write-due-notices";
import { clearReplacedJobs } from "@/lib/services/outbox/clear-replaced-jobs";
import { requeueWebhooks } from "@/lib/services/provider-events/requeue-webhooks";
import { clearRateLimits } from "@/lib/services/rate-limits/clear-rate-limits";
import { scheduleReconciliations } from "@/lib/services/reconciliation/schedule-reconciliations";
import { clearStatementFiles, requeueStatementFiles } from "@/lib/services/statements/files/clear-files";
import { tellMonthEnds } from "@/lib/services/statements/tell-month-end";
import { advanceTontines } from "@/lib/services/tontines/advance-tontine";
import { remindDues } from "@/lib/services/tontines/notices/remind-dues";
import { readDraws } from "@/lib/services/tontines/order/read-draws";
import { hastenWithdrawals } from "@/lib/services/withdrawals/hasten-withdrawals";
import { requeueWithdrawals } from "@/lib/services/withdrawals/requeue-withdrawals";
import { tellLateWithdrawals } from "@/lib/services/withdrawals/tell-late-withdrawals";
import { systemContext } from "./tasks";

type Sweeps = Readonly<Record<string, (context: Context) => Promise<number>>>;

/** Periodic work beside the queue. Each sweep answers how much it changed, and may run at any time. */
const SWEEPS: Sweeps = {
  advanceTontines,
  clearMessages,
  clearRateLimits,
  clearReplacedJobs,
  clearStatementFiles,
  collectOwed,
  expireDeposits,
  hastenWithdrawals,
  logDeadLetters,
  requeueStatementFiles,
  remindDues,
  requeueWebhooks,
  requeueWithdrawals,
  rollCheckpoints: ({ db }) => rollCheckpoints(db),
  scheduleReconciliations,
  sealLedger: ({ db }) => sealLedger(db),
  tellLateWithdrawals,
  tellMonthEnds,
  writeDueNotices,
};

/** What people wait for. */
export const QUICK_SWEEPS: Sweeps = { deliverNotices };

/** What waits for servers on the internet, and so beside the others. */
export const REMOTE_SWEEPS: Sweeps = { readDraws: (context) => readDraws(context) };

/** Runs all sweeps once, with contexts as {@link createTasks}. A failing one is logged and doesn't keep the others from running. */
export async function sweepOnce(
  db: Database,
  contextOf = systemContext,
  sweeps: Sweeps = { ...SWEEPS, ...QUICK_SWEEPS, ...REMOTE_SWEEPS },
): Promise<void> {
  for (const [name, sweep] of Object.entries(sweeps)) {
    try {
      const changed = await sweep(await contextOf(db));
      if (changed > 0) log.info({ sweep: name, changed }, "sweep");
    } catch (error) {
      log.error({ sweep: name, err: error }, "sweep failed");
    }
  }
}

/** Sweeps every `pauseMs` until `signal` aborts. */
export async function sweepUntil(
  db: Database,
  pauseMs: number,
  signal: AbortSignal,
  sweeps: Sweeps = SWEEPS,
): Promise<void> {
  while (!signal.aborted) {
    await sweepOnce(db, systemContext, sweeps);
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}
