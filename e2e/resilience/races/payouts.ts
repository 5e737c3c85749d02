import type { TestUser } from "@/e2e/support/factories";
import { news } from "@/e2e/support/scripted-provider";
import { money } from "@/lib/money/money";
import type { OperationRow } from "@/lib/services/operations/operation";
import { resumePayouts } from "@/lib/services/back-office/payout-switch/resume-payouts";
import { stopPayouts } from "@/lib/services/back-office/payout-switch/stop-payouts";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { type Decided, decideWithdrawal } from "@/lib/services/withdrawals/decide-withdrawal";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import type { Random } from "../random";
import { eventsOf, francsOf, holdWithdrawal, stateOf, stepsOf, system, tell } from "./books";
import { createSaver, type RaceHouse } from "./race-database";
import { atMost, CALLERS, callers, done, exactly, type Finding, holds, type Race } from "./round";

const OPENING = 100_000n;

interface Payout {
  user: TestUser;
  francs: bigint;
  operation: OperationRow;
}

async function payout(house: RaceHouse, random: Random, provider: string): Promise<Payout> {
  const user = await createSaver(house.db, OPENING);
  const francs = BigInt(random.int(100, 50_000));
  return { user, francs, operation: await holdWithdrawal(house, user, { francs, provider }) };
}

/** One that its provider has accepted. */
async function acceptedPayout(house: RaceHouse, random: Random, provider: string): Promise<Payout> {
  const made = await payout(house, random, provider);
  await submitWithdrawal(system(house), made.operation.id);
  return made;
}

function tellOf(
  house: RaceHouse,
  { francs, operation }: Payout,
  status: "succeeded" | "failed" | "reversed",
) {
  const { reference, provider } = operation;
  return async (event: number) => {
    const eventKey = `${status}:${reference}:${event}`;
    await tell(house, { kind: "payout", provider: provider ?? "", reference, francs, status, eventKey });
    const events = await eventsOf(house, reference);
    const stored = events[event % Math.max(1, events.length)];
    if (stored) await processWebhook(system(house), stored.id);
  };
}

/** Thirty workers with the same job: the provider is called once. */
export const oneSubmission: Race = async (house, random) => {
  const { operation } = await payout(house, random, random.pick(["told", "asked"]));
  const { reference, id } = operation;
  house.providers.payoutMs = random.int(1, 10);
  house.providers.answers.set(reference, news(money(0n, "XOF"), { status: "pending", amount: null }));
  return {
    calls: callers(() => () => submitWithdrawal(system(house), id)),
    refusals: [],
    judge: async () => {
      const calls = house.providers.payoutCalls.filter((call) => call.reference === reference);
      return [
        ...exactly("calls of the provider for one payout", 1, calls.length),
        ...holds((await stateOf(house, reference)) === "submitted", "the payout was handed over"),
      ];
    },
  };
};

/** Webhooks, the job that asks and an operator all say that it wasn't paid, or that it was taken back: one refund. */
export const oneRefund: Race = async (house, random) => {
  const made = await acceptedPayout(house, random, "asked");
  const { reference, id } = made.operation;
  const wasPaid = random.chance(0.4);
  const status = wasPaid ? "reversed" : "failed";
  const answer = (said: "succeeded" | "failed" | "reversed") =>
    house.providers.answers.set(reference, news(money(made.francs, "XOF"), { status: said }));
  if (wasPaid) {
    answer("succeeded");
    await submitWithdrawal(system(house), id);
  }
  answer(status);
  const order = { reference, verdict: "refunded", operator: "ada", note: "asked them" } as const;
  const say = tellOf(house, made, status);
  const kinds = [
    (caller: number) => () => say(caller % 5),
    () => () => submitWithdrawal(system(house), id),
    () => () => decideWithdrawal(system(house), order),
  ];
  return {
    calls: random.shuffle(
      callers((caller) => (kinds[caller % kinds.length] ?? (() => async () => {}))(caller)),
    ),
    refusals: [],
    judge: async () => {
      const { refund = 0, settle = 0 } = await stepsOf(house, reference);
      const [available, held] = await francsOf(house, made.user);
      return [
        ...exactly("refunds of one payout", 1, refund),
        ...exactly("settlements before it was taken back", wasPaid ? 1 : 0, settle),
        ...exactly("francs available again", OPENING, available),
        ...exactly("francs held", 0, held),
        ...holds((await stateOf(house, reference)) === "refunded", "the payout is refunded"),
      ];
    },
  };
};

