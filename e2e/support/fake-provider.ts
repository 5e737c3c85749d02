import type { Money } from "@/lib/money/money";
import type {
  Capabilities,
  CollectionCreated,
  CollectionRequest,
  Direction,
  MethodRow,
  PayoutCreated,
  PayoutRequest,
  Provider,
  ProviderState,
  WebhookEvent,
} from "@/lib/providers/provider";

const row = (method: string, direction: Direction): MethodRow => ({
  method,
  direction,
  country: "BF",
  currency: "XOF",
  minMinor: 100n,
  maxMinor: 1_000_000n,
  stepMinor: 1n,
});

/** A provider that behaves as the test says, and records its requests. */
export interface FakeProvider extends Provider {
  collections: CollectionRequest[];
  payouts: PayoutRequest[];
  /** What calls do; they succeed unless a test replaces these. */
  onCollection: (request: CollectionRequest) => Promise<CollectionCreated>;
  onPayout: (request: PayoutRequest) => Promise<PayoutCreated>;
}

/** A provider named `name` for Burkina Faso: Wave and Orange Money both ways, cards only in. */
export function createFakeProvider(name: string, capabilities: Partial<Capabilities> = {}): FakeProvider {
  const provider: FakeProvider = {
    name,
    capabilities: {
      methods: [
        row("wave", "in"),
        row("wave", "out"),
        row("orange_money", "in"),
        row("orange_money", "out"),
        row("visa", "in"),
      ],
      signedWebhooks: true,
      queriesCollections: false,
      queriesPayouts: false,
      listsTransactions: false,
      payoutReferenceIsIdempotent: true,
      paymentHosts: ["pay.test"],
      ...capabilities,
    },
    collections: [],
    payouts: [],
    onCollection: async ({ reference }) => ({
      providerReference: `in-${reference}`,
      paymentUrl: `https://pay.test/${reference}`,
    }),
    onPayout: async ({ reference }) => ({ providerReference: `out-${reference}` }),
    createCollection: (request) => {
      provider.collections.push(request);
      return provider.onCollection(request);
    },
    createPayout: (request) => {
      provider.payouts.push(request);
      return provider.onPayout(request);
    },
    // The body is the event itself; the header says whether its signature is valid.
    verifyWebhook: (rawBody, headers) =>
      headers.get("x-test-signature") === "good" ? parseEvent(Buffer.from(rawBody).toString()) : null,
  };
  return provider;
}

function parseEvent(text: string): WebhookEvent {
  return JSON.parse(text, (key, value) => (key === "amountMinor" ? BigInt(value) : value));
}

/** A webhook as the provider of {@link createFakeProvider} sends it. */
export function fakeWebhook(event: WebhookEvent, signature = "good") {
  const text = JSON.stringify(event, (_, value) => (typeof value === "bigint" ? value.toString() : value));
  const calledAt = new URL("http://localhost:3000/webhook/test/");
  return { rawBody: Buffer.from(text), headers: new Headers({ "x-test-signature": signature }), calledAt };
}

/** A provider's state of a reference that it doesn't know. */
export const NOT_FOUND: ProviderState = {
  status: "not_found",
  providerReference: null,
  amount: null,
  currencyCode: null,
  reasonCode: null,
  live: null,
};

/** A provider's state of a reference: succeeded with this amount, unless overridden. */
export function providerState(amount: Money, overrides: Partial<ProviderState> = {}): ProviderState {
  return {
    status: "succeeded",
    providerReference: null,
    amount,
    currencyCode: amount.currency,
    reasonCode: null,
    live: null,
    ...overrides,
  };
}
