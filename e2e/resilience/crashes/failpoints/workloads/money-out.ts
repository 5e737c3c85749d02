// Withdrawals, what a sweep or an operator does about their payouts, and jobs of the outbox that failed for good.
import { setTimeout as wait } from "node:timers/promises";
import { setWalletFrozen } from "@/lib/services/back-office/freeze-wallet";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { setPin } from "@/lib/services/identity/pin/set-pin";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { retryWithdrawal } from "@/lib/services/withdrawals/retry-withdrawal";
import { type CrashTest, OPERATOR, SYSTEM, workload } from "../crash-test";

const PIN = "4907";
// Longer than a submission whose process died counts as running.
const LATER_MS = 90_000;
// Amounts of the sandbox's scenarios (lib/sandbox/scenarios.ts), in francs or kobo.
const REFUSED = { amount: 2_001 };
const UNAVAILABLE = { amount: 200_500 };
const ACCEPTED_WITH_500 = { amount: 200_600 };
const WITHOUT_WEBHOOK = { amount: 201_300 };
const ALL_PROVIDERS = { provider: null, ...OPERATOR };

const personWithFrancs = (test: CrashTest) => test.createPerson({ XOF: 100_000n });
const personWithNaira = (test: CrashTest) => test.createPerson({ NGN: 9_000_000n });

/** Waits until the provider has the payout, and stops it from settling by itself. */
async function freezeAtProvider(test: CrashTest, reference: string): Promise<void> {
  let entry = test.entryOf("withdrawal", reference);
  // It settles within a quarter of a second.
  for (let tries = 0; entry === null && tries < 1_000; tries += 1) {
    await test.harness.deployment.hurry();
    await wait(5);
    entry = test.entryOf("withdrawal", reference);
  }
  if (entry) test.sandbox.book.save(Object.assign(entry, { scenario: "transfer_never_settles" }));
}

/** Settles a payout at the provider without a webhook. */
function completeWithoutWebhook(test: CrashTest, reference: string): void {
  const entry = test.entryOf("withdrawal", reference);
  if (entry?.state !== "pending") return;
  const paid = { paidAmount: entry.amount, paidCurrency: entry.currency, timesPaid: 1 };
  test.sandbox.book.save(Object.assign(entry, { state: "completed", stepsDone: 1, ...paid }));
}

/** Two sweeps, each as if more than a minute had passed. */
async function sweepTwiceLater(test: CrashTest): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    test.harness.shift(LATER_MS);
    await test.harness.sweep();
    await test.untilIdle();
  }
}

/** A payout that the provider paid without saying so. */
async function withdrawWithoutWebhook(test: CrashTest) {
  const person = await personWithNaira(test);
  const reference = await test.withdraw(person, "NGN", WITHOUT_WEBHOOK);
  await test.untilState(reference, "submitted");
  await test.until(() => (test.entryOf("withdrawal", reference)?.timesPaid ?? 0) > 0, 3_000);
  return { person, reference };
}

/** A job of a withdrawal that has used all its attempts. Returns its id. */
async function createDeadJob(test: CrashTest) {
  const person = await personWithFrancs(test);
  await test.run(stopPayouts, SYSTEM, ALL_PROVIDERS);
  const reference = await test.withdraw(person, "XOF");
  await test.untilIdle();
  await test.run(resumePayouts, SYSTEM, ALL_PROVIDERS);
  const [job] = await test.sql<{ id: string }[]>`select id from graphile_worker.add_job('submit_withdrawal',
    json_build_object('operationId', (select id::text from operations where reference = ${reference})),
    run_at := now() + interval '1 day', job_key := 'dead')`;
  const id = job?.id ?? "0";
  await test.sql`update graphile_worker._private_jobs set attempts = max_attempts where id = ${id}`;
  return { reference, id: BigInt(id) };
}

