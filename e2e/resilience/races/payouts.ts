import { providerState } from "@/e2e/support/fake-provider";
import type { TestUser } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { type Resolution, resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import type { OperationRow } from "@/lib/services/operations/operation";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import type { Random } from "../random";
import { eventsOf, francsOf, holdWithdrawal, stateOf, stepsOf, system, tell } from "./books";
import { createSaver, type RaceDatabase } from "./race-database";
import { atMost, CALLERS, callers, done, exactly, type Finding, holds, type Race } from "./round";

const OPENING = 100_000n;

interface Payout {
  user: TestUser;
  francs: bigint;
  operation: OperationRow;
}

async function payout(deployment: RaceDatabase, random: Random, provider: string): Promise<Payout> {
  const user = await createSaver(deployment.db, OPENING);
  const francs = BigInt(random.int(100, 50_000));
  return { user, francs, operation: await holdWithdrawal(deployment, user, { francs, provider }) };
}

/** One that its provider has accepted. */
async function acceptedPayout(deployment: RaceDatabase, random: Random, provider: string): Promise<Payout> {
  const made = await payout(deployment, random, provider);
  await submitWithdrawal(system(deployment), made.operation.id);
  return made;
}

function tellOf(
  deployment: RaceDatabase,
  { francs, operation }: Payout,
  status: "succeeded" | "failed" | "reversed",
) {
  const { reference, provider } = operation;
  return async (event: number) => {
    const eventKey = `${status}:${reference}:${event}`;
    await tell(deployment, { kind: "payout", provider: provider ?? "", reference, francs, status, eventKey });
    const events = await eventsOf(deployment, reference);
    const stored = events[event % Math.max(1, events.length)];
    if (stored) await processWebhook(system(deployment), stored.id);
  };
}

/** Thirty workers with the same job: the provider is called once. */
export const oneSubmission: Race = async (deployment, random) => {
  const { operation } = await payout(deployment, random, random.pick(["told", "asked"]));
  const { reference, id } = operation;
  deployment.providers.payoutMs = random.int(1, 10);
  deployment.providers.answers.set(
    reference,
    providerState(money(0n, "XOF"), { status: "pending", amount: null }),
  );
  return {
    calls: callers(() => () => submitWithdrawal(system(deployment), id)),
    refusals: [],
    judge: async () => {
      const calls = deployment.providers.payoutCalls.filter((call) => call.reference === reference);
      return [
        ...exactly("calls of the provider for one payout", 1, calls.length),
        ...holds((await stateOf(deployment, reference)) === "submitted", "the payout was handed over"),
      ];
    },
  };
};

/** Webhooks, the job that asks and an operator all say that it wasn't paid, or that it was taken back: one refund. */
export const oneRefund: Race = async (deployment, random) => {
  const made = await acceptedPayout(deployment, random, "asked");
  const { reference, id } = made.operation;
  const wasPaid = random.chance(0.4);
  const status = wasPaid ? "reversed" : "failed";
  const answer = (said: "succeeded" | "failed" | "reversed") =>
    deployment.providers.answers.set(reference, providerState(money(made.francs, "XOF"), { status: said }));
  if (wasPaid) {
    answer("succeeded");
    await submitWithdrawal(system(deployment), id);
  }
  answer(status);
  const order = { reference, verdict: "refunded", operator: "ada", note: "asked them" } as const;
  const say = tellOf(deployment, made, status);
  const kinds = [
    (caller: number) => () => say(caller % 5),
    () => () => submitWithdrawal(system(deployment), id),
    () => () => resolveWithdrawal(system(deployment), order),
  ];
  return {
    calls: random.shuffle(
      callers((caller) => (kinds[caller % kinds.length] ?? (() => async () => {}))(caller)),
    ),
    refusals: [],
    judge: async () => {
      const { refund = 0, settle = 0 } = await stepsOf(deployment, reference);
      const [available, held] = await francsOf(deployment, made.user);
      return [
        ...exactly("refunds of one payout", 1, refund),
        ...exactly("settlements before it was taken back", wasPaid ? 1 : 0, settle),
        ...exactly("francs available again", OPENING, available),
        ...exactly("francs held", 0, held),
        ...holds((await stateOf(deployment, reference)) === "refunded", "the payout is refunded"),
      ];
    },
  };
};

/** Thirty operators, of two minds: one decision, which is carried out once. */
export const oneDecision: Race = async (deployment, random) => {
  const made = await acceptedPayout(deployment, random, "told");
  const { reference } = made.operation;
  const verdicts = Array.from({ length: CALLERS }, () => random.pick(["paid", "refunded"] as const));
  return {
    calls: verdicts.map((verdict, caller) => () => {
      const order = { reference, verdict, operator: `operator ${caller}`, note: "asked them" };
      return resolveWithdrawal(system(deployment), order);
    }),
    refusals: [],
    judge: async (results) => {
      const decided = done(results).filter(
        ({ value }) => (value as Resolution).outcome === "resolved",
      ).length;
      const [row] = await deployment.owner<{ count: number }[]>`
        select count(*)::int from decisions where operation_id = ${made.operation.id.toString()}`;
      return [
        ...exactly("decisions about one payout", 1, decided),
        ...exactly("decisions written down", 1, row?.count),
        ...(await endedOnce(deployment, made)),
      ];
    },
  };
};

/** Paid xor refunded, and what is held says so. */
async function endedOnce(deployment: RaceDatabase, { operation, user, francs }: Payout): Promise<Finding[]> {
  const { settle = 0, refund = 0, freeze = 0 } = await stepsOf(deployment, operation.reference);
  const [available, held] = await francsOf(deployment, user);
  const isPaid = settle > 0;
  return [
    ...exactly("ends of one payout", 1, settle + refund),
    ...exactly("francs held", freeze > 0 ? francs : 0n, held),
    ...exactly("francs available", isPaid || freeze > 0 ? OPENING - francs : OPENING, available),
  ];
}

/** An operator gives it back while the provider says that it was paid: one end, and a contradiction is flagged. */
export const decisionsAndWebhooks: Race = async (deployment, random) => {
  const made = await acceptedPayout(deployment, random, "told");
  const { reference } = made.operation;
  const say = tellOf(deployment, made, "succeeded");
  const order = { reference, verdict: "refunded", operator: "ada", note: "asked them" } as const;
  const decisions = random.int(5, 25);
  return {
    calls: random.shuffle(
      callers(
        (caller) => () =>
          caller < decisions ? resolveWithdrawal(system(deployment), order) : say(caller % 5),
      ),
    ),
    refusals: [],
    judge: async () => {
      const { refund = 0, freeze = 0 } = await stepsOf(deployment, reference);
      const state = await stateOf(deployment, reference);
      return [
        ...(await endedOnce(deployment, made)),
        ...exactly("contradictions flagged", refund, freeze),
        ...holds(state === (refund > 0 ? "conflict" : "paid"), `the payout doesn't stand as ${state}`),
      ];
    },
  };
};

/** Once stopping has answered, nothing is handed over any more. */
export const stopAndSubmissions: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, OPENING);
  const stops = random.int(5, 15);
  const made = await Promise.all(
    Array.from({ length: CALLERS - stops }, () =>
      holdWithdrawal(deployment, user, { francs: 100n, provider: "told" }),
    ),
  );
  deployment.providers.payoutMs = random.int(1, 8);
  deployment.providers.payoutCalls.length = 0;
  const order = { provider: random.pick(["told", null]), operator: "ada", note: "a proof" };
  let stoppedAt = Number.POSITIVE_INFINITY;
  const stop = async () => {
    await stopPayouts(system(deployment), order);
    stoppedAt = Math.min(stoppedAt, performance.now());
  };
  const stopping = Array.from({ length: stops }, () => stop);
  // Whoever stops is a step ahead then, as long as the others need to see it.
  const isFirst = random.chance(0.5);
  const submissions = made.map(
    ({ id }) =>
      () =>
        submitWithdrawal(system(deployment), id),
  );
  return {
    calls: isFirst ? [...stopping, ...submissions] : random.shuffle([...stopping, ...submissions]),
    refusals: [],
    judge: async () => {
      const late = deployment.providers.payoutCalls.filter(({ beganAt }) => beganAt > stoppedAt);
      const twice =
        deployment.providers.payoutCalls.length -
        new Set(deployment.providers.payoutCalls.map((call) => call.reference)).size;
      await resumePayouts(system(deployment), order);
      return [
        ...exactly("payouts handed over after the stop", 0, late.length),
        ...atMost("payouts handed over twice", 0, twice),
      ];
    },
  };
};
