import { AsyncLocalStorage } from "node:async_hooks";
import { createFakeProvider, fakeWebhook, NOT_FOUND } from "@/e2e/support/fake-provider";
import { isCurrency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import {
  type Provider,
  ProviderError,
  type ProviderErrorKind,
  type ProviderState,
  type ProviderStatus,
} from "@/lib/providers/provider";
import { killCallingWorker } from "./job-queue";
import { PROVIDER_NAMES, PROVIDERS, type ProviderName } from "./providers";
import type { CallOutcome, EndStatus, PlannedCallback, Script } from "./script";

/** The provider's record of a payment. */
export interface Booked<S extends Script = Script> {
  script: S;
  reference: string;
  calls: number;
  queries: number;
  /** Each acceptance: more than one pays more than once. */
  accepted: { providerReference: string; at: number }[];
  /** When the provider refused it for certain, or reversed it. */
  refusedAt: number[];
}

/** True when it is paid in the end. */
export function isPaidInTheEnd({ script, accepted }: Booked): boolean {
  return accepted.length > 0 && script.timeline.at(-1)?.status === "succeeded";
}

/** Calls that end with an error: of which kind, and whether the provider accepted the payment all the same. */
const FAILED_CALLS: Partial<Record<CallOutcome, { kind: ProviderErrorKind; isAccepted?: true }>> = {
  acceptedThenTimeout: { kind: "outcome_unknown", isAccepted: true },
  errorBefore: { kind: "outcome_unknown" },
  rateLimited: { kind: "rate_limited" },
  noFloat: { kind: "insufficient_float" },
  unreachable: { kind: "unavailable" },
};

export interface BookOptions<S extends Script> {
  /** Makes references of the provider unique among the cases of one database. */
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

/** The fake providers of a case, with one book for all of them, which follows the scripts of the payments. */
export class ProviderBook<S extends Script> {
  readonly records = new Map<string, Booked<S>>();
  readonly counts = { calls: 0, duplicates: 0, falseRefusals: 0 };
  readonly providers: readonly Provider[];
  readonly #requested = new AsyncLocalStorage<S>();
  #late: (() => void)[] = [];

  constructor(private readonly options: BookOptions<S>) {
    this.providers = PROVIDER_NAMES.map((name) => this.#providerOf(name));
  }

  /** A reference that looks like ours and isn't. */
  unknownReference({ index }: Script): string {
    return `UNKNOWN-${this.options.caseName}-${index}`;
  }

  /** The record that an operation or an unknown reference belongs to. */
  ownerOf(reference: string | null): Booked<S> | undefined {
    return [...this.records.values()].find(
      (record) => record.reference === reference || this.unknownReference(record.script) === reference,
    );
  }

  /** Runs a request of the payment, which may call the provider, and registers the reference that it returns. Returns the record. */
  async request(script: S, work: () => Promise<string>): Promise<Booked<S>> {
    return this.#register(script, await this.#requested.run(script, work));
  }

  #register(script: S, reference: string): Booked<S> {
    const nothing = { calls: 0, queries: 0, accepted: [], refusedAt: [] };
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

  /** The callback as it is delivered now; an unsigned one of another variant counts as another event. */
  write(record: Booked<S>, { status, about }: PlannedCallback, variant = 0, signature?: string) {
    const { caseName, kind, nowMs } = this.options;
    const { script, accepted } = record;
    const { signedWebhooks = true, queriesPayouts = false } = PROVIDERS[script.provider];
    const reference = about === "an unknown reference" ? this.unknownReference(script) : record.reference;
    const other = `${caseName}x${script.index}xOther`;
    const providerReference = about === "it" ? (accepted[0]?.providerReference ?? other) : other;
    // A provider that can be queried is asked before its failure counts.
    if (status !== "succeeded" && signedWebhooks && !queriesPayouts) record.refusedAt.push(nowMs());
    const eventKey = `${status}:${providerReference}${signedWebhooks ? "" : `:${variant}`}`;
    return fakeWebhook(
      { ...this.#stateOf(script, status, providerReference), eventKey, kind, reference },
      signature,
    );
  }

  async #create(reference: string): Promise<string> {
    const script = this.records.get(reference)?.script ?? this.#requested.getStore();
    if (!script) throw new Error("a call to the provider belongs to a script");
    const record = this.#register(script, reference);
    this.counts.calls += 1;
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
    const { script, accepted } = record;
    const [known] = accepted;
    if (known && PROVIDERS[script.provider].payoutReferenceIsIdempotent) {
      this.counts.duplicates += 1;
      // Some providers report a duplicate, some repeat the first response.
      if (script.index % 2 === 0) throw new ProviderError("duplicate", "known");
      return known.providerReference;
    }
    const { caseName, nowMs } = this.options;
    const providerReference = `${caseName}x${script.index}x${accepted.length}`;
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
    const record = this.ownerOf(reference);
    if (!record) return NOT_FOUND;
    const { script, accepted } = record;
    if (record.reference !== reference) return this.#stateOf(script, "succeeded", reference);
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

  #stateOf(script: S, status: ProviderStatus, providerReference: string): ProviderState {
    const { amountMinor, currencyCode, isOtherMode } = script.reported;
    const amount = isCurrency(currencyCode) ? money(amountMinor, currencyCode) : null;
    const live = script.provider === "unsigned" ? null : this.options.isLive !== isOtherMode;
    return { status, providerReference, amount, currencyCode, reasonCode: null, live };
  }

  #providerOf(name: ProviderName): Provider {
    const { country, method, phone: _phone, isSilentOnPayouts: _isSilent, ...capabilities } = PROVIDERS[name];
    const limits = { currency: "XOF", minMinor: 1n, maxMinor: 100_000_000n, stepMinor: 1n } as const;
    const methods = (["in", "out"] as const).map((direction) => ({ method, country, direction, ...limits }));
    return Object.assign(createFakeProvider(name, { methods, ...capabilities }), {
      onCollection: async ({ reference }: { reference: string }) => {
        const providerReference = await this.#create(reference);
        return { providerReference, paymentUrl: `https://pay.test/${reference}` };
      },
      onPayout: async ({ reference }: { reference: string }) => {
        return { providerReference: await this.#create(reference) };
      },
      getCollection: (reference: string) => this.#query(reference, null),
      getPayout: (reference: string, own: string | null) => this.#query(reference, own),
    });
  }
}

/** The status in the book, so long after acceptance. */
function statusAt({ timeline }: Script, elapsedMs: number): EndStatus | "pending" {
  return timeline.filter(({ at }) => at <= elapsedMs).at(-1)?.status ?? "pending";
}

async function dieForever(): Promise<never> {
  killCallingWorker();
  return await new Promise(() => {});
}