/** Thirty operators, of two minds: one decision, which is carried out once. */
export const oneDecision: Race = async (house, random) => {
  const made = await acceptedPayout(house, random, "told");
  const { reference } = made.operation;
  const verdicts = Array.from({ length: CALLERS }, () => random.pick(["paid", "refunded"] as const));
  return {
    calls: verdicts.map((verdict, caller) => () => {
      const order = { reference, verdict, operator: `operator ${caller}`, note: "asked them" };
      return decideWithdrawal(system(house), order);
    }),
    refusals: [],
    judge: async (results) => {
      const decided = done(results).filter(({ value }) => (value as Decided).outcome === "decided").length;
      const [row] = await house.owner<{ count: number }[]>`
        select count(*)::int from decisions where operation_id = ${made.operation.id.toString()}`;
      return [
        ...exactly("decisions about one payout", 1, decided),
        ...exactly("decisions written down", 1, row?.count),
        ...(await endedOnce(house, made)),
      ];
    },
  };
};

/** Paid xor refunded, and what is held says so. */
async function endedOnce(house: RaceHouse, { operation, user, francs }: Payout): Promise<Finding[]> {
  const { settle = 0, refund = 0, freeze = 0 } = await stepsOf(house, operation.reference);
  const [available, held] = await francsOf(house, user);
  const isPaid = settle > 0;
  return [
    ...exactly("ends of one payout", 1, settle + refund),
    ...exactly("francs held", freeze > 0 ? francs : 0n, held),
    ...exactly("francs available", isPaid || freeze > 0 ? OPENING - francs : OPENING, available),
  ];
}

/** An operator gives it back while the provider says that it was paid: one end, and a contradiction is flagged. */
export const decisionsAndWebhooks: Race = async (house, random) => {
  const made = await acceptedPayout(house, random, "told");
  const { reference } = made.operation;
  const say = tellOf(house, made, "succeeded");
  const order = { reference, verdict: "refunded", operator: "ada", note: "asked them" } as const;
  const decisions = random.int(5, 25);
  return {
    calls: random.shuffle(
      callers(
        (caller) => () => (caller < decisions ? decideWithdrawal(system(house), order) : say(caller % 5)),
      ),
    ),
    refusals: [],
    judge: async () => {
      const { refund = 0, freeze = 0 } = await stepsOf(house, reference);
      const state = await stateOf(house, reference);
      return [
        ...(await endedOnce(house, made)),
        ...exactly("contradictions flagged", refund, freeze),
        ...holds(state === (refund > 0 ? "conflict" : "paid"), `the payout doesn't stand as ${state}`),
      ];
    },
  };
};

/** Once stopping has answered, nothing is handed over any more. */
export const stopAndSubmissions: Race = async (house, random) => {
  const user = await createSaver(house.db, OPENING);
  const stops = random.int(5, 15);
  const made = await Promise.all(
    Array.from({ length: CALLERS - stops }, () =>
      holdWithdrawal(house, user, { francs: 100n, provider: "told" }),
    ),
  );
  house.providers.payoutMs = random.int(1, 8);
  house.providers.payoutCalls.length = 0;
  const order = { provider: random.pick(["told", null]), operator: "ada", note: "a proof" };
  let stoppedAt = Number.POSITIVE_INFINITY;
  const stop = async () => {
    await stopPayouts(system(house), order);
    stoppedAt = Math.min(stoppedAt, performance.now());
  };
  const stopping = Array.from({ length: stops }, () => stop);
  // Whoever stops is a step ahead then, as long as the others need to see it.
  const isFirst = random.chance(0.5);
  const submissions = made.map(
    ({ id }) =>
      () =>
        submitWithdrawal(system(house), id),
  );
  return {
    calls: isFirst ? [...stopping, ...submissions] : random.shuffle([...stopping, ...submissions]),
    refusals: [],
    judge: async () => {
      const late = house.providers.payoutCalls.filter(({ beganAt }) => beganAt > stoppedAt);
      const twice =
        house.providers.payoutCalls.length -
        new Set(house.providers.payoutCalls.map((call) => call.reference)).size;
      await resumePayouts(system(house), order);
      return [
        ...exactly("payouts handed over after the stop", 0, late.length),
        ...atMost("payouts handed over twice", 0, twice),
      ];
    },
  };
};
