// A base backup under load, a lost disk, and a restore to a random point in time: what was acknowledged before is there,
// nothing later is, and payouts are stopped. Then the restored database is reconciled with the providers, whose books are
// ahead: every difference is reported, and nothing is paid twice when payouts are resumed.
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createApiUsers } from "@/e2e/support/credentials";
import { secureRestored } from "@/lib/cli/restored";
import { environment, replaceEnvironment } from "@/lib/config";
import { money } from "@/lib/money/money";
import { placesOf } from "@/lib/server/backup/archive";
import { takeBaseBackup } from "@/lib/server/backup/base-backup";
import { restoreCluster } from "@/lib/server/backup/restore-cluster";
import { placeFor } from "@/lib/server/postgres-place";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { findOpen } from "../crashes/find-open";
import { type Deployment, startDeployment } from "../deployment";
import type { Random } from "../random";
import { type Case, runCases } from "../run-cases";
import type { Scenario, ScenarioPlan } from "../scenario";
import { checkProviderBook, checkRestored, type RestorePoint } from "./oracle";
import { Traffic } from "./traffic";

const PEOPLE = 8;
const FUNDS_MINOR = 400_000n;
const PHASE_MS = 1_500;
const SETTLED_WITHIN_MS = 120_000;
const MINUTE_MS = 60_000;
const FAULTS = ["lost disks", "operations after the target", "found by reconciling"];

export const restore: Scenario = {
  name: "restore",
  promise:
    "a lost disk is restored to any point in time, and reconciled with the providers without paying twice",
  share: 1,
  isLong: true,
  run: (plan) => runCases(plan, { faults: FAULTS }, (one) => loseAndRestore(plan, one)),
};

async function loseAndRestore(plan: ScenarioPlan, { number, random, tally }: Case): Promise<string[]> {
  const home = path.join(plan.home, String(number));
  const [backupDir, dataDir] = [path.join(home, "backup"), path.join(home, "postgres")];
  const deployment = await startDeployment({ home, pages: false, backupDir });
  try {
    const target = await runTrafficUntilTarget(deployment, {
      random,
      signal: plan.signal,
      dataDir,
      backupDir,
    });
    for (const name of ["app", "worker", "database"] as const) deployment.kill(name);
    const place = placeFor(dataDir);
    fs.rmSync(place, { recursive: true, force: true });
    fs.rmSync(`${place}.password`);
    const from = performance.now();
    const { server } = await restoreCluster({ backupDir, dataDir, to: new Date(target.to) });
    const restoredMs = Math.round(performance.now() - from);
    const found = await secureRestored(server.url, "a restore").finally(server.stop);
    await deployment.revive("database");
    found.push(...(await checkRestored(deployment, target)));
    const { breaks, violations } = await reconcileAndResume(deployment);
    const { to, acknowledged } = target;
    const before = acknowledged.filter(({ acknowledgedAt }) => acknowledgedAt < to);
    tally.count({ restores: 1, "operations before": before.length, "restored in ms": restoredMs });
    tally.fault("lost disks");
    tally.fault("operations after the target", acknowledged.filter(({ sentAt }) => sentAt > to).length);
    tally.fault("found by reconciling", breaks);
    return [...found, ...violations];
  } finally {
    await deployment.stop();
  }
}

/** Traffic with a base backup in the middle of it, until after the target time: what comes after it will be lost. */
async function runTrafficUntilTarget(
  deployment: Deployment,
  {
    random,
    signal,
    dataDir,
    backupDir,
  }: { random: Random; signal: AbortSignal; dataDir: string; backupDir: string },
): Promise<RestorePoint> {
  const people = await createApiUsers(deployment, PEOPLE, money(FUNDS_MINOR, "XOF"));
  const traffic = new Traffic(deployment, people, random);
  const { base, wal } = placesOf(backupDir);
  await wait(PHASE_MS);
  await takeBaseBackup(deployment.ownerUrl, { dataDir: placeFor(dataDir), base });
  await wait(PHASE_MS + random.int(0, PHASE_MS));
  const to = Date.now();
  await wait(PHASE_MS);
  const violations = await traffic.stop();
  // Archives the last WAL segment now instead of within a minute.
  const [row] = await deployment.owner<
    { segment: string }[]
  >`select pg_walfile_name(pg_switch_wal()) as segment`;
  const last = path.join(wal, row?.segment ?? "none");
  while (!fs.existsSync(last) && !signal.aborted) await wait(50);
  return { to, acknowledged: traffic.acknowledged, violations };
}

/** What an operator does after a restore: start, query providers, reconcile, resume payouts. */
async function reconcileAndResume(deployment: Deployment): Promise<{ breaks: number; violations: string[] }> {
  const { owner, sandbox } = deployment;
  await Promise.all([deployment.revive("app"), deployment.revive("worker")]);
  const pendingDeposits = async () => {
    // Deposits that were paid after the target: queried as when their payer looks at the status.
    await owner`select graphile_worker.add_job('check_deposit', json_build_object('operationId', id::text), job_key => 'check_deposit:' || id)
      from operations where type = 'deposit' and state = 'pending' and provider = 'paystack'`;
    const paid = sandbox.book.list("collection").filter(({ state }) => state === "completed");
    return await owner<{ reference: string }[]>`select reference from operations
      where type = 'deposit' and state = 'pending' and reference = any(${paid.map(({ reference }) => reference)})`;
  };
  const waitingPayouts = async () => (await findOpen(owner, "withdrawal")).operations;
  await deployment.settle(async () => (await pendingDeposits()).length === 0, SETTLED_WITHIN_MS);
  const pending = await pendingDeposits();
  const { problems, references } = await reconcileLater(deployment);
  const order = { provider: null, operator: "resilience", note: "compared" };
  await resumePayouts(deployment.context({ kind: "system" }), order);
  await deployment.settle(async () => (await waitingPayouts()).length === 0, SETTLED_WITHIN_MS);
  const waiting = await waitingPayouts();
  const violations = [
    ...pending.map(({ reference }) => `the deposit ${reference} was paid and stays pending`),
    ...problems.map((problem) => `reconciling failed: ${problem}`),
    ...waiting.map((payout) => `the payout ${payout} doesn't end`),
    ...(await checkProviderBook(deployment, references)),
    ...(await deployment.audit()),
  ];
  return { breaks: references.length, violations };
}

/** Reconciles the last day as if a quarter of an hour had passed, since recent changes are left out. */
async function reconcileLater(deployment: Deployment): Promise<{ problems: string[]; references: string[] }> {
  const now = new Date(Date.now() + 15 * MINUTE_MS);
  const window = { from: new Date(Date.now() - 24 * 60 * MINUTE_MS), to: now };
  const before = environment();
  replaceEnvironment(deployment.environment());
  try {
    const results = await reconcile({ ...deployment.context({ kind: "system" }), now }, window);
    return {
      problems: results.flatMap(({ isListed, problem }) => (isListed && problem !== null ? [problem] : [])),
      references: results.flatMap(({ breaks }) => breaks.map(({ subject }) => subject)),
    };
  } finally {
    replaceEnvironment(before);
  }
}
