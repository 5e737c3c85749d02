import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { newReference, submitPage } from "@/e2e/support/getmipay-fixture";
import {
  chargeOrder,
  PAY,
  type PaystackFixture,
  paystackBookOf,
  paystackEnv,
  startPaystackFixture,
  transferOrder,
} from "@/e2e/support/paystack-fixture";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from "@/lib/providers/paystack";
import { paystackManifest } from "@/lib/providers/paystack/manifest";
import { ProviderError, type ProviderErrorKind, type ProviderStatus } from "@/lib/providers/provider";
import { PAYSTACK_SCENARIOS } from "./paystack-scenarios";

interface Expected {
  answer: "accepted" | ProviderErrorKind;
  /** The events that are believed, in the order in which they arrive. */
  events: string[];
  /** What a query says in the end. */
  queried: ProviderStatus;
  timesPaid: 0 | 1;
  /** In kobo, as a query shows it; by default the amount of the request. */
  amount?: number | null;
}

const refused = (answer: ProviderErrorKind): Expected => ({
  answer,
  events: [],
  queried: "not_found",
  timesPaid: 0,
});
const paid = (events: string[], answer: Expected["answer"] = "accepted"): Expected => ({
  answer,
  events,
  queried: "succeeded",
  timesPaid: 1,
});
const CHARGE = "charge.success";
const SUCCESS = "transfer.success";

/** What the adapter and the app's callback see of each scenario. */
const EXPECTED: Record<string, Expected> = {
  charge_declined: { answer: "accepted", events: [], queried: "failed", timesPaid: 0 },
  charge_webhook_slow: paid([CHARGE]),
  charge_webhook_thrice: paid([CHARGE, CHARGE, CHARGE]),
  charge_webhook_dropped: paid([]),
  charge_amount_lower: { ...paid([CHARGE]), amount: 100_400 },
  charge_currency_other: { ...paid([CHARGE]), amount: null },
  charge_signature_bad_first: paid([CHARGE]),
  charge_error_before: refused("outcome_unknown"),
  charge_error_after: paid([CHARGE], "outcome_unknown"),
  charge_silence_after: paid([CHARGE], "outcome_unknown"),
  charge_garbage_after: paid([CHARGE], "outcome_unknown"),
  charge_failed_then_success: paid([CHARGE]),
  charge_mode_live: paid([CHARGE]),
  charge_foreign_page: { answer: "declined", events: [], queried: "pending", timesPaid: 0 },
  charge_fees_on_top: paid([CHARGE]),
  charge_metadata_zero: paid([CHARGE]),
  charge_metadata_empty: paid([CHARGE]),
  charge_query_lags: paid([CHARGE]),
  charge_rate_limited: refused("rate_limited"),
  transfer_failed: { answer: "accepted", events: ["transfer.failed"], queried: "failed", timesPaid: 0 },
  transfer_webhook_twice: paid([SUCCESS, SUCCESS]),
  transfer_failed_then_success: paid(["transfer.failed", SUCCESS]),
  transfer_reversed: { ...paid([SUCCESS, "transfer.reversed"]), queried: "reversed" },
  transfer_error_before: refused("outcome_unknown"),
  transfer_error_after: paid([SUCCESS], "outcome_unknown"),
  transfer_silence_after: paid([SUCCESS], "outcome_unknown"),
  transfer_webhook_first: paid([SUCCESS]),
  transfer_reordered: { ...paid(["transfer.reversed", SUCCESS]), queried: "reversed" },
  transfer_never_settles: { answer: "accepted", events: [], queried: "pending", timesPaid: 0 },
  transfer_balance_low: refused("insufficient_float"),
  transfer_webhook_slow: paid([SUCCESS]),
  transfer_webhook_dropped: paid([]),
  transfer_amount_lower: { ...paid([SUCCESS]), amount: 201_300 },
  transfer_currency_other: { ...paid([SUCCESS]), amount: null },
  transfer_signature_bad_first: paid([SUCCESS]),
  transfer_garbage_after: paid([SUCCESS], "outcome_unknown"),
  transfer_otp: { answer: "outcome_unknown", events: [], queried: "pending", timesPaid: 0 },
  transfer_old_timestamps: paid([SUCCESS]),
  transfer_query_lags: paid([SUCCESS]),
  transfer_recipient_invalid: refused("invalid_destination"),
  transfer_rate_limited: refused("rate_limited"),
};

const createAdapter = (url: string) =>
  createPaystack(parseSettings(paystackManifest.settings, paystackEnv(url)), { callTimeoutMs: 400 });

let fixture: PaystackFixture<ReturnType<typeof createAdapter>>;
beforeAll(async () => {
  fixture = await startPaystackFixture(createAdapter);
});
afterAll(() => fixture.close());

const scenarioOf = (code: string) => PAYSTACK_SCENARIOS.find((candidate) => candidate.code === code);
const isPayout = (code: string) => scenarioOf(code)?.on[0] === "payout";

function ask(code: string, reference: string) {
  return isPayout(code)
    ? fixture.adapter.getPayout?.(reference, null)
    : fixture.adapter.getCollection?.(reference, null);
}

