import { beforeEach, expect, it, vi } from "vitest";
import type { Database } from "@/db/client";
import { useDatabase } from "@/e2e/support/database";
import { rollCheckpoints } from "@/lib/ledger/checkpoints";
import { sealLedger } from "@/lib/ledger/sealing/seal-ledger";
import { logDeadLetters } from "@/lib/services/back-office/log-dead-letters";
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
import { remindDues } from "@/lib/services/tontines/notices/remind-dues";
import { requeueWithdrawals } from "@/lib/services/withdrawals/requeue-withdrawals";
import { tellLateWithdrawals } from "@/lib/services/withdrawals/tell-late-withdrawals";
import { sweepOnce } from "./sweeps";

vi.mock("@/lib/ledger/checkpoints", () => ({ rollCheckpoints: vi.fn() }));
vi.mock("@/lib/services/back-office/log-dead-letters", () => ({
  logDeadLetters: vi.fn(),
}));
vi.mock("@/lib/services/deposits/expire-deposits", () => ({ expireDeposits: vi.fn() }));
vi.mock("@/lib/services/messages/clear-messages", () => ({ clearMessages: vi.fn() }));
vi.mock("@/lib/services/outbox/clear-replaced-jobs", () => ({ clearReplacedJobs: vi.fn() }));
vi.mock("@/lib/services/rate-limits/clear-rate-limits", () => ({ clearRateLimits: vi.fn() }));
vi.mock("@/lib/services/reconciliation/schedule-reconciliations", () => ({
  scheduleReconciliations: vi.fn(),
}));
vi.mock("@/lib/ledger/sealing/seal-ledger", () => ({ sealLedger: vi.fn() }));
vi.mock("@/lib/services/provider-events/requeue-webhooks", () => ({ requeueWebhooks: vi.fn() }));
vi.mock("@/lib/services/statements/files/clear-files", () => ({
  clearStatementFiles: vi.fn(),
  requeueStatementFiles: vi.fn(),
}));
vi.mock("@/lib/services/statements/tell-month-end", () => ({ tellMonthEnds: vi.fn() }));
vi.mock("@/lib/services/withdrawals/requeue-withdrawals", () => ({ requeueWithdrawals: vi.fn() }));

vi.mock("@/lib/services/withdrawals/tell-late-withdrawals", () => ({ tellLateWithdrawals: vi.fn() }));
vi.mock("@/lib/services/notices/write-due-notices", () => ({ writeDueNotices: vi.fn() }));

vi.mock("@/lib/services/tontines/notices/remind-dues", () => ({ remindDues: vi.fn() }));

vi.mock("@/lib/services/notice-delivery/deliver-notices", () => ({ deliverNotices: vi.fn() }));

const { db }: { db: Database } = await useDatabase();
const sweeps = {
  rollCheckpoints,
  logDeadLetters,
  remindDues,
  expireDeposits,
  clearMessages,
  clearRateLimits,
  clearReplacedJobs,
  scheduleReconciliations,
  sealLedger,
  requeueWebhooks,
  requeueWithdrawals,
  clearStatementFiles,
  requeueStatementFiles,
  tellMonthEnds,
  tellLateWithdrawals,
  writeDueNotices,
  deliverNotices,
};

beforeEach(() => {
  for (const sweep of Object.values(sweeps)) vi.mocked(sweep).mockReset().mockResolvedValue(0);
});

it.each(Object.entries(sweeps))("%s is swept, as the system", async (_, sweep) => {
  await sweepOnce(db);
  expect(sweep).toHaveBeenCalledOnce();
  // The ledger knows no actors: it takes the database.
  const isLedgers = sweep === rollCheckpoints || sweep === sealLedger;
  const [given] = vi.mocked(sweep).mock.calls[0] ?? [];
  if (isLedgers) expect(given).toBe(db);
  else expect(given).toMatchObject({ actor: { kind: "system" } });
});

it.each(Object.keys(sweeps))("%s that fails keeps no other from running", async (name) => {
  const failing = sweeps[name as keyof typeof sweeps];
  vi.mocked(failing).mockRejectedValue(new Error("not now"));
  await sweepOnce(db);
  for (const sweep of Object.values(sweeps)) expect(sweep).toHaveBeenCalledOnce();
});
