import { setTimeout as wait } from "node:timers/promises";
import { ifRefused } from "../child-process";
import { type CrashTest, OPERATOR, SYSTEM, type Workload } from "../crash-test";
import { stateOf, untilIdle, untilState } from "../settle";
import { withdrawToBank, withdrawToPhone } from "./requests";

const PIN = "4907";

async function untilAttempt(test: CrashTest, reference: string, attempt: number): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const rows = await test.harness.deployment
      .owner`select 1 from operations where reference = ${reference} and attempt >= ${attempt}`;
    if (rows.length > 0) return;
    await test.harness.restartChild();
    // A submission that crashed counts as running for half a minute.
    if (look % 20 === 19) await test.harness.shift(90_000);
    await test.harness.hurry();
    await wait(25);
  }
}

/** Waits until the provider has the payout, and stops it from settling by itself. */
async function freezeAtProvider(test: CrashTest, reference: string): Promise<void> {
  const { book } = test.harness.deployment.sandbox;
  for (let look = 0; look < 2_000; look += 1) {
    const entry = test.entryOf("payout", reference);
    if (entry) {
      entry.scenario = "transfer_never_settles";
      return book.save(entry);
    }
    await test.harness.restartChild();
    if (look % 10 === 0) await test.harness.hurry();
    await wait(5);
  }
}

/** Settles a payout at the provider without a webhook. */
function completeWithoutWebhook(test: CrashTest, reference: string): void {
  const entry = test.entryOf("payout", reference);
  if (entry?.state !== "pending") return;
  Object.assign(entry, {
    state: "completed",
    timesPaid: 1,
    stepsDone: 1,
    paidAmount: entry.amount,
    paidCurrency: entry.currency,
  });
  test.harness.deployment.sandbox.book.save(entry);
}

/** Two sweeps, each as if more than a minute had passed. */
async function sweepTwiceLater(test: CrashTest): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await test.harness.shift(90_000);
    await test.harness.sweep();
    await untilIdle(test.harness);
  }
}

