import { setTimeout as wait } from "node:timers/promises";
import { createFakeProvider, type FakeProvider } from "@/e2e/support/fake-provider";
import { type MethodRow, type Provider, ProviderError, type ProviderState } from "@/lib/providers/provider";

/** How a call of a payout went by, by our process's clock. */
export interface PayoutCall {
  reference: string;
  beganAt: number;
}

export interface RaceProviders {
  /** Wave: its webhooks are signed, it can't be asked, and a payout takes a moment. */
  told: FakeProvider;
  /** Orange Money: what `answers` says of a reference is what it answers when it is asked. */
  asked: Provider;
  answers: Map<string, ProviderState>;
  payoutCalls: PayoutCall[];
  /** How long a payout takes at both. */
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

/** Two providers that do what a race says. */
export function createRaceProviders(): RaceProviders {
  const told = createFakeProvider("told", { methods: [row("wave", "in"), row("wave", "out")] });
  const scripted = createFakeProvider("asked", {
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
  const asked: Provider = { ...scripted, getCollection: answer, getPayout: answer };
  const providers: RaceProviders = { told, asked, answers, payoutCalls: [], payoutMs: 2, all: [told, asked] };
  for (const provider of [told, scripted]) {
    provider.onPayout = async ({ reference }) => {
      providers.payoutCalls.push({ reference, beganAt: performance.now() });
      await wait(providers.payoutMs);
      return { providerReference: `out-${reference}` };
    };
  }
  return providers;
}