/** Asks for a scenario by its amount, and pays where there is a page. */
async function send(code: string, reference: string): Promise<string> {
  const kobo = scenarioOf(code)?.amount ?? 0;
  try {
    if (isPayout(code)) {
      await fixture.adapter.createPayout(transferOrder(reference, kobo));
    } else {
      const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(reference, kobo));
      expect((await submitPage(paymentUrl, PAY)).status).toBe(303);
    }
    return "accepted";
  } catch (error) {
    if (error instanceof ProviderError) return error.kind;
    throw error;
  }
}

const eventsOf = (reference: string) =>
  fixture.receiver.deliveries.flatMap(({ event }) => (event?.reference === reference ? [event] : []));

/** Sends, and waits for all webhooks of the scenario. */
async function run(code: string) {
  const reference = newReference();
  const answer = await send(code, reference);
  const expected = EXPECTED[code];
  await vi.waitFor(
    () => expect(fixture.receiver.events(reference)).toHaveLength(expected?.events.length ?? 0),
    5000,
  );
  await vi.waitFor(async () => expect((await ask(code, reference))?.status).toBe(expected?.queried), 5000);
  return { reference, answer, state: await ask(code, reference), events: eventsOf(reference) };
}

it("every scenario is expected here", () => {
  expect(Object.keys(EXPECTED).sort()).toEqual(PAYSTACK_SCENARIOS.map(({ code }) => code).sort());
});

describe("each misbehaviour can be seen from outside, and Paystack's book has the true state", () => {
  it.each(Object.entries(EXPECTED))("%s", async (code, expected) => {
    const { reference, answer, state } = await run(code);
    expect(answer).toBe(expected.answer);
    expect(fixture.receiver.events(reference)).toEqual(expected.events);
    expect((await paystackBookOf(fixture.sandbox, reference))?.timesPaid ?? 0).toBe(expected.timesPaid);
    if (expected.timesPaid === 0) return;
    const kobo = expected.amount === undefined ? (scenarioOf(code)?.amount ?? null) : expected.amount;
    expect(state?.amount?.amountMinor ?? null).toBe(kobo === null ? null : BigInt(kobo));
  });
});

describe("what each scenario looks like", () => {
  it("fees on top are in the webhook's amount, and not in ours", async () => {
    const { events } = await run("charge_fees_on_top");
    expect(events[0]).toMatchObject({ amount: { amountMinor: 101_500n, currency: "NGN" } });
  });

  it.each(["charge_currency_other", "transfer_currency_other"])(
    "%s comes without an amount",
    async (code) => {
      const { events, state } = await run(code);
      expect(events[0]).toMatchObject({ amount: null, currencyCode: "GHS" });
      expect(state).toMatchObject({ amount: null, currencyCode: "GHS" });
    },
  );

  it("the live mode is reported by webhook and query", async () => {
    const { events, state } = await run("charge_mode_live");
    expect([events[0], state]).toEqual([
      expect.objectContaining({ live: true }),
      expect.objectContaining({ live: true }),
    ]);
  });

  it("copies of one webhook have one key, success and reversal two", async () => {
    const keys = async (code: string) =>
      new Set((await run(code)).events.map((event) => event.eventKey)).size;
    expect([await keys("charge_webhook_thrice"), await keys("transfer_reversed")]).toEqual([1, 2]);
  });

  it("a query that lags shows less than the webhook did, and then the same", async () => {
    const reference = newReference();
    await send("charge_query_lags", reference);
    await vi.waitFor(() => expect(fixture.receiver.events(reference)).toEqual([CHARGE]), 5000);
    expect((await ask("charge_query_lags", reference))?.status).toBe("pending");
    await vi.waitFor(
      async () => expect((await ask("charge_query_lags", reference))?.status).toBe("succeeded"),
      5000,
    );
  });

  it("a transfer that lags is not found, though it was accepted", async () => {
    const reference = newReference();
    expect(await send("transfer_query_lags", reference)).toBe("accepted");
    expect((await ask("transfer_query_lags", reference))?.status).toBe("not_found");
  });

  it("a webhook that is first is there before the call has its answer", async () => {
    const reference = newReference();
    await send("transfer_webhook_first", reference);
    expect(fixture.receiver.events(reference)).toEqual([SUCCESS]);
  });

  it("a badly signed webhook is refused, and its retry accepted", async () => {
    const refusedBefore = fixture.receiver.deliveries.filter(({ event }) => event === null).length;
    await run("transfer_signature_bad_first");
    expect(fixture.receiver.deliveries.filter(({ event }) => event === null)).toHaveLength(refusedBefore + 1);
  });

  it("after silence the same reference is a duplicate, and was paid once", async () => {
    const { reference } = await run("transfer_silence_after");
    const again = fixture.adapter.createPayout(transferOrder(reference, 200_700));
    await expect(again).rejects.toMatchObject({ kind: "duplicate" });
    expect(await paystackBookOf(fixture.sandbox, reference)).toMatchObject({ timesPaid: 1, submissions: 2 });
  });
});
