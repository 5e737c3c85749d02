// Payments at providers: webhooks, status queries, workers and operators end each once, whoever comes first.
import { newKey, newReference } from "@/lib/ids";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { type Resolution, resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { checkDeposit, processDeposit } from "@/lib/services/deposits/check-deposit";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import { CALLERS } from "./databases";
import { done, type Figures, type Race, type Resource } from "./race";
import { PROVIDERS, type RaceSetup } from "./setup";

const OPERATION_LOCK = "the operation's row lock";
const OPERATION = `${OPERATION_LOCK}, (source, step)`;
const OPENING = 100_000n;
const ADA = { operator: "ada", note: "asked the provider" };

type Ways = readonly ((caller: number) => Promise<unknown>)[];
const takeTurn = async (ways: Ways, caller: number) => await ways[caller % ways.length]?.(caller);

/** A pending deposit, and what must be exact when it was credited once. */
async function pendingDeposit(setup: RaceSetup, provider: string) {
  const user = await setup.saver();
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
    figures: async () => {
      const rows = setup.count`select count(*)::int from webhook_events where reference = ${reference}`;
      const deliveries = setup.count`
        select sum(deliveries)::int as count from webhook_events where reference = ${reference}`;
      return {
        ...(await credited()),
        "rows of one event": [1, rows],
        "deliveries counted": [CALLERS, deliveries],
      };
    },
  };
};

/** Several webhooks about one payment, the job that queries the provider, and an operator who does. */
const webhooksAndQueries: Race = async (setup) => {
  const { reference, francs, report, credited } = await pendingDeposit(setup, "queryable");
  const { id } = await setup.operationOf(reference);
  setup.answer(reference, francs, "succeeded", `in-${reference}`);
  const ways: Ways = [
    (caller) => setup.deliver({ ...report, eventKey: `paid:${reference}:${caller % 4}` }, caller),
    () => checkDeposit(setup.system, id),
    () => processDeposit(setup.system, reference),
  ];
  return { call: (caller) => takeTurn(ways, caller), figures: credited };
};

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
      const user = await setup.saver();
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
      const recorded = setup.count`
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
  /** Settled and refunded `times` together, with the balances and the state to match. */
  const ended = async (times: number, state: (refunds: number) => string): Promise<Figures> => {
    const { settle = 0, refund = 0, freeze = 0 } = await setup.stepsOf(reference);
    const [available, held] = await setup.francsOf(user);
    const isGone = refund === 0 || freeze > 0;
    return {
      "settlements and refunds of one payout": [times, settle + refund],
      "francs held": [freeze > 0 ? francs : 0n, held],
      "francs available": [isGone ? OPENING - francs : OPENING, available],
      state: [state(refund), (await setup.operationOf(reference)).state],
    };
  };
  return { francs, id, reference, submit, resolve, deliver, ended };
}

/** Thirty workers with the same job: the provider must be called once. */
const submissions: Race = async (setup) => {
  const provider = setup.random.pick(["webhook_only", "queryable"]);
  const { reference, submit } = await heldPayout(setup, provider);
  PROVIDERS.payoutMs = setup.random.int(1, 10);
  setup.answer(reference, 0n, "pending");
  return {
    call: submit,
    figures: async () => {
      const calls = PROVIDERS.payoutCalls.filter((call) => call.reference === reference);
      const { state } = await setup.operationOf(reference);
      return { "calls of the provider for one payout": [1, calls.length], state: ["submitted", state] };
    },
  };
};

/** Webhooks, the job that queries the provider and an operator all report a payout as failed or reversed: one refund. */
const refunds: Race = async (setup) => {
  const { francs, reference, submit, resolve, deliver, ended } = await heldPayout(setup, "queryable");
  await submit();
  const wasPaid = setup.random.chance(0.4);
  const status = wasPaid ? "reversed" : "failed";
  if (wasPaid) {
    setup.answer(reference, francs, "succeeded");
    await submit();
  }
  setup.answer(reference, francs, status);
  const ways: Ways = [(caller) => deliver(status, caller % 5), submit, () => resolve("refunded")];
  return {
    call: (caller) => takeTurn(ways, caller),
    figures: () => ended(wasPaid ? 2 : 1, () => "refunded"),
  };
};

/** Thirty operators resolve one payout as paid or refunded: one resolution counts. */
const resolutions: Race = async (setup) => {
  const { id, submit, resolve, ended } = await heldPayout(setup, "webhook_only");
  await submit();
  return {
    call: (caller) => resolve(setup.random.pick(["paid", "refunded"]), `operator ${caller}`),
    figures: async (results) => {
      const resolved = done(results).filter(({ value }) => (value as Resolution).outcome === "resolved");
      const rows = setup.count`select count(*)::int from decisions where operation_id = ${id.toString()}`;
      return {
        "resolutions of one payout": [1, resolved.length],
        "resolutions recorded": [1, rows],
        ...(await ended(1, (refunded) => (refunded > 0 ? "refunded" : "paid"))),
      };
    },
  };
};

/** Operators refund a payout while webhooks report it as paid: one outcome, and the contradiction freezes the money. */
const resolutionsAndWebhooks: Race = async (setup) => {
  const { reference, submit, resolve, deliver, ended } = await heldPayout(setup, "webhook_only");
  await submit();
  const operators = setup.random.int(5, 25);
  return {
    call: (caller) => (caller < operators ? resolve("refunded") : deliver("succeeded", caller % 5)),
    figures: async () => {
      const { refund = 0, freeze = 0 } = await setup.stepsOf(reference);
      const outcome = await ended(1, (refunded) => (refunded > 0 ? "conflict" : "paid"));
      return { ...outcome, "contradictions flagged": [refund, freeze] };
    },
  };
};

/** After stopping payouts has returned, no payout is submitted. */
const stops: Race = async (setup) => {
  const { random, system } = setup;
  const user = await setup.saver(OPENING);
  const stopping = random.int(5, 15);
  const payouts = await Promise.all(
    Array.from({ length: CALLERS - stopping }, () => setup.withdrawal(user, "webhook_only", 100n)),
  );
  PROVIDERS.payoutMs = random.int(1, 8);
  PROVIDERS.payoutCalls.length = 0;
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
      const calls = PROVIDERS.payoutCalls;
      await resumePayouts(system, order);
      return {
        "payouts submitted after the stop": [0, calls.filter(({ beganAt }) => beganAt > stoppedAt).length],
        "payouts submitted twice": [0, calls.length - new Set(calls.map(({ reference }) => reference)).size],
      };
    },
  };
};

export const PAYMENT_RACES: readonly Resource[] = [
  { name: "deliveries of one webhook", lock: `one (provider, event), ${OPERATION}`, race: webhooks },
  { name: "webhooks and status queries", lock: OPERATION, race: webhooksAndQueries },
  { name: "assignments of one suspense entry", lock: "one reverses_entry_id", race: assignments },
  { name: "submissions of one payout", lock: OPERATION_LOCK, race: submissions },
  { name: "refunds of one payout", lock: OPERATION, race: refunds },
  { name: "resolutions of one payout", lock: OPERATION, race: resolutions },
  { name: "resolutions and webhooks", lock: OPERATION, race: resolutionsAndWebhooks },
  { name: "payout stop and submissions", lock: "the switch's advisory lock", race: stops },
];
