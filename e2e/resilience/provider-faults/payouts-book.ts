import { money } from "@/lib/money/money";
import {
  type PayoutCreated,
  type PayoutRequest,
  type Provider,
  ProviderError,
  type ProviderErrorKind,
  type ProviderState,
  type ProviderStatus,
} from "@/lib/providers/provider";
import { type Delivery, DIALECTS } from "./dialects";
import { killCallingWorker } from "./job-pump";
import { type Answer, PAYER_NAMES, PAYERS, type PayerName, type PayoutScript } from "./payout-script";

/** A payout as its provider knows it. */
export interface BookedPayout {
  script: PayoutScript;
  reference: string;
  callbackUrl: string;
  calls: number;
  questions: number;
  /** Each time that it was taken on: more than once is paid more than once. */
  accepted: { theirs: string; at: number }[];
  /** When the provider said for certain that nothing was, or stays, paid. */
  noes: number[];
}

/** What the book says of one payout at an instant. */
export type Standing = Extract<ProviderStatus, "pending" | "succeeded" | "failed" | "reversed">;

/** Calls whose outcome nobody hears. */
const UNHEARD: ReadonlySet<Answer> = new Set([
  "acceptedThenTimeout",
  "errorBefore",
  "errorAfter",
  "garbageBefore",
  "garbageAfter",
]);
const ACCEPTING: ReadonlySet<Answer> = new Set(["acceptedThenTimeout", "errorAfter", "garbageAfter"]);
/** Calls that reached nobody who would pay. */
const REFUSALS: Partial<Record<Answer, ProviderErrorKind>> = {
  rateLimited: "rate_limited",
  noFloat: "insufficient_float",
  unreachable: "unavailable",
};

const NOT_FOUND: ProviderState = {
  status: "not_found",
  providerReference: null,
  amount: null,
  currencyCode: null,
  reasonCode: null,
  live: null,
};

export interface PayoutsSurroundings {
  nowMs(): number;
  isLive: boolean;
  /** It was taken on: its callbacks will come. */
  onAccepted(payout: BookedPayout): void;
  /** A callback is to arrive before the answer does. */
  onCallbackFirst(payout: BookedPayout): Promise<void>;
}

/** How a payout that was accepted `at` stands at `nowMs`. */
export function standingOf(
  { ending, settlesAfterMs, flipsAfterMs }: PayoutScript,
  at: number,
  nowMs: number,
): Standing {
  if (nowMs < at + settlesAfterMs) return "pending";
  const isFlipped = nowMs >= at + settlesAfterMs + flipsAfterMs;
  switch (ending) {
    case "paid":
      return "succeeded";
    case "failed":
      return "failed";
    case "reversed":
      return isFlipped ? "reversed" : "succeeded";
    case "failedThenPaid":
      return isFlipped ? "succeeded" : "failed";
  }
}

/** Is it paid when all is over? */
export function isPaidInTheEnd({ script, accepted }: BookedPayout): boolean {
  return accepted.length > 0 && (script.ending === "paid" || script.ending === "failedThenPaid");
}

/** The providers of a case, with one book for all of them. */
export class PayoutsBook {
  readonly payouts = new Map<string, BookedPayout>();
  readonly counts = { calls: 0, forbidden: 0, duplicates: 0, lyingNoes: 0 };
  /** How often each answer was given. */
  readonly answered = new Map<Answer, number>();
  readonly providers: Provider[];
  readonly #caseName: string;
  readonly #around: PayoutsSurroundings;
  #zombies: (() => void)[] = [];
  #forbidden: readonly PayerName[] = [];

  constructor(caseName: string, around: PayoutsSurroundings) {
    this.#caseName = caseName;
    this.#around = around;
    this.providers = PAYER_NAMES.map((payer) => providerOf(payer, this));
  }

  nameOf(payer: PayerName): string {
    return `${payer}-${this.#caseName}`;
  }

  /** Whose reference it is, before any call about it. */
  register(script: PayoutScript, reference: string): void {
    const payout = { script, reference, callbackUrl: "", calls: 0, questions: 0, accepted: [], noes: [] };
    this.payouts.set(reference, payout);
  }

  /** From now on no call may begin to these payers. */
  forbid(payers: readonly PayerName[]): void {
    this.#forbidden = payers;
  }

  /** Late answers to workers that everybody took for dead arrive. Answers how many. */
  releaseZombies(): number {
    const zombies = this.#zombies;
    this.#zombies = [];
    for (const wake of zombies) wake();
    return zombies.length;
  }

