import { NOT_FOUND } from "@/e2e/support/fake-provider";
import { money } from "@/lib/money/money";
import {
  type PayoutCreated,
  type PayoutRequest,
  type Provider,
  ProviderError,
  type ProviderErrorKind,
  type ProviderState,
} from "@/lib/providers/provider";
import { type Delivery, DIALECTS } from "./dialects";
import { killCallingWorker } from "./job-pump";
import { type BookedPayout, type ProviderPayoutStatus, payoutStatusAt } from "./payout-record";
import {
  type CallOutcome,
  PAYOUT_PROVIDER_NAMES,
  PAYOUT_PROVIDERS,
  type PayoutProviderName,
  type PayoutScript,
} from "./payout-script";

/** Calls whose outcome stays unknown to the caller. */
const UNKNOWN_OUTCOMES: ReadonlySet<CallOutcome> = new Set([
  "acceptedThenTimeout",
  "errorBefore",
  "errorAfter",
  "garbageBefore",
  "garbageAfter",
]);
const ACCEPTING: ReadonlySet<CallOutcome> = new Set(["acceptedThenTimeout", "errorAfter", "garbageAfter"]);
/** Calls that the provider didn't process. */
const REFUSALS: Partial<Record<CallOutcome, ProviderErrorKind>> = {
  rateLimited: "rate_limited",
  noFloat: "insufficient_float",
  unreachable: "unavailable",
};

export interface PayoutsBookOptions {
  nowMs(): number;
  isLive: boolean;
  /** A payout was accepted: its callbacks can be scheduled. */
  onAccepted(payout: BookedPayout): void;
  /** A callback must arrive before the response. */
  onCallbackFirst(payout: BookedPayout): Promise<void>;
}

/** The fake providers of a case, with one book for all of them. */
export class PayoutsBook {
  readonly payouts = new Map<string, BookedPayout>();
  readonly counts = { calls: 0, forbidden: 0, duplicates: 0, falseRefusals: 0 };
  /** How often each call outcome happened. */
  readonly outcomeCounts = new Map<CallOutcome, number>();
  readonly providers: Provider[];
  readonly #caseName: string;
  readonly #options: PayoutsBookOptions;
  #zombies: (() => void)[] = [];
  #forbidden: readonly PayoutProviderName[] = [];

  constructor(caseName: string, options: PayoutsBookOptions) {
    this.#caseName = caseName;
    this.#options = options;
    this.providers = PAYOUT_PROVIDER_NAMES.map((payoutProvider) => providerOf(payoutProvider, this));
  }

  nameOf(payoutProvider: PayoutProviderName): string {
    return `${payoutProvider}-${this.#caseName}`;
  }

  /** Registers a script's reference, before any call about it. */
  register(script: PayoutScript, reference: string): void {
    const nothing = { callbackUrl: "", calls: 0, queries: 0, accepted: [], refusedAt: [] };
    this.payouts.set(reference, { script, reference, ...nothing });
  }

  /** From now on every call to these providers is counted as forbidden. */
  forbid(providers: readonly PayoutProviderName[]): void {
    this.#forbidden = providers;
  }

  /** Sends the late responses to workers that counted as dead. Returns how many. */
  releaseZombies(): number {
    const zombies = this.#zombies;
    this.#zombies = [];
    for (const wake of zombies) wake();
    return zombies.length;
  }

  write(payout: BookedPayout, status: Exclude<ProviderPayoutStatus, "pending">, variant: number): Delivery {
    const { script, reference, callbackUrl, accepted } = payout;
    const content = {
      kind: "payout" as const,
      status,
      reference,
      providerReference: accepted[0]?.providerReference ?? "",
      amountMinor: script.amountMinor,
      currencyCode: "XOF",
      live: this.#options.isLive,
      variant,
    };
    return DIALECTS[PAYOUT_PROVIDERS[script.payoutProvider].dialect].write(content, callbackUrl);
  }

