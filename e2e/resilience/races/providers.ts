import { setTimeout as wait } from "node:timers/promises";
import { createFakeProvider, type FakeProvider } from "@/e2e/support/fake-provider";
import { type MethodRow, ProviderError, type ProviderState } from "@/lib/providers/provider";

export interface RaceProviders {
  /** Wave sends signed webhooks and can't be queried; Orange Money can, and answers what `answers` holds. */
  all: readonly FakeProvider[];
  /** By reference. */
  answers: Map<string, ProviderState>;
  /** Calls for a payout, by this process's clock. */
  payoutCalls: { reference: string; beganAt: number }[];
  /** Duration of a payout call at both, in milliseconds. */
  payoutMs: number;
}

const LIMITS = { country: "BF", currency: "XOF", minMinor: 1n, maxMinor: 1_000_000n, stepMinor: 1n } as const;
const methods = (method: string): MethodRow[] => [
  { method, direction: "in", ...LIMITS },
  { method, direction: "out", ...LIMITS },
];

/** Two fake providers that races control. */
export function createRaceProviders(): RaceProviders {
  const webhookOnly = createFakeProvider("webhook_only", { methods: methods("wave") });
  const queries = { methods: methods("orange_money"), queriesCollections: true, queriesPayouts: true };
  const answer = async (reference: string): Promise<ProviderState> => {
    const state = providers.answers.get(reference);
    if (!state) throw new ProviderError("unavailable", "nothing was scripted");
    return state;
  };
  const queryable = Object.assign(createFakeProvider("queryable", queries), {
    getCollection: answer,
    getPayout: answer,
  });
  const all = [webhookOnly, queryable];
  const providers: RaceProviders = { all, answers: new Map(), payoutCalls: [], payoutMs: 2 };
  for (const provider of all) {
    provider.onPayout = async ({ reference }) => {
      providers.payoutCalls.push({ reference, beganAt: performance.now() });
      await wait(providers.payoutMs);
      return { providerReference: `out-${reference}` };
    };
  }
  return providers;
}