  write(payout: BookedPayout, status: Exclude<Standing, "pending">, variant: number): Delivery {
    const { script, reference, callbackUrl, accepted } = payout;
    const told = {
      kind: "payout" as const,
      status,
      reference,
      theirs: accepted[0]?.theirs ?? "",
      amountMinor: script.amountMinor,
      currencyCode: "XOF",
      live: this.#around.isLive,
      variant,
    };
    return DIALECTS[PAYERS[script.payer].dialect].write(told, callbackUrl);
  }

  async create(request: PayoutRequest): Promise<PayoutCreated> {
    const payout = this.payouts.get(request.reference);
    if (!payout) throw new Error("a payout that nobody asked for");
    const { script } = payout;
    payout.callbackUrl = request.callbackUrl;
    this.counts.calls += 1;
    if (this.#forbidden.includes(script.payer)) this.counts.forbidden += 1;
    const answer = script.answers[Math.min(payout.calls, script.answers.length - 1)] ?? "accepted";
    payout.calls += 1;
    this.answered.set(answer, (this.answered.get(answer) ?? 0) + 1);
    return { providerReference: await this.#answer(payout, answer) };
  }

  async get(reference: string, providerReference: string | null): Promise<ProviderState> {
    const payout = this.payouts.get(reference);
    if (!payout) return NOT_FOUND;
    const { script, accepted } = payout;
    payout.questions += 1;
    if (payout.questions <= script.outages) {
      throw new ProviderError(script.index % 2 === 0 ? "unavailable" : "rate_limited", "outage");
    }
    const [first] = accepted;
    const seenAt = this.#around.nowMs() - script.lagMs;
    const isKnownByName = script.payer !== "hinted" || providerReference !== null;
    if (!first || first.at > seenAt || !isKnownByName) return NOT_FOUND;
    const status = standingOf(script, first.at, seenAt);
    if (status === "failed" || status === "reversed") payout.noes.push(this.#around.nowMs());
    return {
      status,
      providerReference: first.theirs,
      amount: money(script.amountMinor, "XOF"),
      currencyCode: "XOF",
      reasonCode: null,
      live: script.payer === "hinted" ? null : this.#around.isLive,
    };
  }

  async #answer(payout: BookedPayout, answer: Answer): Promise<string> {
    if (UNHEARD.has(answer)) {
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
        const theirs = this.#accept(payout);
        killCallingWorker();
        await new Promise<void>((resolve) => this.#zombies.push(resolve));
        return theirs;
      }
      case "callbackFirst": {
        const theirs = this.#accept(payout);
        await this.#around.onCallbackFirst(payout);
        return theirs;
      }
      default:
        return this.#accept(payout);
    }
  }

  #accept(payout: BookedPayout): string {
    const { script, reference, accepted } = payout;
    const [known] = accepted;
    if (known && PAYERS[script.payer].isIdempotent) {
      this.counts.duplicates += 1;
      // Some say so, some answer as they did the first time.
      if (script.index % 2 === 0) throw new ProviderError("duplicate", "known");
      return known.theirs;
    }
    const id = `${this.#caseName}x${script.index}x${accepted.length}`;
    const theirs = DIALECTS[PAYERS[script.payer].dialect].nameOf("payout", reference, id);
    accepted.push({ theirs, at: this.#around.nowMs() });
    if (!known) this.#around.onAccepted(payout);
    return theirs;
  }

  /** A certain no, unless an earlier call was accepted: then it's a lie, and refunding on it would be wrong. */
  #refuse(payout: BookedPayout, kind: "declined" | "invalid_destination"): never {
    const isKnown = payout.accepted.length > 0;
    // Where nobody can be asked nothing is left to go by but the answer to a reference that pays once.
    if (isKnown && payout.script.payer === "again") throw new ProviderError("duplicate", "known");
    if (isKnown) this.counts.lyingNoes += 1;
    else payout.noes.push(this.#around.nowMs());
    throw new ProviderError(kind, kind);
  }
}

function providerOf(payer: PayerName, book: PayoutsBook): Provider {
  const { dialect, isIdempotent, country, method } = PAYERS[payer];
  const { capabilities, verify } = DIALECTS[dialect];
  const limits = { minMinor: 1n, maxMinor: 100_000_000n, stepMinor: 1n };
  return {
    name: book.nameOf(payer),
    capabilities: {
      ...capabilities,
      methods: [{ method, country, direction: "out", currency: "XOF", ...limits }],
      payoutReferenceIsIdempotent: isIdempotent,
      payoutsAreNameless: payer === "hinted",
    },
    createCollection: () => Promise.reject(new ProviderError("declined", "none")),
    createPayout: (request) => book.create(request),
    getPayout: (reference, providerReference) => book.get(reference, providerReference),
    verifyWebhook: verify,
  };
}
