import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { createApiUsers } from "@/e2e/support/credentials";
import { secureRestored } from "@/lib/cli/restored";
import { money } from "@/lib/money/money";
import { placesOf } from "@/lib/server/backup/archive";
import { takeBaseBackup } from "@/lib/server/backup/base-backup";
import { restoreCluster } from "@/lib/server/backup/restore-cluster";
import { placeFor } from "@/lib/server/postgres-place";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, Violation } from "../scenario";
import { checkProviderBook, checkRestored, type RestorePoint } from "./oracle";
import { startTraffic } from "./traffic";

const RECONCILE = fileURLToPath(new URL("./reconcile-later.ts", import.meta.url));
const WRITERS = 6;
const PHASE_MS = 1_500;
const SETTLED_WITHIN_MS = 120_000;

const reconcileOutput = z.object({
  problems: z.array(z.string()),
  breaks: z.array(z.object({ kind: z.string(), reference: z.string() })),
});

/**
 * A base backup under load, a lost disk, and a restore to a random point in time. Then the restored database is reconciled
 * with the providers, whose books are ahead, and payouts are resumed.
 */
export const restore: Scenario = {
  name: "restore",
  promise:
    "a lost disk is restored to any point in time, and reconciled with the providers without paying twice",
  share: 1,
  isLong: true,
  async run(plan) {
    const counts: Record<string, number> = { restores: 0, "operations before": 0, "restored in ms": 0 };
    const faults: Record<string, number> = {
      "lost disks": 0,
      "operations after the target": 0,
      "found by reconciling": 0,
    };
    const violations: Violation[] = [];
    for (const number of plan.cases()) {
      const found = await runRestore(plan, number, counts, faults);
      violations.push(...found.map((what) => ({ case: number, what })));
    }
    return { counts, faults, violations };
  },
};

type Numbers = Record<string, number>;

const add = (numbers: Numbers, name: string, count: number): void => {
  numbers[name] = (numbers[name] ?? 0) + count;
};

async function runRestore(
  plan: ScenarioPlan,
  number: number,
  counts: Numbers,
  faults: Numbers,
): Promise<string[]> {
  const home = path.join(plan.home, String(number));
  const backupDir = path.join(home, "backup");
  const deployment = await startDeployment({ home, pages: false, backupDir });
  try {
    const target = await runTrafficUntilTarget(deployment, plan, number, { home, backupDir });
    add(
      faults,
      "operations after the target",
      target.acknowledged.filter(({ sentAt }) => sentAt > target.to).length,
    );
    for (const name of ["app", "worker", "database"] as const) deployment.kill(name);
    const place = placeFor(path.join(home, "postgres"));
    fs.rmSync(place, { recursive: true, force: true });
    fs.rmSync(`${place}.password`);
    add(faults, "lost disks", 1);
    const from = performance.now();
    const restored = await restoreCluster({
      backupDir,
      dataDir: path.join(home, "postgres"),
      to: new Date(target.to),
    });
    add(counts, "restored in ms", Math.round(performance.now() - from));
    const violations = await secureRestored(restored.server.url, "a restore").finally(restored.server.stop);
    await deployment.revive("database");
    violations.push(...(await checkRestored(deployment, target)));
    violations.push(...(await reconcileWithProvider(deployment, faults)));
    add(counts, "restores", 1);
    add(
      counts,
      "operations before",
      target.acknowledged.filter(({ acknowledgedAt }) => acknowledgedAt < target.to).length,
    );
    return violations;
  } finally {
    await deployment.stop();
  }
}

/** Traffic with a base backup in the middle of it, until after the target time: the last name will be lost. */
async function runTrafficUntilTarget(
  deployment: Deployment,
  plan: ScenarioPlan,
  number: number,
  { home, backupDir }: { home: string; backupDir: string },
): Promise<RestorePoint> {
  const random = plan.random(number);
  const people = await createApiUsers(deployment, 8, money(400_000n, "XOF"));
  const traffic = startTraffic(deployment, people, random, WRITERS);
  await wait(PHASE_MS);
  await takeBaseBackup(deployment.ownerUrl, {
    dataDir: placeFor(path.join(home, "postgres")),
    base: placesOf(backupDir).base,
  });
  await wait(PHASE_MS + random.int(0, PHASE_MS));
  const to = Date.now();
  await wait(PHASE_MS);
  await traffic.stop();
  // Archives the last WAL segment now instead of within a minute.
  const [row] = await deployment.owner<
    { segment: string }[]
  >`select pg_walfile_name(pg_switch_wal()) as segment`;
  const last = path.join(placesOf(backupDir).wal, row?.segment ?? "none");
  while (!fs.existsSync(last) && !plan.signal.aborted) await wait(50);
  return { to, acknowledged: traffic.acknowledged };
}

/** What an operator does after a restore: start, query providers, reconcile, resume payouts. */
async function reconcileWithProvider(deployment: Deployment, faults: Numbers): Promise<string[]> {
  await Promise.all([deployment.revive("app"), deployment.revive("worker")]);
  const areDepositsCredited = async () => {
    // Deposits that were paid after the target: queried as when their payer looks at the status.
    await deployment.owner`select graphile_worker.add_job('check_deposit', json_build_object('operationId', id::text), job_key => 'check_deposit:' || id)
      from operations where type = 'deposit' and state = 'pending' and provider = 'paystack'`;
    const paid = deployment.sandbox.book.list("collection").filter(({ state }) => state === "completed");
    const [row] = await deployment.owner<{ count: string }[]>`select count(*) from operations
      where type = 'deposit' and state = 'pending' and reference = any(${paid.map(({ reference }) => reference)})`;
    return row?.count === "0";
  };
  const violations: string[] = [];
  if (!(await deployment.settle(areDepositsCredited, SETTLED_WITHIN_MS)))
    violations.push("paid deposits stay pending");
  const { problems, breaks } = await reconcileLater(deployment);
  add(faults, "found by reconciling", breaks.length);
  violations.push(...problems.map((problem) => `reconciling failed: ${problem}`));
  const order = { provider: null, operator: "resilience", note: "compared" };
  await resumePayouts(deployment.context({ kind: "system" }), order);
  const arePayoutsDone = async () => {
    const [row] = await deployment.owner<{ count: string }[]>`select count(*) from operations
      where type = 'withdrawal' and (type, state) in (select s.type, s.state from operation_states s where s.awaits = 'provider')`;
    return row?.count === "0";
  };
  if (!(await deployment.settle(arePayoutsDone, SETTLED_WITHIN_MS)))
    violations.push("waiting payouts don't end");
  return [...violations, ...(await checkProviderBook(deployment, breaks)), ...(await deployment.audit())];
}

async function reconcileLater(deployment: Deployment): Promise<z.infer<typeof reconcileOutput>> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--import", "tsx", RECONCILE], {
    env: deployment.environment(),
  });
  return reconcileOutput.parse(JSON.parse(stdout));
}
