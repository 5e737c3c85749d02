import { setTimeout as wait } from "node:timers/promises";
import { createFakeProvider, type FakeProvider } from "@/e2e/support/fake-provider";
import { type MethodRow, type Provider, ProviderError, type ProviderState } from "@/lib/providers/provider";

/** A call for a payout, by this process's clock. */
export interface PayoutCall {
  reference: string;
  beganAt: number;
}

export interface RaceProviders {
  /** Wave: sends signed webhooks and can't be queried. */
  webhookOnly: FakeProvider;
  /** Orange Money: can be queried, and answers what `answers` holds. */
  queryable: Provider;
  /** By reference. */
  answers: Map<string, ProviderState>;
  payoutCalls: PayoutCall[];
  /** Duration of a payout call at both, in milliseconds. */
  payoutMs: number;
  all: readonly Provider[];
}

const row = (method: string, direction: MethodRow["direction"]): MethodRow => ({
  method,
  direction,
  country: "BF",
  currency: "XOF",
  minMinor: 1n,
  maxMinor: 1_000_000n,
  stepMinor: 1n,
});

/** Two fake providers that races control. */
export function createRaceProviders(): RaceProviders {
  const webhookOnly = createFakeProvider("webhook_only", {
    methods: [row("wave", "in"), row("wave", "out")],
  });
  const scripted = createFakeProvider("queryable", {
    methods: [row("orange_money", "in"), row("orange_money", "out")],
    queriesCollections: true,
    queriesPayouts: true,
  });
  const answers = new Map<string, ProviderState>();
  const answer = async (reference: string): Promise<ProviderState> => {
    const state = answers.get(reference);
    if (!state) throw new ProviderError("unavailable", "nothing was scripted");
    return state;
  };
  const queryable: Provider = { ...scripted, getCollection: answer, getPayout: answer };
  const providers: RaceProviders = {
    webhookOnly,
    queryable,
    answers,
    payoutCalls: [],
    payoutMs: 2,
    all: [webhookOnly, queryable],
  };
  for (const provider of [webhookOnly, scripted]) {
    provider.onPayout = async ({ reference }) => {
      providers.payoutCalls.push({ reference, beganAt: performance.now() });
      await wait(providers.payoutMs);
      return { providerReference: `out-${reference}` };
    };
  }
  return providers;
}
