import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { secureRestored } from "@/lib/cli/restored";
import { placesOf } from "@/lib/server/backup/archive";
import { takeBaseBackup } from "@/lib/server/backup/base-backup";
import { restoreCluster } from "@/lib/server/backup/restore-cluster";
import { placeFor } from "@/lib/server/postgres-place";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { createPeople } from "../crashes/kills/people";
import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, Violation } from "../scenario";
import { judgeProvider, judgeRestored, type Moment } from "./oracle";
import { startTraffic } from "./traffic";

const RECONCILE = fileURLToPath(new URL("./reconcile-later.ts", import.meta.url));
const WRITERS = 6;
const PHASE_MS = 1_500;
const SETTLED_WITHIN_MS = 120_000;

const said = z.object({
  problems: z.array(z.string()),
  breaks: z.array(z.object({ kind: z.string(), reference: z.string() })),
});

/**
 * The drill: a base backup while people pay, the disk lost, everything put back as it was at a random moment; then the
 * providers, who know more than the restored books, are asked and compared with, and payouts let go again.
 */
export const restore: Scenario = {
  name: "restore",
  promise:
    "a lost disk comes back as it was at any moment, and the providers' later book is met without paying twice",
  share: 1,
  isLong: true,
  async run(plan) {
    const counts: Record<string, number> = { drills: 0, "operations before": 0, "restored in ms": 0 };
    const faults: Record<string, number> = {
      "lost disks": 0,
      "operations after the moment": 0,
      "found by reconciling": 0,
    };
    const violations: Violation[] = [];
    for (const number of plan.cases()) {
      const found = await drill(plan, number, counts, faults);
      violations.push(...found.map((what) => ({ case: number, what })));
    }
    return { counts, faults, violations };
  },
};

type Numbers = Record<string, number>;

const add = (numbers: Numbers, name: string, count: number): void => {
  numbers[name] = (numbers[name] ?? 0) + count;
};

async function drill(
  plan: ScenarioPlan,
  number: number,
  counts: Numbers,
  faults: Numbers,
): Promise<string[]> {
  const home = path.join(plan.home, String(number));
  const backupDir = path.join(home, "backup");
  const deployment = await startDeployment({ home, pages: false, backupDir });
  try {
    const moment = await liveUntilTheMoment(deployment, plan, number, { home, backupDir });
    add(
      faults,
      "operations after the moment",
      moment.acknowledged.filter(({ sentAt }) => sentAt > moment.to).length,
    );
    for (const part of ["app", "worker", "database"] as const) deployment.kill(part);
    const place = placeFor(path.join(home, "postgres"));
    fs.rmSync(place, { recursive: true, force: true });
    fs.rmSync(`${place}.password`);
    add(faults, "lost disks", 1);
    const from = performance.now();
    const restored = await restoreCluster({
      backupDir,
      dataDir: path.join(home, "postgres"),
      to: new Date(moment.to),
    });
    add(counts, "restored in ms", Math.round(performance.now() - from));
    const found = await secureRestored(restored.server.url, "a drill").finally(restored.server.stop);
    await deployment.revive("database");
    found.push(...(await judgeRestored(deployment, moment)));
    found.push(...(await meetProvider(deployment, faults)));
    add(counts, "drills", 1);
    add(
      counts,
      "operations before",
      moment.acknowledged.filter(({ answeredAt }) => answeredAt < moment.to).length,
    );
    return found;
  } finally {
    await deployment.stop();
  }
}

/** Traffic, a base backup in the middle of it, more traffic, the moment, and more again that will be lost. */
async function liveUntilTheMoment(
  deployment: Deployment,
  plan: ScenarioPlan,
  number: number,
  { home, backupDir }: { home: string; backupDir: string },
): Promise<Moment> {
  const random = plan.random(number);
  const people = await createPeople(deployment, 8);
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
  // A minute later the log's last segment would have been archived by itself.
  const [row] = await deployment.owner<
    { segment: string }[]
  >`select pg_walfile_name(pg_switch_wal()) as segment`;
  const last = path.join(placesOf(backupDir).wal, row?.segment ?? "none");
  while (!fs.existsSync(last) && !plan.signal.aborted) await wait(50);
  return { to, acknowledged: traffic.acknowledged };
}

/** What an operator does after a restore: start, ask, compare, and when it is clear let payouts go. */
async function meetProvider(deployment: Deployment, faults: Numbers): Promise<string[]> {
  await Promise.all([deployment.revive("app"), deployment.revive("worker")]);
  const isAnswered = async () => {
    // Deposits whose payer paid after the moment: the provider is asked about each, as it is when somebody looks at it.
    await deployment.owner`select graphile_worker.add_job('check_deposit', json_build_object('operationId', id::text), job_key => 'check_deposit:' || id)
      from operations where type = 'deposit' and state = 'pending' and provider = 'paystack'`;
    const paid = deployment.sandbox.book.list("collection").filter(({ state }) => state === "completed");
    const [row] = await deployment.owner<{ count: string }[]>`select count(*) from operations
      where type = 'deposit' and state = 'pending' and reference = any(${paid.map(({ reference }) => reference)})`;
    return row?.count === "0";
  };
  const found: string[] = [];
  if (!(await deployment.settle(isAnswered, SETTLED_WITHIN_MS)))
    found.push("deposits that were paid stay pending");
  const { problems, breaks } = await reconcileLater(deployment);
  add(faults, "found by reconciling", breaks.length);
  found.push(...problems.map((problem) => `the provider's book couldn't be compared: ${problem}`));
  const order = { provider: null, operator: "drill", note: "compared" };
  await resumePayouts(deployment.context({ kind: "system" }), order);
  const isPaidOut = async () => {
    const [row] = await deployment.owner<{ count: string }[]>`select count(*) from operations
      where type = 'withdrawal' and state in ('created', 'submitting', 'submitted', 'unknown')`;
    return row?.count === "0";
  };
  if (!(await deployment.settle(isPaidOut, SETTLED_WITHIN_MS)))
    found.push("payouts that waited don't come to an end");
  return [...found, ...(await judgeProvider(deployment, breaks)), ...(await deployment.audit())];
}

async function reconcileLater(deployment: Deployment): Promise<z.infer<typeof said>> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--import", "tsx", RECONCILE], {
    env: deployment.environment(),
  });
  return said.parse(JSON.parse(stdout));
}
