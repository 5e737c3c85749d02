import { setTimeout as wait } from "node:timers/promises";
import type { Play, Player, Scenario } from "../play";
import { untilIdle } from "../settle";
import { ifRefused } from "./refused";

const SYSTEM = { kind: "system" } as const;
const DECIDER = { operator: "Awa", note: "proof" };
const BANK = { bank_code: "058", account_number: "0123456789" };

/** In francs to a phone. */
async function byPhone(play: Play, player: Player, amount = play.random.int(3_000, 40_000)): Promise<string> {
  play.asks(player);
  const body = { amount, currency: "XOF", method: "wave", phone: "+22670000001" };
  return String((await play.ok(player, "/api/wallet/withdraw", body, play.key())).reference);
}

/** In kobo to a bank account. */
async function byBank(play: Play, player: Player, naira = play.random.int(3_000, 40_000)): Promise<string> {
  play.asks(player);
  const body = { amount: naira * 100, currency: "NGN", method: "bank", ...BANK };
  return String((await play.ok(player, "/api/wallet/withdraw", body, play.key())).reference);
}

async function stateOf(play: Play, reference: string): Promise<string> {
  const [row] = await play.stage.deployment.owner<
    { state: string }[]
  >`select state from operations where reference = ${reference}`;
  return row?.state ?? "missing";
}

/** Goes on when the withdrawal got there, and after some seconds in any case: the end is judged later. */
async function untilState(play: Play, reference: string, ...states: string[]): Promise<void> {
  for (let look = 0; look < 100 && !states.includes(await stateOf(play, reference)); look += 1) {
    await play.stage.hurry();
    await wait(25);
  }
}

async function untilAttempt(play: Play, reference: string, attempt: number): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const rows = await play.stage.deployment
      .owner`select 1 from operations where reference = ${reference} and attempt >= ${attempt}`;
    if (rows.length > 0) return;
    await play.stage.mend();
    // One that died while it was sent is taken for running for half a minute.
    if (look % 20 === 19) await play.stage.shift(90_000);
    await play.stage.hurry();
    await wait(25);
  }
}

/** From the moment in which the provider has it, it does nothing by itself. */
async function untilAccepted(play: Play, reference: string): Promise<void> {
  const { book } = play.stage.deployment.sandbox;
  for (let look = 0; look < 2_000; look += 1) {
    const entry = play.entryOf("payout", reference);
    if (entry) {
      entry.scenario = "transfer_never_settles";
      return book.save(entry);
    }
    await play.stage.mend();
    if (look % 10 === 0) await play.stage.hurry();
    await wait(5);
  }
}

/** The provider pays it and tells nobody. */
function completeUntold(play: Play, reference: string): void {
  const entry = play.entryOf("payout", reference);
  if (entry?.state !== "pending") return;
  Object.assign(entry, {
    state: "completed",
    timesPaid: 1,
    stepsDone: 1,
    paidAmount: entry.amount,
    paidCurrency: entry.currency,
  });
  play.stage.deployment.sandbox.book.save(entry);
}

/** As when a minute has passed, twice: what stands still is taken up again. */
async function minutesPass(play: Play): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await play.stage.shift(90_000);
    await play.stage.sweep();
    await untilIdle(play.stage);
  }
}

