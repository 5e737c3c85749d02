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

/** A provider that does what the test says, and remembers what it was asked. */
export interface FakeProvider extends Provider {
  collections: CollectionRequest[];
  payouts: PayoutRequest[];
  /** What the next calls do; the last one stays. Defaults to saying yes. */
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
    // The body is the event itself; the header says whether its proof holds.
    verifyWebhook: (rawBody, headers) =>
      headers.get("x-proof") === "good" ? parseEvent(Buffer.from(rawBody).toString()) : null,
  };
  return provider;
}

function parseEvent(text: string): WebhookEvent {
  return JSON.parse(text, (key, value) => (key === "amountMinor" ? BigInt(value) : value));
}

/** A webhook as {@link createFakeProvider} takes it. */
export function fakeWebhook(event: WebhookEvent, proof = "good") {
  const text = JSON.stringify(event, (_, value) => (typeof value === "bigint" ? value.toString() : value));
  const calledAt = new URL("http://localhost:3000/webhook/test/");
  return { rawBody: Buffer.from(text), headers: new Headers({ "x-proof": proof }), calledAt };
}

/** What a provider says about a reference; succeeded with this amount unless told otherwise. */
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
