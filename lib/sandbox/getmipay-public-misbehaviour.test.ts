import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  adapterEnv,
  CONFIRM,
  collect,
  type Fixture,
  newReference,
  payOut,
  startGetMiPayFixture,
  submitPage,
} from "@/e2e/support/getmipay-fixture";
import { parseSettings } from "@/lib/parse-settings";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { createPublicGetMiPay } from "@/lib/providers/getmipay/public";
import { ProviderError, type ProviderErrorKind, type ProviderStatus } from "@/lib/providers/provider";
import type { BookEntry } from "./book";
import type { EntryKind } from "./scenario";
import { SCENARIOS } from "./scenarios";

interface Expected {
  answer: "accepted" | ProviderErrorKind;
  /** The hints, in the order in which they arrive; payouts have none. */
  events: string[];
  /** What the query says in the end; null when the provider's book has nothing. */
  status: ProviderStatus | null;
  paidAmount?: bigint | null;
}

const refused = (answer: ProviderErrorKind): Expected => ({ answer, events: [], status: null });
const paid = (...events: string[]): Expected => ({ answer: "accepted", events, status: "succeeded" });
const SUCCESS = "hint.success";

/** What the adapter and the app's callback see of each scenario in this dialect. */
const EXPECTED: Record<string, Expected> = {
  invalid_phone: refused("invalid_destination"),
  declined: refused("declined"),
  duplicate_reference: refused("duplicate"),
  rate_limited: refused("rate_limited"),
  maintenance: refused("outcome_unknown"),
  payment_declined: { answer: "accepted", events: ["hint.failed"], status: "failed" },
  payment_webhook_slow: paid(SUCCESS),
  payment_webhook_thrice: paid(SUCCESS, SUCCESS, SUCCESS),
  payment_webhook_dropped: paid(),
  payment_amount_lower: { ...paid(SUCCESS), paidAmount: 905n },
  payment_currency_other: { ...paid(SUCCESS), paidAmount: null },
  payment_signature_bad_first: paid(SUCCESS),
  payment_error_before: refused("outcome_unknown"),
  payment_error_after: { answer: "outcome_unknown", events: [], status: "pending" },
  payment_silence_after: { ...paid(SUCCESS), answer: "outcome_unknown" },
  payment_garbage_after: { ...paid(SUCCESS), answer: "outcome_unknown" },
  payment_failed_then_completed: paid("hint.failed", SUCCESS),
  payment_mode_live: paid(SUCCESS),
  payment_foreign_page: { answer: "outcome_unknown", events: [], status: "pending" },
  payment_seed_form: paid(SUCCESS),
  payout_failed: { answer: "accepted", events: [], status: "failed" },
  payout_webhook_twice: paid(),
  payout_failed_then_completed: paid(),
  payout_reversed: { answer: "accepted", events: [], status: "failed" },
  payout_error_before: refused("outcome_unknown"),
  payout_error_after: { ...paid(), answer: "outcome_unknown" },
  payout_silence_after: { ...paid(), answer: "outcome_unknown" },
  payout_webhook_first: paid(),
  payout_reordered: { answer: "accepted", events: [], status: "failed" },
  payout_never_settles: { answer: "accepted", events: [], status: "pending" },
  payout_float_low: refused("insufficient_float"),
  payout_webhook_slow: paid(),
  payout_webhook_dropped: paid(),
  payout_amount_lower: { ...paid(), paidAmount: 1914n },
  payout_currency_other: { ...paid(), paidAmount: null },
  payout_signature_bad_first: paid(),
  payout_garbage_after: { ...paid(), answer: "outcome_unknown" },
};

function createAdapter(url: string) {
  const env = {
    ...adapterEnv(`${url}/api/v1`),
    GETMIPAY_DIALECT: "public",
    GETMIPAY_SERVICES: "wave:BF=901,orange_money:BF:out=5",
  };
  return createPublicGetMiPay(parseSettings(getMiPayManifest.settings, env), { callTimeoutMs: 400 });
}

let fixture: Fixture & { adapter: ReturnType<typeof createAdapter> };
beforeAll(async () => {
  const started = await startGetMiPayFixture(createAdapter);
  fixture = { ...started, adapter: createAdapter(started.sandbox.url) };
});
afterAll(() => fixture.close());