export const MONEY_OUT = [
  workload({
    name: "withdrawals to a phone and to a bank account, whose name and payout are queried",
    reaches:
      /^(withdrawals\/(request-api-withdrawal|submit-withdrawal\.(1|3|createPayout))|api\/wallet\/withdraw|jobs\/submit_withdrawal|banks\/|provider-events\/process-webhook\.getPayout|providers\/(getmipay|paystack)\/)/,
    setUp: (test) => test.createPerson({ XOF: 100_000n, NGN: 9_000_000n }),
    send: async (test, person) => {
      const toPhone = await test.withdraw(person, "XOF", test.random.chance(0.3) ? REFUSED : {});
      await test.untilState(toPhone, "paid", "refunded");
      await test.untilState(await test.withdraw(person, "NGN"), "paid");
    },
  }),
  workload({
    name: "a payout of unknown outcome, found at the provider pending and then paid",
    reaches: /^withdrawals\/query-payout/,
    setUp: personWithNaira,
    send: async (test, person) => {
      const reference = await test.withdraw(person, "NGN", ACCEPTED_WITH_500);
      await freezeAtProvider(test, reference);
      await test.untilState(reference, "submitted", "paid");
      completeWithoutWebhook(test, reference);
      await sweepTwiceLater(test);
    },
  }),
  workload({
    name: "a payout that the provider doesn't know is sent again",
    reaches: /^withdrawals\/submit-withdrawal\.2/,
    setUp: personWithNaira,
    send: async (test, person) => {
      const reference = await test.withdraw(person, "NGN", UNAVAILABLE);
      const isRetried = async () =>
        (await test.sql`select 1 from operations where reference = ${reference} and attempt >= 2`).length > 0;
      await test.until(isRetried, 1_000);
      test.harness.shift(LATER_MS);
      await test.until(isRetried);
      // From now on the sandbox accepts it.
      await fetch(`${test.sandbox.url}/_scenario`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ reference: `${reference.toLowerCase()}-payout`, scenario: null }),
      });
      await test.untilState(reference, "paid");
    },
  }),
  workload({
    name: "a withdrawal by the pages: quote and confirmation",
    reaches: /^withdrawals\/(quote-withdrawal|request-withdrawal)/,
    setUp: async (test) => {
      const person = await personWithFrancs(test);
      await test.runOnce(["pin_required"], setPin, person, { pin: PIN });
      return person;
    },
    send: async (test, person) => {
      const typed = { amount: "5 000", phone: "70000001", method: "wave" };
      const { quoteId } = await test.run(quoteWithdrawal, person, typed, "BF");
      test.expect("withdrawal", person, 5_000);
      const { reference } = await test.run(requestWithdrawal, person, { quoteId, pin: PIN });
      await test.untilState(reference, "paid");
    },
  }),
  workload({
    name: "a payout that an operator resolves, confirmed by the provider",
    reaches: /^(back-office\/resolve-withdrawal|withdrawals\/retry-withdrawal)/,
    setUp: withdrawWithoutWebhook,
    send: async (test, { person, reference }) => {
      const order = { reference, verdict: "paid", ...OPERATOR } as const;
      const resolved = await test.run(resolveWithdrawal, SYSTEM, order);
      const state = resolved.outcome === "not_open" ? resolved.state : resolved.outcome;
      test.equal(["resolved", "paid"].includes(state), true, `a payout is resolved as paid (${state})`);
      const other = await test.withdraw(person, "NGN", WITHOUT_WEBHOOK);
      await test.untilState(other, "submitted");
      const [row] = await test.sql<{ id: string }[]>`select id from operations where reference = ${other}`;
      await test.run(retryWithdrawal, SYSTEM, BigInt(row?.id ?? 0));
    },
  }),
  workload({
    name: "stale withdrawals are requeued by the sweep",
    reaches: /^withdrawals\/(requeue|hasten)-withdrawals/,
    setUp: withdrawWithoutWebhook,
    send: sweepTwiceLater,
  }),
  workload({
    name: "payouts are stopped and resumed while a withdrawal waits",
    reaches: /^payout-switches\//,
    setUp: personWithFrancs,
    send: async (test, person) => {
      const order = { provider: test.random.chance(0.5) ? null : "getmipay", ...OPERATOR };
      await test.run(stopPayouts, SYSTEM, order);
      const reference = await test.withdraw(person, "XOF");
      await test.untilIdle();
      test.equal(await test.stateOf(reference), "created", "a withdrawal while payouts are stopped");
      await test.run(resumePayouts, SYSTEM, order);
      await sweepTwiceLater(test);
      await test.untilState(reference, "paid");
    },
  }),
  workload({
    name: "a wallet is frozen and unfrozen",
    reaches: /^back-office\/freeze-wallet/,
    setUp: personWithFrancs,
    send: async (test, person) => {
      const [row] = await test.sql<{ number: string }[]>`
        select number from wallets where user_id = ${person.userId.toString()}`;
      const order = { walletNumber: row?.number ?? "", ...OPERATOR };
      await test.run(setWalletFrozen, SYSTEM, order, true);
      await test.run(setWalletFrozen, SYSTEM, order, false);
      const [{ count } = { count: 0 }] = await test.sql<{ count: number }[]>`
        select count(*)::int as count from wallet_freezes f join wallets w on w.id = f.wallet_id
        where w.user_id = ${person.userId.toString()}`;
      test.equal(count, 2, "records of a freeze and its end");
    },
  }),
  workload({
    name: "a dead letter job is retried, and a failed one that was replaced while it ran and an old counter are removed",
    reaches:
      /^(outbox\/(retry-job|clear-replaced-jobs)|back-office\/log-dead-letters|rate-limits\/clear-rate-limits)/,
    setUp: createDeadJob,
    send: async (test, { reference, id }) => {
      await test.sql`select graphile_worker.add_job('check_deposit', '{"operationId":"0"}',
        run_at => now() + interval '1 day', max_attempts => 1, job_key => 'replaced')`;
      await test.sql`update graphile_worker._private_jobs set key = null, attempts = 1 where key = 'replaced'`;
      await test.sql`insert into rate_limits values ('ended', 1, now() - interval '2 hours')`;
      await test.harness.sweep();
      test.equal(
        await test.sql`select from rate_limits where key = 'ended'`,
        [],
        "counters that ended long ago",
      );
      const replaced =
        await test.sql`select from graphile_worker._private_jobs where key is null and attempts >= max_attempts`;
      test.equal(replaced.length, 0, "replaced jobs that are left");
      await test.runOnce(["not_found"], retryJob, SYSTEM, id);
      await test.untilState(reference, "paid");
    },
  }),
];
