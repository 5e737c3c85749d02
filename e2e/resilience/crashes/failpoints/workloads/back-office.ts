import { setTimeout as wait } from "node:timers/promises";
import { ifRefused } from "../child-process";
import { type CrashTest, OPERATOR, SYSTEM, type Workload } from "../crash-test";
import { untilIdle, untilState } from "../settle";
import { NGN, payAll, startDeposit, withdrawToBank, XOF } from "./requests";

const HOUR_MS = 3_600_000;

/** Makes a deposit that is paid with another amount. Returns the id of its webhook event, which needs review. */
async function createEventInReview(test: CrashTest): Promise<bigint> {
  const person = await test.createPerson();
  const reference = await startDeposit(test, person, { ...XOF(test.random), amount: 1_005 });
  await payAll(test, person);
  const find = () => test.harness.deployment.owner<{ id: string }[]>`
    select id from webhook_events where reference = ${reference} and state = 'needs_review'`;
  for (let look = 0; look < 400 && (await find()).length === 0; look += 1) {
    await untilIdle(test.harness);
    // The webhook may not have arrived yet.
    await wait(25);
  }
  const [row] = await find();
  return BigInt(row?.id ?? 0);
}

function hide(test: CrashTest, reference: string, forMs: number): void {
  const entry = test.entryOf("payout", reference);
  if (entry?.paystack) entry.paystack.hiddenUntil = new Date(Date.now() + forMs).toISOString();
}

export const BACK_OFFICE: readonly Workload[] = [
  {
    name: "a webhook event in review is replayed, and closed by an operator",
    reaches: /^provider-events\/(replay-webhook|close-webhook)/,
    async run(test) {
      const eventId = await createEventInReview(test);
      await test.arm();
      await test.harness.verb("replayWebhook", SYSTEM, eventId);
      await untilIdle(test.harness);
      const order = { eventId, ...OPERATOR };
      await test.harness.verb("closeWebhook", SYSTEM, order).catch(ifRefused("not_found", null));
      const [row] = await test.harness.deployment.owner<{ state: string; decisions: number }[]>`
        select state, (select count(*)::int from decisions where event_id = e.id) as decisions
        from webhook_events e where id = ${eventId.toString()}`;
      const isClosed = row?.state === "processed" && row.decisions === 1;
      test.check(isClosed, `an event is closed by one decision, not ${JSON.stringify(row)}`);
    },
  },
  {
    name: "a webhook event whose job was lost is requeued by the sweep",
    reaches: /^provider-events\/requeue-webhooks/,
    async run(test) {
      const person = await test.createPerson();
      await test.arm();
      await startDeposit(test, person, XOF(test.random));
      await payAll(test, person);
      await test.harness.shift(2 * 60_000);
      await test.harness.sweep();
      await untilIdle(test.harness);
    },
  },
  {
    name: "a failed job that was replaced while it ran is removed by the sweep",
    reaches: /^outbox\/clear-replaced-jobs/,
    async run(test) {
      await test.arm();
      const { owner } = test.harness.deployment;
      await owner`select graphile_worker.add_job('check_deposit', '{"operationId":"0"}', run_at => now() + interval '1 day', max_attempts => 1, job_key => 'replaced')`;
      await owner`update graphile_worker._private_jobs set key = null, attempts = 1 where key = 'replaced'`;
      await test.harness.sweep();
      const left =
        await owner`select from graphile_worker._private_jobs where key is null and attempts >= max_attempts`;
      test.check(left.length === 0, `no replaced job is left, not ${left.length}`);
    },
  },
  {
    name: "reconciliation with the providers, by hand and by the hourly job",
    reaches: /^(reconciliation\/|jobs\/reconcile|ledger\/(checkpoints|sealing\/))/,
    async run(test) {
      const person = await test.createPerson({ NGN: 9_000_000n });
      const payout = await withdrawToBank(test, person);
      const collection = (await startDeposit(test, person, NGN(test.random))) ?? "";
      await payAll(test, person);
      await untilState(test.harness, payout, "paid");
      await untilState(test.harness, collection, "succeeded");
      // While the provider's list doesn't show them, reconciliation queries them alone.
      hide(test, payout, HOUR_MS);
      const listed = test.entryOf("collection", collection);
      if (listed) listed.createdAt = new Date(Date.now() - 48 * HOUR_MS).toISOString();
      await test.arm();
      await test.harness.shift(HOUR_MS);
      const now = Date.now();
      const window = { from: new Date(now - 2 * HOUR_MS), to: new Date(now + HOUR_MS) };
      await test.harness.verb("reconcile", SYSTEM, window);
      hide(test, payout, 0);
      await test.harness.shift((26 + test.random.int(0, 500)) * HOUR_MS);
      await test.harness.sweep();
      await untilIdle(test.harness);
    },
  },
];
