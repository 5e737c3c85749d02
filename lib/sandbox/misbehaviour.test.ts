import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  adapterEnv,
  bookOf,
  CONFIRM,
  collect,
  type Fixture,
  newReference,
  payOut,
  startGetMiPayFixture,
  submitPage,
} from "@/e2e/support/getmipay-fixture";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "@/lib/providers/getmipay";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider";
import type { EntryKind } from "./scenario";
import { SCENARIOS } from "./scenarios";

interface Expected {
  answer: "accepted" | ProviderErrorKind;
  /** The events that are believed, in the order in which they arrive. */
  events: string[];
  /** Null: the provider's book has nothing. */
  state: "pending" | "completed" | "failed" | "reversed" | null;
  paidAmount?: number;
}

const refused = (answer: ProviderErrorKind): Expected => ({ answer, events: [], state: null });
const paid = (...events: string[]): Expected => ({ answer: "accepted", events, state: "completed" });

/** What the adapter and the app's callback see of each scenario. */
const EXPECTED: Record<string, Expected> = {
  invalid_phone: refused("invalid_destination"),
  declined: refused("declined"),
  duplicate_reference: refused("duplicate"),
  rate_limited: refused("rate_limited"),
  maintenance: refused("outcome_unknown"),
  payment_declined: { answer: "accepted", events: ["payment.failed"], state: "failed" },
  payment_webhook_slow: paid("payment.completed"),
  payment_webhook_thrice: paid("payment.completed", "payment.completed", "payment.completed"),
  payment_webhook_dropped: paid(),
  payment_amount_lower: { ...paid("payment.completed"), paidAmount: 905 },
  payment_currency_other: paid("payment.completed"),
  payment_signature_bad_first: paid("payment.completed"),
  payment_error_before: refused("outcome_unknown"),
  payment_error_after: { answer: "outcome_unknown", events: [], state: "pending" },
  payment_silence_after: { ...paid("payment.completed"), answer: "outcome_unknown" },
  payment_garbage_after: { ...paid("payment.completed"), answer: "outcome_unknown" },
  payment_failed_then_completed: paid("payment.failed", "payment.completed"),
  payment_mode_live: paid("payment.completed"),
  payment_foreign_page: { answer: "declined", events: [], state: "pending" },
  payment_seed_form: paid("payment.completed"),
  payout_failed: { answer: "accepted", events: ["payout.failed"], state: "failed" },
  payout_webhook_twice: paid("payout.completed", "payout.completed"),
  payout_failed_then_completed: paid("payout.failed", "payout.completed"),
  payout_reversed: { answer: "accepted", events: ["payout.completed", "payout.reversed"], state: "reversed" },
  payout_error_before: refused("outcome_unknown"),
  payout_error_after: { ...paid("payout.completed"), answer: "outcome_unknown" },
  payout_silence_after: { ...paid("payout.completed"), answer: "outcome_unknown" },
  payout_webhook_first: paid("payout.completed"),
  payout_reordered: {
    answer: "accepted",
    events: ["payout.reversed", "payout.completed"],
    state: "reversed",
  },
  payout_never_settles: { answer: "accepted", events: [], state: "pending" },
  payout_float_low: refused("insufficient_float"),
  payout_webhook_slow: paid("payout.completed"),
  payout_webhook_dropped: paid(),
  payout_amount_lower: { ...paid("payout.completed"), paidAmount: 1914 },
  payout_currency_other: paid("payout.completed"),
  payout_signature_bad_first: paid("payout.completed"),
  payout_garbage_after: { ...paid("payout.completed"), answer: "outcome_unknown" },
};

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startGetMiPayFixture((url) =>
    createGetMiPay(parseSettings(getMiPayManifest.settings, adapterEnv(url)), { callTimeoutMs: 400 }),
  );
});
afterAll(() => fixture.close());

async function answerOf(kind: EntryKind, reference: string, amount: number, phone?: string) {
  try {
    if (kind === "payout") {
      await payOut(fixture, reference, amount, phone);
    } else {
      const { paymentUrl } = await collect(fixture, reference, amount, phone);
      expect((await submitPage(paymentUrl, CONFIRM)).status).toBe(303);
    }
    return "accepted";
  } catch (error) {
    if (error instanceof ProviderError) return error.kind;
    throw error;
  }
}