export const WITHDRAWALS: readonly Workload[] = [
  {
    name: "a withdrawal to a phone",
    reaches:
      /^(withdrawals\/(request-api-withdrawal|submit-withdrawal\.(1|3|createPayout))|api\/wallet\/withdraw|jobs\/submit_withdrawal|providers\/getmipay\/)/,
    async run(test) {
      const person = await test.createPerson({ XOF: 100_000n });
      test.expectChange(person, "XOF", 0n);
      await test.arm();
      const reference = await withdrawToPhone(test, person, test.random.chance(0.3) ? 2_001 : undefined);
      await untilState(test.harness, reference, "paid", "refunded");
    },
  },
  {
    name: "a withdrawal to a bank account: account name and payout are queried",
    reaches: /^(banks\/|provider-events\/process-webhook\.getPayout|providers\/paystack\/)/,
    async run(test) {
      const person = await test.createPerson({ NGN: 9_000_000n });
      await test.arm();
      const reference = await withdrawToBank(test, person);
      await untilState(test.harness, reference, "paid");
    },
  },
  {
    name: "a payout of unknown outcome, found at the provider pending and then paid",
    reaches: /^withdrawals\/query-payout/,
    async run(test) {
      const person = await test.createPerson({ NGN: 9_000_000n });
      await test.arm();
      // The sandbox accepts this amount and responds 500.
      const reference = await withdrawToBank(test, person, 2_006);
      await freezeAtProvider(test, reference);
      await untilState(test.harness, reference, "submitted", "paid");
      completeWithoutWebhook(test, reference);
      await sweepTwiceLater(test);
    },
  },
  {
    name: "a payout that the provider doesn't know is sent again",
    reaches: /^withdrawals\/submit-withdrawal\.2/,
    async run(test) {
      const person = await test.createPerson({ NGN: 9_000_000n });
      await test.arm();
      const reference = await withdrawToBank(test, person, 2_005);
      await untilAttempt(test, reference, 2);
      // From now on the sandbox accepts it.
      await fetch(`${test.harness.deployment.sandbox.url}/_scenario`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ reference: `${reference.toLowerCase()}-payout`, scenario: null }),
      });
      await untilState(test.harness, reference, "paid");
    },
  },
  {
    name: "a withdrawal by the pages: quote and confirmation",
    reaches: /^withdrawals\/(quote-withdrawal|request-withdrawal)/,
    async run(test) {
      const person = await test.createPerson({ XOF: 100_000n });
      await test.harness.verb("setPin", person.actor, { pin: PIN });
      await test.arm();
      const typed = { amount: "5 000", phone: "70000001", method: "wave" };
      const { quoteId } = await test.harness.verb("quoteWithdrawal", person.actor, typed, "BF");
      test.expectOperations(person);
      const placed = await test.harness.verb("requestWithdrawal", person.actor, { quoteId, pin: PIN });
      await untilState(test.harness, placed.reference, "paid");
    },
  },
  {
    name: "a payout that an operator resolves, confirmed by the provider",
    reaches: /^(back-office\/resolve-withdrawal|withdrawals\/retry-withdrawal)/,
    async run(test) {
      const person = await test.createPerson({ NGN: 9_000_000n });
      const reference = await withdrawToBank(test, person, 2_013);
      await untilState(test.harness, reference, "submitted");
      const paid = () => (test.entryOf("payout", reference)?.timesPaid ?? 0) > 0;
      for (let look = 0; look < 100 && !paid(); look += 1) await wait(25);
      await test.arm();
      const order = { reference, verdict: "paid", ...OPERATOR } as const;
      const resolved = await test.harness.verb("resolveWithdrawal", SYSTEM, order);
      const isOver =
        resolved.outcome === "resolved" || (resolved.outcome === "not_open" && resolved.state === "paid");
      test.check(isOver, `a paid payout is resolved as paid, not ${resolved.outcome}`);
      const other = await withdrawToBank(test, person, 2_013);
      await untilState(test.harness, other, "submitted");
      const [row] = await test.harness.deployment.owner<
        { id: string }[]
      >`select id from operations where reference = ${other}`;
      await test.harness.verb("retryWithdrawal", SYSTEM, BigInt(row?.id ?? 0));
    },
  },
  {
    name: "stale withdrawals are requeued by the sweep",
    reaches: /^withdrawals\/requeue-withdrawals/,
    async run(test) {
      const person = await test.createPerson({ NGN: 9_000_000n });
      const reference = await withdrawToBank(test, person, 2_013);
      await untilState(test.harness, reference, "submitted");
      await test.arm();
      await sweepTwiceLater(test);
    },
  },
  {
    name: "payouts are stopped and resumed while a withdrawal waits",
    reaches: /^payout-switches\//,
    async run(test) {
      const person = await test.createPerson({ XOF: 100_000n });
      await test.arm();
      const order = { provider: test.random.chance(0.5) ? null : "getmipay", ...OPERATOR };
      await test.harness.verb("stopPayouts", SYSTEM, order);
      const reference = await withdrawToPhone(test, person);
      await untilIdle(test.harness);
      const state = await stateOf(test.harness, reference);
      test.check(state === "created", `while payouts are stopped a withdrawal waits, it isn't ${state}`);
      await test.harness.verb("resumePayouts", SYSTEM, order);
      await sweepTwiceLater(test);
      await untilState(test.harness, reference, "paid");
    },
  },
  {
    name: "a dead letter job is retried",
    reaches: /^(outbox\/retry-job|back-office\/log-dead-letters)/,
    async run(test) {
      const person = await test.createPerson({ XOF: 100_000n });
      await test.harness.verb("stopPayouts", SYSTEM, { provider: null, ...OPERATOR });
      const reference = await withdrawToPhone(test, person);
      await untilIdle(test.harness);
      await test.harness.verb("resumePayouts", SYSTEM, { provider: null, ...OPERATOR });
      const { owner } = test.harness.deployment;
      const [job] = await owner<{ id: string }[]>`select id from graphile_worker.add_job('submit_withdrawal',
        json_build_object('operationId', (select id::text from operations where reference = ${reference})), run_at := now() + interval '1 day', job_key := 'retryAcrossCrashes')`;
      const id = job?.id ?? "0";
      await owner`update graphile_worker._private_jobs set attempts = max_attempts where id = ${id}`;
      await test.arm();
      await test.harness.sweep();
      await test.harness.verb("retryJob", SYSTEM, BigInt(id)).catch(ifRefused("not_found", null));
      await untilState(test.harness, reference, "paid");
    },
  },
];