export const WITHDRAWALS: readonly Scenario[] = [
  {
    name: "a withdrawal to a phone",
    reaches:
      /^(withdrawals\/(request-api-withdrawal|submit-withdrawal\.(1|3|createPayout))|api\/wallet\/withdraw|jobs\/submit_withdrawal)/,
    async run(play) {
      const player = await play.person({ XOF: 100_000n });
      play.moves(player, "XOF", 0n);
      await play.begin();
      const reference = await byPhone(play, player, play.random.chance(0.3) ? 2_001 : undefined);
      await untilState(play, reference, "paid", "refunded");
    },
  },
  {
    name: "a withdrawal to a bank account: its name is asked for, its end too",
    reaches: /^(banks\/|provider-events\/process-webhook\.getPayout)/,
    async run(play) {
      const player = await play.person({ NGN: 9_000_000n });
      await play.begin();
      const reference = await byBank(play, player);
      await untilState(play, reference, "paid");
    },
  },
  {
    name: "a payout whose call nobody knows the outcome of, found at its provider under way and when it is done",
    reaches: /^withdrawals\/ask-about-payout/,
    async run(play) {
      const player = await play.person({ NGN: 9_000_000n });
      await play.begin();
      // Accepted with a 500: nobody knows, until the provider is asked.
      const reference = await byBank(play, player, 2_006);
      await untilAccepted(play, reference);
      await untilState(play, reference, "submitted", "paid");
      completeUntold(play, reference);
      await minutesPass(play);
    },
  },
  {
    name: "a payout that its provider doesn't know of is sent again",
    reaches: /^withdrawals\/submit-withdrawal\.2/,
    async run(play) {
      const player = await play.person({ NGN: 9_000_000n });
      await play.begin();
      const reference = await byBank(play, player, 2_005);
      await untilAttempt(play, reference, 2);
      // From now on it behaves.
      await fetch(`${play.stage.deployment.sandbox.url}/_scenario`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ reference: `${reference.toLowerCase()}-payout`, scenario: null }),
      });
      await untilState(play, reference, "paid");
    },
  },
  {
    name: "a withdrawal as the pages ask for it: a quote, and its confirmation",
    reaches: /^withdrawals\/(quote-withdrawal|request-withdrawal)/,
    async run(play) {
      const player = await play.person({ XOF: 100_000n });
      await play.begin();
      const typed = { amount: "5 000", phone: "70000001", method: "wave" };
      const { quoteId } = await play.stage.verb("quoteWithdrawal", player.actor, typed, "BF");
      play.asks(player);
      const placed = await play.stage.verb("requestWithdrawal", player.actor, { quoteId });
      await untilState(play, placed.reference, "paid");
    },
  },
  {
    name: "a payout that an operator decides: its provider bears it out",
    reaches: /^withdrawals\/(decide-withdrawal|ask-again)/,
    async run(play) {
      const player = await play.person({ NGN: 9_000_000n });
      const reference = await byBank(play, player, 2_013);
      await untilState(play, reference, "submitted");
      const paid = () => (play.entryOf("payout", reference)?.timesPaid ?? 0) > 0;
      for (let look = 0; look < 100 && !paid(); look += 1) await wait(25);
      await play.begin();
      const order = { reference, verdict: "paid", ...DECIDER } as const;
      const decided = await play.stage.verb("decideWithdrawal", SYSTEM, order);
      const isOver =
        decided.outcome === "decided" || (decided.outcome === "not_open" && decided.state === "paid");
      play.check(isOver, `a paid payout is decided to be, not ${decided.outcome}`);
      const other = await byBank(play, player, 2_013);
      await untilState(play, other, "submitted");
      const [row] = await play.stage.deployment.owner<
        { id: string }[]
      >`select id from operations where reference = ${other}`;
      await play.stage.verb("askAgain", SYSTEM, BigInt(row?.id ?? 0));
    },
  },
  {
    name: "withdrawals that stand still are taken up by the sweep",
    reaches: /^withdrawals\/requeue-withdrawals/,
    async run(play) {
      const player = await play.person({ NGN: 9_000_000n });
      const reference = await byBank(play, player, 2_013);
      await untilState(play, reference, "submitted");
      await play.begin();
      await minutesPass(play);
    },
  },
  {
    name: "payouts are stopped and resumed while a withdrawal waits",
    reaches: /^back-office\/payout-switch\//,
    async run(play) {
      const player = await play.person({ XOF: 100_000n });
      await play.begin();
      const order = { provider: play.random.chance(0.5) ? null : "getmipay", operator: "Awa", note: "proof" };
      await play.stage.verb("stopPayouts", SYSTEM, order);
      const reference = await byPhone(play, player);
      await untilIdle(play.stage);
      const state = await stateOf(play, reference);
      play.check(state === "created", `while payouts are stopped a withdrawal waits, it isn't ${state}`);
      await play.stage.verb("resumePayouts", SYSTEM, order);
      await minutesPass(play);
      await untilState(play, reference, "paid");
    },
  },
  {
    name: "a job that used up its tries is given them anew",
    reaches: /^(outbox\/retry-job|back-office\/dead-letters\/)/,
    async run(play) {
      const player = await play.person({ XOF: 100_000n });
      await play.stage.verb("stopPayouts", SYSTEM, { provider: null, operator: "Awa", note: "proof" });
      const reference = await byPhone(play, player);
      await untilIdle(play.stage);
      await play.stage.verb("resumePayouts", SYSTEM, { provider: null, operator: "Awa", note: "proof" });
      const { owner } = play.stage.deployment;
      const [job] = await owner<{ id: string }[]>`select id from graphile_worker.add_job('submit_withdrawal',
        json_build_object('operationId', (select id::text from operations where reference = ${reference})), run_at := now() + interval '1 day', job_key := 'retried')`;
      const id = job?.id ?? "0";
      await owner`update graphile_worker._private_jobs set attempts = max_attempts where id = ${id}`;
      await play.begin();
      await play.stage.sweep();
      await play.stage.verb("retryJob", SYSTEM, BigInt(id)).catch(ifRefused("not_found", null));
      await untilState(play, reference, "paid");
    },
  },
];