/** Selects a scenario by its amount (or phone) and waits for all of its webhooks. */
async function run(code: string, kind: EntryKind) {
  const scenario = SCENARIOS.find((candidate) => candidate.code === code);
  const reference = newReference();
  const amount = scenario?.amount ?? 5000;
  const answer = await answerOf(kind, reference, amount, scenario?.phone);
  const expected = EXPECTED[code];
  await vi.waitFor(
    () => expect(fixture.receiver.events(reference)).toHaveLength(expected?.events.length ?? 0),
    5000,
  );
  await vi.waitFor(
    async () => expect((await bookOf(fixture, reference))?.state ?? null).toBe(expected?.state),
    5000,
  );
  const events = fixture.receiver.deliveries.filter(({ event }) => event?.reference === reference);
  return { reference, amount, answer, events, entry: await bookOf(fixture, reference) };
}

it("every scenario is expected here", () => {
  expect(Object.keys(EXPECTED).sort()).toEqual(SCENARIOS.map(({ code }) => code).sort());
});

describe("each misbehaviour can be seen from outside, and the provider's book has the true state", () => {
  const cases = SCENARIOS.flatMap(({ code, on }) => on.map((kind) => ({ code, kind })));

  it.each(cases)("$code ($kind)", async ({ code, kind }) => {
    const expected = EXPECTED[code];
    const { answer, reference, amount, entry } = await run(code, kind);
    expect(answer).toBe(expected?.answer);
    expect(fixture.receiver.events(reference)).toEqual(expected?.events);
    expect(entry?.state ?? null).toBe(expected?.state);
    const hasPaid = expected?.state === "completed" || expected?.state === "reversed";
    expect(entry?.timesPaid ?? 0).toBe(hasPaid ? 1 : 0);
    expect(entry?.paidAmount ?? null).toBe(hasPaid ? (expected.paidAmount ?? amount) : null);
  });
});

describe("what each scenario looks like", () => {
  it("a lower amount is reported as it was paid", async () => {
    const { events } = await run("payment_amount_lower", "collection");
    expect(events[0]?.event).toMatchObject({ amount: { amountMinor: 905n, currency: "XOF" }, live: false });
  });

  it("another currency comes without an amount", async () => {
    const { events } = await run("payout_currency_other", "payout");
    expect(events[0]?.event).toMatchObject({ kind: "payout", amount: null, currencyCode: "XAF" });
  });

  it("the live mode is reported", async () => {
    const { events } = await run("payment_mode_live", "collection");
    expect(events[0]?.event).toMatchObject({ live: true });
  });

  it("a slow webhook comes late, though the money moved at once", async () => {
    const reference = newReference();
    const { paymentUrl } = await collect(fixture, reference, 1002);
    const before = performance.now();
    await submitPage(paymentUrl, CONFIRM);
    await vi.waitFor(() => expect(fixture.receiver.events(reference)).toHaveLength(1), 5000);
    const { receivedAt = 0 } =
      fixture.receiver.deliveries.find(({ event }) => event?.reference === reference) ?? {};
    expect(receivedAt - before).toBeGreaterThanOrEqual(190);
  });

  it("a webhook that is first is there before the call has its answer", async () => {
    const reference = newReference();
    await payOut(fixture, reference, 2008);
    expect(fixture.receiver.events(reference)).toEqual(["payout.completed"]);
  });

  it("a badly signed webhook is refused, and its retry accepted", async () => {
    const refusedBefore = fixture.receiver.deliveries.filter(({ event }) => event === null).length;
    const { entry } = await run("payout_signature_bad_first", "payout");
    expect(fixture.receiver.deliveries.filter(({ event }) => event === null)).toHaveLength(refusedBefore + 1);
    expect(entry?.webhooks[0]).toMatchObject({ attempts: 2, delivered: true, lastStatus: 200 });
  });

  it("copies of one webhook have one key", async () => {
    const { events } = await run("payment_webhook_thrice", "collection");
    expect(new Set(events.map(({ event }) => event?.eventKey)).size).toBe(1);
  });
});
