// Payments at providers: webhooks, status queries, workers and operators end each once, whoever comes first.
import { newKey, newReference } from "@/lib/ids";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { type Resolution, resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { checkDeposit, processDeposit } from "@/lib/services/deposits/check-deposit";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import { done, type Figures, type Race, type Resource } from "./race";
import { CALLERS } from "./race-database";
import type { RaceSetup } from "./race-setup";

const OPERATION_LOCK = "the operation's row lock";
const OPERATION = `${OPERATION_LOCK}, (source, step)`;
const OPENING = 100_000n;
const ADA = { operator: "ada", note: "asked the provider" };

/** A pending deposit, and what must be exact when it was credited once. */
async function pendingDeposit(setup: RaceSetup, provider: string) {
  const user = await setup.saver(0n);
  const francs = setup.francs(100, 100_000);
  const reference = await setup.deposit(user, provider, francs);
  const credited = async (): Promise<Figures> => ({
    "credits of one deposit": [1, (await setup.stepsOf(reference)).credit ?? 0],
    "francs credited": [francs, (await setup.francsOf(user))[0]],
    state: ["succeeded", (await setup.operationOf(reference)).state],
  });
  const report = { kind: "collection", provider, reference, francs, status: "succeeded" } as const;
  return { reference, francs, report, credited };
}

const webhooks: Race = async (setup) => {
  const { reference, report, credited } = await pendingDeposit(setup, "webhook_only");
  return {
    call: (caller) => setup.deliver({ ...report, eventKey: `paid:${reference}` }, caller),
    figures: async () => ({
      ...(await credited()),
      "rows of one event": [
        1,
        await setup.count`select count(*)::int from webhook_events where reference = ${reference}`,
      ],
      "deliveries counted": [
        CALLERS,
        await setup.count`select sum(deliveries)::int as count from webhook_events where reference = ${reference}`,
      ],
    }),
  };
};

/** Several webhooks about one payment, the job that queries the provider, and an operator who does. */
const webhooksAndQueries: Race = async (setup) => {
  const { reference, francs, report, credited } = await pendingDeposit(setup, "queryable");
  const { id } = await setup.operationOf(reference);
  setup.answer(reference, francs, "succeeded", `in-${reference}`);
  const ways: ((caller: number) => Promise<unknown>)[] = [
    (caller) => setup.deliver({ ...report, eventKey: `paid:${reference}:${caller % 4}` }, caller),
    () => checkDeposit(setup.system, id),
    () => processDeposit(setup.system, reference),
  ];
  return { call: (caller) => takeTurn(ways, caller), figures: credited };
};

async function takeTurn(
  ways: readonly ((caller: number) => Promise<unknown>)[],
  caller: number,
): Promise<unknown> {
  return await ways[caller % ways.length]?.(caller);
}

/** Operators assign one entry in suspense to deposits of several users: only one may get it, once. */
const assignments: Race = async (setup) => {
  const { random } = setup;
  const francs = setup.francs(100, 10_000);
  const report = { kind: "collection", provider: "webhook_only", reference: newReference(), francs } as const;
  const eventKey = `unknown:${newKey()}`;
  await setup.deliver({ ...report, status: "succeeded", eventKey });
  const [row] = await setup.owner<{ id: string }[]>`
    select id from ledger_entries where source = ${`webhook_only:${eventKey}`} and step = 'suspense'`;
  const entryId = BigInt(row?.id ?? 0);
  const candidates = await Promise.all(
    Array.from({ length: random.int(1, 5) }, async () => {
      const user = await setup.saver(0n);
      // About half of the deposits are of exactly this amount.
      const requested = random.chance(0.5) ? francs : francs + 1n;
      return { user, reference: await setup.deposit(user, "webhook_only", requested) };
    }),
  );
  return {
    call: (caller) => {
      const reference = candidates[caller % candidates.length]?.reference ?? "";
      return assignSuspense(setup.system, { ...ADA, entryId, reference });
    },
    refusals: ["not_found"],
    winners: 1,
    figures: async () => {
      const balances = await Promise.all(candidates.map(({ user }) => setup.francsOf(user)));
      const recorded = await setup.count`
        select count(*)::int from ledger_entries where reverses_entry_id = ${entryId.toString()}`;
      return {
        "assignments recorded": [1, recorded],
        "francs credited": [francs, balances.reduce((sum, [available]) => sum + available, 0n)],
      };
    },
  };
};

/** A held withdrawal, how its provider's webhooks are delivered, and what must be exact when it has ended. */
async function heldPayout(setup: RaceSetup, provider: string) {
  const user = await setup.saver(OPENING);
  const francs = setup.francs(100, 50_000);
  const { id, reference } = await setup.withdrawal(user, provider, francs);
  const submit = () => submitWithdrawal(setup.system, id);
  const resolve = (verdict: "paid" | "refunded", operator = "ada") =>
    resolveWithdrawal(setup.system, { ...ADA, reference, verdict, operator });
  /** `event` tells events apart. */
  const deliver = (status: "succeeded" | "failed" | "reversed", event: number) => {
    const eventKey = `${status}:${reference}:${event}`;
    return setup.deliver({ kind: "payout", provider, reference, francs, status, eventKey }, event);
  };
  /** Either settled or refunded, once, with balances to match. */
  const endedOnce = async (): Promise<Figures> => {
    const { settle = 0, refund = 0, freeze = 0 } = await setup.stepsOf(reference);
    const [available, held] = await setup.francsOf(user);
    const isGone = settle > 0 || freeze > 0;
    return {
      "settlements and refunds of one payout": [1, settle + refund],
      "francs held": [freeze > 0 ? francs : 0n, held],
      "francs available": [isGone ? OPENING - francs : OPENING, available],
    };
  };
  const stateOf = async () => (await setup.operationOf(reference)).state;
  return { user, francs, id, reference, submit, resolve, deliver, endedOnce, stateOf };
}

/** Thirty workers with the same job: the provider must be called once. */
const submissions: Race = async (setup) => {
  const { providers } = setup.database;
  const { reference, submit, stateOf } = await heldPayout(
    setup,
    setup.random.pick(["webhook_only", "queryable"]),
  );
  providers.payoutMs = setup.random.int(1, 10);
  setup.answer(reference, 0n, "pending");
  return {
    call: submit,
    figures: async () => ({
      "calls of the provider for one payout": [
        1,
        providers.payoutCalls.filter((call) => call.reference === reference).length,
      ],
      state: ["submitted", await stateOf()],
    }),
  };
};

/** Webhooks, the job that queries the provider and an operator all report a payout as failed or reversed: one refund. */
const refunds: Race = async (setup) => {
  const { user, francs, reference, submit, resolve, deliver, stateOf } = await heldPayout(setup, "queryable");
  await submit();
  const wasPaid = setup.random.chance(0.4);
  const status = wasPaid ? "reversed" : "failed";
  if (wasPaid) {
    setup.answer(reference, francs, "succeeded");
    await submit();
  }
  setup.answer(reference, francs, status);
  const ways = [(caller: number) => deliver(status, caller % 5), submit, () => resolve("refunded")];
  return {
    call: (caller) => takeTurn(ways, caller),
    figures: async () => {
      const { refund = 0, settle = 0 } = await setup.stepsOf(reference);
      const [available, held] = await setup.francsOf(user);
      return {
        "refunds of one payout": [1, refund],
        "settlements before the reversal": [wasPaid ? 1 : 0, settle],
        "francs available again": [OPENING, available],
        "francs held": [0, held],
        state: ["refunded", await stateOf()],
      };
    },
  };
};

/** Thirty operators resolve one payout as paid or refunded: one resolution counts. */
const resolutions: Race = async (setup) => {
  const { id, submit, resolve, endedOnce } = await heldPayout(setup, "webhook_only");
  await submit();
  return {
    call: (caller) => resolve(setup.random.pick(["paid", "refunded"]), `operator ${caller}`),
    figures: async (results) => ({
      "resolutions of one payout": [
        1,
        done(results).filter(({ value }) => (value as Resolution).outcome === "resolved").length,
      ],
      "resolutions recorded": [
        1,
        await setup.count`select count(*)::int from decisions where operation_id = ${id.toString()}`,
      ],
      ...(await endedOnce()),
    }),
  };
};

/** Operators refund a payout while webhooks report it as paid: one outcome, and the contradiction freezes the money. */
const resolutionsAndWebhooks: Race = async (setup) => {
  const { reference, submit, resolve, deliver, endedOnce, stateOf } = await heldPayout(setup, "webhook_only");
  await submit();
  const operators = setup.random.int(5, 25);
  return {
    call: (caller) => (caller < operators ? resolve("refunded") : deliver("succeeded", caller % 5)),
    figures: async () => {
      const { refund = 0, freeze = 0 } = await setup.stepsOf(reference);
      const state = [refund > 0 ? "conflict" : "paid", await stateOf()] as const;
      return { ...(await endedOnce()), "contradictions flagged": [refund, freeze], state };
    },
  };
};

/** After stopping payouts has returned, no payout is submitted. */
const stops: Race = async (setup) => {
  const { random, system } = setup;
  const { providers } = setup.database;
  const user = await setup.saver(OPENING);
  const stopping = random.int(5, 15);
  const payouts = await Promise.all(
    Array.from({ length: CALLERS - stopping }, () => setup.withdrawal(user, "webhook_only", 100n)),
  );
  providers.payoutMs = random.int(1, 8);
  providers.payoutCalls.length = 0;
  const order = { ...ADA, provider: random.pick(["webhook_only", null]) };
  let stoppedAt = Number.POSITIVE_INFINITY;
  return {
    // Half of the rounds start with the stops, so that some submissions come after them.
    isOrdered: random.chance(0.5),
    call: async (caller) => {
      const payout = payouts[caller - stopping];
      if (payout) return await submitWithdrawal(system, payout.id);
      await stopPayouts(system, order);
      stoppedAt = Math.min(stoppedAt, performance.now());
    },
    figures: async () => {
      const calls = providers.payoutCalls;
      await resumePayouts(system, order);
      return {
        "payouts submitted after the stop": [0, calls.filter(({ beganAt }) => beganAt > stoppedAt).length],
        "payouts submitted twice": [0, calls.length - new Set(calls.map(({ reference }) => reference)).size],
      };
    },
  };
};

export const PAYMENT_RACES: readonly Resource[] = [
  {
    name: "deliveries of one webhook",
    lock: `one (provider, event), the event's row lock, ${OPERATION}`,
    race: webhooks,
  },
  { name: "webhooks and status queries", lock: OPERATION, race: webhooksAndQueries },
  {
    name: "assignments of one suspense entry",
    lock: "one reverses_entry_id, the deposit's row lock",
    race: assignments,
  },
  { name: "submissions of one payout", lock: OPERATION_LOCK, race: submissions },
  { name: "refunds of one payout", lock: OPERATION, race: refunds },
  { name: "resolutions of one payout", lock: OPERATION, race: resolutions },
  { name: "resolutions and webhooks", lock: OPERATION, race: resolutionsAndWebhooks },
  { name: "payout stop and submissions", lock: "the switch's advisory lock", race: stops },
];
