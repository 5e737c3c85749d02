import { providerState } from "@/e2e/support/fake-provider";
import type { TestUser } from "@/e2e/support/people";
import { createSaver } from "@/e2e/support/vaults";
import { money } from "@/lib/money/money";
import { type Resolution, resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import type { OperationRow } from "@/lib/services/operations/operation";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import type { Random } from "../random";
import { deliverWebhook, eventsOf, francsOf, holdWithdrawal, stateOf, stepsOf } from "./operations";
import type { RaceDatabase } from "./race-database";
import { CALLERS, system } from "./race-database";
import { atMost, callers, done, exactly, type Finding, holds, type Race } from "./round";

const OPENING = 100_000n;

interface Payout {
  user: TestUser;
  francs: bigint;
  operation: OperationRow;
}

async function payout(database: RaceDatabase, random: Random, provider: string): Promise<Payout> {
  const user = await createSaver(database.db, OPENING);
  const francs = BigInt(random.int(100, 50_000));
  return { user, francs, operation: await holdWithdrawal(database, user, { francs, provider }) };
}

/** A payout that its provider has accepted. */
async function acceptedPayout(database: RaceDatabase, random: Random, provider: string): Promise<Payout> {
  const created = await payout(database, random, provider);
  await submitWithdrawal(system(database), created.operation.id);
  return created;
}

/** Delivers and processes webhooks that report the payout as `status`; `event` tells events apart. */
function deliveryOf(
  database: RaceDatabase,
  { francs, operation }: Payout,
  status: "succeeded" | "failed" | "reversed",
) {
  const { reference, provider } = operation;
  return async (event: number) => {
    const eventKey = `${status}:${reference}:${event}`;
    await deliverWebhook(database, {
      kind: "payout",
      provider: provider ?? "",
      reference,
      francs,
      status,
      eventKey,
    });
    const events = await eventsOf(database, reference);
    const stored = events[event % Math.max(1, events.length)];
    if (stored) await processWebhook(system(database), stored.id);
  };
}

/** Thirty workers with the same job: the provider must be called once. */
export const submissionsOfOnePayout: Race = async (database, random) => {
  const { operation } = await payout(database, random, random.pick(["webhook_only", "queryable"]));
  const { reference, id } = operation;
  database.providers.payoutMs = random.int(1, 10);
  database.providers.answers.set(
    reference,
    providerState(money(0n, "XOF"), { status: "pending", amount: null }),
  );
  return {
    calls: callers(() => () => submitWithdrawal(system(database), id)),
    refusals: [],
    check: async () => {
      const calls = database.providers.payoutCalls.filter((call) => call.reference === reference);
      return [
        ...exactly("calls of the provider for one payout", 1, calls.length),
        ...holds((await stateOf(database, reference)) === "submitted", "the payout is submitted"),
      ];
    },
  };
};

/** Webhooks, the job that queries the provider and an operator all report a payout as failed or reversed: one refund. */
export const refundsOfOnePayout: Race = async (database, random) => {
  const created = await acceptedPayout(database, random, "queryable");
  const { reference, id } = created.operation;
  const wasPaid = random.chance(0.4);
  const status = wasPaid ? "reversed" : "failed";
  const answer = (reported: "succeeded" | "failed" | "reversed") =>
    database.providers.answers.set(
      reference,
      providerState(money(created.francs, "XOF"), { status: reported }),
    );
  if (wasPaid) {
    answer("succeeded");
    await submitWithdrawal(system(database), id);
  }
  answer(status);
  const order = { reference, verdict: "refunded", operator: "ada", note: "asked the provider" } as const;
  const deliver = deliveryOf(database, created, status);
  const kinds = [
    (caller: number) => () => deliver(caller % 5),
    () => () => submitWithdrawal(system(database), id),
    () => () => resolveWithdrawal(system(database), order),
  ];
  return {
    calls: random.shuffle(
      callers((caller) => (kinds[caller % kinds.length] ?? (() => async () => {}))(caller)),
    ),
    refusals: [],
    check: async () => {
      const { refund = 0, settle = 0 } = await stepsOf(database, reference);
      const [available, held] = await francsOf(database, created.user);
      return [
        ...exactly("refunds of one payout", 1, refund),
        ...exactly("settlements before the reversal", wasPaid ? 1 : 0, settle),
        ...exactly("francs available again", OPENING, available),
        ...exactly("francs held", 0, held),
        ...holds((await stateOf(database, reference)) === "refunded", "the payout is refunded"),
      ];
    },
  };
};

/** Thirty operators resolve one payout as paid or refunded: one resolution counts. */
export const resolutionsOfOnePayout: Race = async (database, random) => {
  const created = await acceptedPayout(database, random, "webhook_only");
  const { reference } = created.operation;
  const verdicts = Array.from({ length: CALLERS }, () => random.pick(["paid", "refunded"] as const));
  return {
    calls: verdicts.map((verdict, caller) => () => {
      const order = { reference, verdict, operator: `operator ${caller}`, note: "asked the provider" };
      return resolveWithdrawal(system(database), order);
    }),
    refusals: [],
    check: async (results) => {
      const resolved = done(results).filter(
        ({ value }) => (value as Resolution).outcome === "resolved",
      ).length;
      const [row] = await database.owner<{ count: number }[]>`
        select count(*)::int from decisions where operation_id = ${created.operation.id.toString()}`;
      return [
        ...exactly("resolutions of one payout", 1, resolved),
        ...exactly("resolutions recorded", 1, row?.count),
        ...(await endedOnce(database, created)),
      ];
    },
  };
};

/** Either settled or refunded, once, with balances to match. */
async function endedOnce(database: RaceDatabase, { operation, user, francs }: Payout): Promise<Finding[]> {
  const { settle = 0, refund = 0, freeze = 0 } = await stepsOf(database, operation.reference);
  const [available, held] = await francsOf(database, user);
  const isPaid = settle > 0;
  return [
    ...exactly("settlements and refunds of one payout", 1, settle + refund),
    ...exactly("francs held", freeze > 0 ? francs : 0n, held),
    ...exactly("francs available", isPaid || freeze > 0 ? OPENING - francs : OPENING, available),
  ];
}

/** Operators refund a payout while webhooks report it as paid: one outcome, and the contradiction freezes the money. */
export const resolutionsAndWebhooks: Race = async (database, random) => {
  const created = await acceptedPayout(database, random, "webhook_only");
  const { reference } = created.operation;
  const deliver = deliveryOf(database, created, "succeeded");
  const order = { reference, verdict: "refunded", operator: "ada", note: "asked the provider" } as const;
  const resolutions = random.int(5, 25);
  return {
    calls: random.shuffle(
      callers(
        (caller) => () =>
          caller < resolutions ? resolveWithdrawal(system(database), order) : deliver(caller % 5),
      ),
    ),
    refusals: [],
    check: async () => {
      const { refund = 0, freeze = 0 } = await stepsOf(database, reference);
      const state = await stateOf(database, reference);
      const expected = refund > 0 ? "conflict" : "paid";
      return [
        ...(await endedOnce(database, created)),
        ...exactly("contradictions flagged", refund, freeze),
        ...holds(state === expected, `the payout is ${expected}, seen ${state}`),
      ];
    },
  };
};

/** After stopping payouts has returned, no payout is submitted. */
export const payoutStopAndSubmissions: Race = async (database, random) => {
  const user = await createSaver(database.db, OPENING);
  const stops = random.int(5, 15);
  const created = await Promise.all(
    Array.from({ length: CALLERS - stops }, () =>
      holdWithdrawal(database, user, { francs: 100n, provider: "webhook_only" }),
    ),
  );
  database.providers.payoutMs = random.int(1, 8);
  database.providers.payoutCalls.length = 0;
  const order = { provider: random.pick(["webhook_only", null]), operator: "ada", note: "a race" };
  let stoppedAt = Number.POSITIVE_INFINITY;
  const stop = async () => {
    await stopPayouts(system(database), order);
    stoppedAt = Math.min(stoppedAt, performance.now());
  };
  const stopping = Array.from({ length: stops }, () => stop);
  // Half of the rounds start with the stops, so that some submissions come after them.
  const isFirst = random.chance(0.5);
  const submissions = created.map(
    ({ id }) =>
      () =>
        submitWithdrawal(system(database), id),
  );
  return {
    calls: isFirst ? [...stopping, ...submissions] : random.shuffle([...stopping, ...submissions]),
    refusals: [],
    check: async () => {
      const late = database.providers.payoutCalls.filter(({ beganAt }) => beganAt > stoppedAt);
      const twice =
        database.providers.payoutCalls.length -
        new Set(database.providers.payoutCalls.map((call) => call.reference)).size;
      await resumePayouts(system(database), order);
      return [
        ...exactly("payouts submitted after the stop", 0, late.length),
        ...atMost("payouts submitted twice", 0, twice),
      ];
    },
  };
};