  async create(request: PayoutRequest): Promise<PayoutCreated> {
    const payout = this.payouts.get(request.reference);
    if (!payout) throw new Error("a payout without a script");
    const { script } = payout;
    payout.callbackUrl = request.callbackUrl;
    this.counts.calls += 1;
    if (this.#forbidden.includes(script.payoutProvider)) this.counts.forbidden += 1;
    const callOutcome =
      script.callOutcomes[Math.min(payout.calls, script.callOutcomes.length - 1)] ?? "accepted";
    payout.calls += 1;
    this.outcomeCounts.set(callOutcome, (this.outcomeCounts.get(callOutcome) ?? 0) + 1);
    return { providerReference: await this.#respond(payout, callOutcome) };
  }

  async get(reference: string, providerReference: string | null): Promise<ProviderState> {
    const payout = this.payouts.get(reference);
    if (!payout) return NOT_FOUND;
    const { script, accepted } = payout;
    payout.queries += 1;
    if (payout.queries <= script.outages) {
      throw new ProviderError(script.index % 2 === 0 ? "unavailable" : "rate_limited", "outage");
    }
    const [first] = accepted;
    const seenAt = this.#options.nowMs() - script.lagMs;
    const isKnownByName = script.payoutProvider !== "unsigned" || providerReference !== null;
    if (!first || first.at > seenAt || !isKnownByName) return NOT_FOUND;
    const status = payoutStatusAt(script, first.at, seenAt);
    if (status === "failed" || status === "reversed") payout.refusedAt.push(this.#options.nowMs());
    return {
      status,
      providerReference: first.providerReference,
      amount: money(script.amountMinor, "XOF"),
      currencyCode: "XOF",
      reasonCode: null,
      live: script.payoutProvider === "unsigned" ? null : this.#options.isLive,
    };
  }

  async #respond(payout: BookedPayout, answer: CallOutcome): Promise<string> {
    if (UNKNOWN_OUTCOMES.has(answer)) {
      if (ACCEPTING.has(answer)) this.#accept(payout);
      throw new ProviderError("outcome_unknown", answer);
    }
    const refusal = REFUSALS[answer];
    if (refusal) throw new ProviderError(refusal, answer);
    switch (answer) {
      case "invalidDestination":
        return this.#refuse(payout, "invalid_destination");
      case "declined":
        return this.#refuse(payout, "declined");
      case "workerDiesBefore":
        killCallingWorker();
        return await new Promise(() => {});
      case "workerDiesAfter":
        this.#accept(payout);
        killCallingWorker();
        return await new Promise(() => {});
      case "zombie": {
        const providerReference = this.#accept(payout);
        killCallingWorker();
        await new Promise<void>((resolve) => this.#zombies.push(resolve));
        return providerReference;
      }
      case "callbackFirst": {
        const providerReference = this.#accept(payout);
        await this.#options.onCallbackFirst(payout);
        return providerReference;
      }
      default:
        return this.#accept(payout);
    }
  }

  #accept(payout: BookedPayout): string {
    const { script, reference, accepted } = payout;
    const [known] = accepted;
    if (known && PAYOUT_PROVIDERS[script.payoutProvider].isIdempotent) {
      this.counts.duplicates += 1;
      // Some providers report a duplicate, some repeat the first response.
      if (script.index % 2 === 0) throw new ProviderError("duplicate", "known");
      return known.providerReference;
    }
    const id = `${this.#caseName}x${script.index}x${accepted.length}`;
    const providerReference = DIALECTS[PAYOUT_PROVIDERS[script.payoutProvider].dialect].providerReferenceOf(
      "payout",
      reference,
      id,
    );
    accepted.push({ providerReference, at: this.#options.nowMs() });
    if (!known) this.#options.onAccepted(payout);
    return providerReference;
  }

  /** A certain refusal, unless an earlier call was accepted: then it is false, and a refund would be wrong. */
  #refuse(payout: BookedPayout, kind: "declined" | "invalid_destination"): never {
    const isKnown = payout.accepted.length > 0;
    // It can't be queried: only the duplicate error shows that the payout exists.
    if (isKnown && payout.script.payoutProvider === "idempotent")
      throw new ProviderError("duplicate", "known");
    if (isKnown) this.counts.falseRefusals += 1;
    else payout.refusedAt.push(this.#options.nowMs());
    throw new ProviderError(kind, kind);
  }
}

function providerOf(payoutProvider: PayoutProviderName, book: PayoutsBook): Provider {
  const { dialect, isIdempotent, country, method } = PAYOUT_PROVIDERS[payoutProvider];
  const { capabilities, verify } = DIALECTS[dialect];
  const limits = { minMinor: 1n, maxMinor: 100_000_000n, stepMinor: 1n };
  return {
    name: book.nameOf(payoutProvider),
    capabilities: {
      ...capabilities,
      methods: [{ method, country, direction: "out", currency: "XOF", ...limits }],
      payoutReferenceIsIdempotent: isIdempotent,
      payoutsHaveNoReference: payoutProvider === "unsigned",
    },
    createCollection: () => Promise.reject(new ProviderError("declined", "none")),
    createPayout: (request) => book.create(request),
    getPayout: (reference, providerReference) => book.get(reference, providerReference),
    verifyWebhook: verify,
  };
}