async function answerOf(kind: EntryKind, reference: string, amount: number, phone?: string) {
  try {
    if (kind === "payout") {
      await payOut(fixture, reference, amount, phone);
    } else {
      const { paymentUrl } = await collect(fixture, reference, amount, phone);
      expect((await submitPage(paymentUrl, CONFIRM)).status).toBe(200);
    }
    return "accepted";
  } catch (error) {
    if (error instanceof ProviderError) return error.kind;
    throw error;
  }
}

/** Both names of an entry, as an operator reads them in the dashboard when a call was never answered. */
function namesOf(entry: BookEntry): string {
  return `${entry.id}/${entry.getmipayPublic?.payId}`;
}

it("every scenario is expected here", () => {
  expect(Object.keys(EXPECTED).sort()).toEqual(SCENARIOS.map(({ code }) => code).sort());
});

describe("each misbehaviour can be seen from outside, and a query shows the true state in the end", () => {
  const cases = SCENARIOS.flatMap((scenario) => scenario.on.map((kind) => ({ ...scenario, kind })));

  it.each(cases)("$code ($kind)", async ({ code, kind, amount: magic, phone }) => {
    const expected = EXPECTED[code];
    const amount = magic ?? 5000;
    const reference = newReference();
    expect(await answerOf(kind, reference, amount, phone)).toBe(expected?.answer);
    const entry = fixture.sandbox.book.find(kind, reference);
    if (expected?.status === null || !entry) {
      expect([expected?.status, entry]).toEqual([null, null]);
      return;
    }
    const state = () =>
      fixture.adapter[kind === "payout" ? "getPayout" : "getCollection"](reference, namesOf(entry));
    await vi.waitFor(async () => expect((await state()).status).toBe(expected?.status), 5000);
    await vi.waitFor(() => expect(fixture.receiver.events(reference)).toEqual(expected?.events), 5000);
    expect((await state()).status).toBe(expected?.status);
    const { amount: moved } = await state();
    const isMoved = expected?.status === "succeeded";
    if (isMoved) {
      const truth = expected.paidAmount === undefined ? BigInt(amount) : expected.paidAmount;
      expect(moved?.amountMinor ?? null).toBe(truth);
    }
    const isPaid = isMoved || entry.state === "reversed";
    expect(entry.timesPaid).toBe(isPaid ? 1 : 0);
  });
});

describe("what each scenario looks like", () => {
  it("another currency comes without an amount", async () => {
    const reference = newReference();
    const { providerReference } = await payOut(fixture, reference, 2015);
    await vi.waitFor(
      async () =>
        expect(await fixture.adapter.getPayout(reference, providerReference)).toMatchObject({
          status: "succeeded",
          amount: null,
          currencyCode: "XAF",
        }),
      5000,
    );
  });

  it("a payout that is taken back was success first, and is failed then: there is no other status", async () => {
    const reference = newReference();
    const { providerReference } = await payOut(fixture, reference, 2004);
    const seen = new Set<string>();
    await vi.waitFor(
      async () => {
        seen.add((await fixture.adapter.getPayout(reference, providerReference)).status);
        expect(fixture.sandbox.book.find("payout", reference)?.state).toBe("reversed");
      },
      { timeout: 5000, interval: 2 },
    );
    seen.add((await fixture.adapter.getPayout(reference, providerReference)).status);
    expect([...seen]).toContain("failed");
    expect(fixture.sandbox.book.find("payout", reference)?.timesPaid).toBe(1);
  });

  it("copies of one callback have one key, and failed and success have two", async () => {
    const keysOf = (reference: string) =>
      fixture.receiver.deliveries.flatMap(({ event }) =>
        event?.reference === reference ? [event.eventKey] : [],
      );
    const thrice = newReference();
    await submitPage((await collect(fixture, thrice, 1003)).paymentUrl, CONFIRM);
    await vi.waitFor(() => expect(keysOf(thrice)).toHaveLength(3), 5000);
    expect(new Set(keysOf(thrice)).size).toBe(1);
    const turned = newReference();
    await submitPage((await collect(fixture, turned, 1012)).paymentUrl, CONFIRM);
    await vi.waitFor(() => expect(new Set(keysOf(turned)).size).toBe(2), 5000);
  });
});
