import { AsyncLocalStorage } from "node:async_hooks";
import { NOT_FOUND } from "@/e2e/support/fake-provider";
import { isCurrency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import {
  type CollectionRequest,
  type Direction,
  type PayoutRequest,
  type Provider,
  ProviderError,
  type ProviderErrorKind,
  type ProviderState,
} from "@/lib/providers/provider";
import type { Delivery } from "./dialects";
import { killCallingWorker } from "./job-pump";
import { PROVIDER_NAMES, PROVIDERS, type ProviderName } from "./provider-kinds";
import type { CallOutcome, EndStatus, PlannedCallback, Script } from "./script";

/** The provider's record of a payment. */
export interface Booked<S extends Script = Script> {
  script: S;
  reference: string;
  callbackUrl: string;
  calls: number;
  queries: number;
  /** Each acceptance: more than one pays more than once. */
  accepted: { providerReference: string; at: number }[];
  /** When the provider refused it for certain, or reversed it. */
  refusedAt: number[];
}

/** The status in the book, so long after acceptance. */
export function statusAt({ timeline }: Script, elapsedMs: number): EndStatus | "pending" {
  return timeline.filter(({ at }) => at <= elapsedMs).at(-1)?.status ?? "pending";
}

/** True when it is paid in the end. */
export function isPaidInTheEnd({ script, accepted }: Booked): boolean {
  return accepted.length > 0 && script.timeline.at(-1)?.status === "succeeded";
}

/** Calls that end with an error: of which kind, and whether the provider accepted the payment all the same. */
const FAILED_CALLS: Partial<Record<CallOutcome, { kind: ProviderErrorKind; isAccepted?: true }>> = {
  acceptedThenTimeout: { kind: "outcome_unknown", isAccepted: true },
  errorBefore: { kind: "outcome_unknown" },
  errorAfter: { kind: "outcome_unknown", isAccepted: true },
  garbageBefore: { kind: "outcome_unknown" },
  garbageAfter: { kind: "outcome_unknown", isAccepted: true },
  rateLimited: { kind: "rate_limited" },
  noFloat: { kind: "insufficient_float" },
  unreachable: { kind: "unavailable" },
};

export interface BookOptions<S extends Script> {
  caseName: string;
  kind: "collection" | "payout";
  nowMs(): number;
  isLive: boolean;
  onCall(outcome: CallOutcome): void;
  /** A payment was accepted: its callbacks can be scheduled. */
  onAccepted(record: Booked<S>): void;
  /** A callback must arrive before the response. */
  onCallbackFirst(record: Booked<S>): Promise<void>;
}

/** The fake providers of a case, with one book for all of them. */
export class ProviderBook<S extends Script> {
  readonly records = new Map<string, Booked<S>>();
  readonly counts = { calls: 0, forbidden: 0, duplicates: 0, falseRefusals: 0 };
  readonly providers: readonly Provider[];
  /** Calls to these providers count as forbidden. */
  forbidden: readonly ProviderName[] = [];
  readonly #requested = new AsyncLocalStorage<S>();
  #late: (() => void)[] = [];

  constructor(private readonly options: BookOptions<S>) {
    this.providers = PROVIDER_NAMES.map((name) => this.#providerOf(name));
  }

  nameOf(provider: ProviderName): string {
    return `${provider}-${this.options.caseName}`;
  }

  /** A reference that looks like ours and isn't. */
  unknownReference({ index }: Script): string {
    return `UNKNOWN-${this.options.caseName}-${index}`;
  }

  /** Runs a request of the payment, which may call the provider, and registers the reference that it returns. Returns the record. */
  async request(script: S, work: () => Promise<string>): Promise<Booked<S>> {
    return this.#register(script, await this.#requested.run(script, work));
  }

  #register(script: S, reference: string): Booked<S> {
    const nothing = { callbackUrl: "", calls: 0, queries: 0, accepted: [], refusedAt: [] };
    const record = this.records.get(reference) ?? { script, reference, ...nothing };
    this.records.set(reference, record);
    return record;
  }

  /** Sends the late responses to workers that counted as dead. Returns how many. */
  releaseLateResponses(): number {
    const late = this.#late.splice(0);
    for (const respond of late) respond();
    return late.length;
  }

  /** The callback as it is delivered; deliveries of other variants differ in their bytes. */
  write(record: Booked<S>, { status, about }: PlannedCallback, variant: number): Delivery {
    const { caseName, kind, isLive } = this.options;
    const { script, accepted } = record;
    const { amountMinor, currencyCode, isOtherMode } = script.reported;
    const { dialect } = PROVIDERS[script.provider];
    const reference = about === "an unknown reference" ? this.unknownReference(script) : record.reference;
    const other = dialect.providerReferenceOf(kind, reference, `${caseName}x${script.index}xOther`);
    const providerReference = about === "it" ? (accepted[0]?.providerReference ?? other) : other;
    const live = isLive !== isOtherMode;
    const content = { kind, status, reference, providerReference, amountMinor, currencyCode, live, variant };
    return dialect.write(content, record.callbackUrl);
  }

  async #create({ reference, callbackUrl }: CollectionRequest | PayoutRequest): Promise<string> {
    const script = this.records.get(reference)?.script ?? this.#requested.getStore();
    if (!script) throw new Error("a call to the provider belongs to a script");
    const record = this.#register(script, reference);
    record.callbackUrl = callbackUrl;
    this.counts.calls += 1;
    if (this.forbidden.includes(script.provider)) this.counts.forbidden += 1;
    const { callOutcomes } = script;
    const outcome = callOutcomes[Math.min(record.calls, callOutcomes.length - 1)] ?? "accepted";
    record.calls += 1;
    this.options.onCall(outcome);
    return await this.#respond(record, outcome);
  }

  async #respond(record: Booked<S>, outcome: CallOutcome): Promise<string> {
    const failed = FAILED_CALLS[outcome];
    if (failed?.isAccepted) this.#accept(record);
    if (failed) throw new ProviderError(failed.kind, outcome);
    if (outcome === "declined") return this.#refuse(record, "declined");
    if (outcome === "invalidDestination") return this.#refuse(record, "invalid_destination");
    if (outcome === "workerDiesBefore") return await dieForever();
    const providerReference = this.#accept(record);
    if (outcome === "workerDiesAfter") return await dieForever();
    if (outcome === "callbackFirst") await this.options.onCallbackFirst(record);
    if (outcome === "lateResponse") {
      killCallingWorker();
      await new Promise<void>((resolve) => this.#late.push(resolve));
    }
    return providerReference;
  }

  #accept(record: Booked<S>): string {
    const { script, reference, accepted } = record;
    const { isIdempotent, dialect } = PROVIDERS[script.provider];
    const [known] = accepted;
    if (known && isIdempotent) {
      this.counts.duplicates += 1;
      // Some providers report a duplicate, some repeat the first response.
      if (script.index % 2 === 0) throw new ProviderError("duplicate", "known");
      return known.providerReference;
    }
    const { caseName, kind, nowMs } = this.options;
    const id = `${caseName}x${script.index}x${accepted.length}`;
    const providerReference = dialect.providerReferenceOf(kind, reference, id);
    accepted.push({ providerReference, at: nowMs() });
    if (!known) this.options.onAccepted(record);
    return providerReference;
  }

  /** A certain refusal, unless an earlier call was accepted: then it is false, and a refund would be wrong. */
  #refuse(record: Booked<S>, kind: "declined" | "invalid_destination"): never {
    const isKnown = record.accepted.length > 0;
    // It can't be queried: only the duplicate error shows that the payout exists.
    if (isKnown && record.script.provider === "idempotent") throw new ProviderError("duplicate", "known");
    if (isKnown) this.counts.falseRefusals += 1;
    else record.refusedAt.push(this.options.nowMs());
    throw new ProviderError(kind, kind);
  }

  async #query(reference: string, ownReference: string | null): Promise<ProviderState> {
    const { kind, nowMs } = this.options;
    const unknown = [...this.records.values()].find(
      ({ script }) => reference === this.unknownReference(script),
    );
    if (unknown) return this.#stateOf(unknown.script, "succeeded", reference);
    const record = this.records.get(reference);
    if (!record) return NOT_FOUND;
    const { script, accepted } = record;
    record.queries += 1;
    if (record.queries <= script.outages)
      throw new ProviderError(script.index % 2 === 0 ? "unavailable" : "rate_limited", "outage");
    const seenAt = nowMs() - script.lagMs;
    const [first] = accepted;
    const isHidden =
      kind === "payout" &&
      ((first?.at ?? 0) > seenAt || (script.provider === "unsigned" && ownReference === null));
    if (!first || isHidden) return NOT_FOUND;
    const status = statusAt(script, seenAt - first.at);
    if (status === "failed" || status === "reversed") record.refusedAt.push(nowMs());
    return this.#stateOf(script, status, first.providerReference);
  }

  #stateOf(script: S, status: ProviderState["status"], providerReference: string): ProviderState {
    const { amountMinor, currencyCode, isOtherMode } = script.reported;
    const { hasAmountIn } = PROVIDERS[script.provider].dialect;
    const amount =
      isCurrency(currencyCode) && hasAmountIn(currencyCode) ? money(amountMinor, currencyCode) : null;
    const live = script.provider === "unsigned" ? null : this.options.isLive !== isOtherMode;
    return { status, providerReference, amount, currencyCode, reasonCode: null, live };
  }

  #providerOf(name: ProviderName): Provider {
    const { dialect, isIdempotent, country, method } = PROVIDERS[name];
    const limits = { currency: "XOF", minMinor: 1n, maxMinor: 100_000_000n, stepMinor: 1n } as const;
    const row = (direction: Direction) => ({ method, country, direction, ...limits });
    return {
      name: this.nameOf(name),
      capabilities: {
        ...dialect.capabilities,
        methods: [row("in"), row("out")],
        payoutReferenceIsIdempotent: isIdempotent === true,
        payoutsHaveNoReference: name === "unsigned",
      },
      createCollection: async (request) => {
        const providerReference = await this.#create(request);
        return { providerReference, paymentUrl: `https://pay.test/${request.reference}` };
      },
      createPayout: async (request) => ({ providerReference: await this.#create(request) }),
      getCollection: (reference) => this.#query(reference, null),
      getPayout: (reference, providerReference) => this.#query(reference, providerReference),
      verifyWebhook: dialect.verify,
    };
  }
}

async function dieForever(): Promise<never> {
  killCallingWorker();
  return await new Promise(() => {});
}
