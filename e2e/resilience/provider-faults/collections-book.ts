import { AsyncLocalStorage } from "node:async_hooks";
import { NOT_FOUND } from "@/e2e/support/fake-provider";
import { isCurrency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import {
  type CollectionCreated,
  type CollectionRequest,
  type Provider,
  ProviderError,
  type ProviderState,
} from "@/lib/providers/provider";
import type { DepositScript, PlannedEvent } from "./deposit-script";
import { type Delivery, DIALECT_NAMES, DIALECTS, type DialectName, hasAmountIn, methodRow } from "./dialects";

/** The provider's record of a deposit. */
export interface Collection {
  script: DepositScript;
  reference: string;
  providerReference: string;
  callbackUrl: string;
  queries: number;
}

/** A reference that looks like ours and isn't. */
export function unknownReference(script: DepositScript, caseName: string): string {
  return `UNKNOWN-${caseName}-${script.index}`;
}

export interface CollectionsBookOptions {
  caseName: string;
  scripts: readonly DepositScript[];
  /** Milliseconds since the case began. */
  elapsedMs(): number;
  /** True when the providers run in live mode. */
  isLive: boolean;
}

/** The fake providers of a case, with one book for all of them. */
export class CollectionsBook {
  readonly providers: Provider[];
  readonly #options: CollectionsBookOptions;
  readonly #currentScript = new AsyncLocalStorage<DepositScript>();
  readonly #byReference = new Map<string, Collection>();
  readonly #byIndex = new Map<number, Collection>();
  /** Scripts whose callbacks name a reference that we don't know, by that reference. */
  readonly #unknownReferences: ReadonlyMap<string, DepositScript>;

  constructor(options: CollectionsBookOptions) {
    const { caseName, scripts } = options;
    this.#options = options;
    this.#unknownReferences = new Map(
      scripts
        .filter(({ events }) => events.some(({ reference }) => reference === "unknown"))
        .map((script) => [unknownReference(script, caseName), script]),
    );
    this.providers = DIALECT_NAMES.map((dialect) => this.#providerOf(dialect));
  }

  nameOf(dialect: DialectName): string {
    return `${dialect}-${this.#options.caseName}`;
  }

  /** Runs `work`: collections created by it belong to this script. */
  run<T>(script: DepositScript, work: () => Promise<T>): Promise<T> {
    return this.#currentScript.run(script, work);
  }

  /** The record of a script; undefined before its collection was created. */
  find(script: DepositScript): Collection | undefined {
    return this.#byIndex.get(script.index);
  }

  /** One delivery of a planned callback. */
  write(collection: Collection, event: PlannedEvent, variant: number): Delivery {
    const { caseName, isLive } = this.#options;
    const { script, callbackUrl } = collection;
    const isUnknown = event.reference === "unknown";
    const reference = isUnknown ? unknownReference(script, caseName) : collection.reference;
    const dialect = DIALECTS[script.dialect];
    const otherPayment = dialect.providerReferenceOf("collection", reference, `${caseName}${script.index}X`);
    const content = {
      kind: "collection" as const,
      status: event.status,
      reference,
      providerReference: event.isOwnPayment ? collection.providerReference : otherPayment,
      amountMinor: script.paidMinor,
      currencyCode: script.currencyCode,
      live: script.isOtherMode ? !isLive : isLive,
      variant,
    };
    return dialect.write(content, callbackUrl);
  }

  async #create({ reference, callbackUrl }: CollectionRequest): Promise<CollectionCreated> {
    const script = this.#currentScript.getStore();
    if (!script) throw new Error("a collection needs a running script");
    if (script.fate === "refusedAtOnce") throw new ProviderError("declined", "refused");
    const dialect = DIALECTS[script.dialect];
    const id = `${this.#options.caseName}${script.index}`;
    const providerReference = dialect.providerReferenceOf("collection", reference, id);
    const collection = { script, reference, providerReference, callbackUrl, queries: 0 };
    this.#byReference.set(reference, collection);
    this.#byIndex.set(script.index, collection);
    if (script.isResponseLost) throw new ProviderError("outcome_unknown", "timeout");
    return { providerReference, paymentUrl: `https://pay.test/${reference}` };
  }

  async #get(reference: string): Promise<ProviderState> {
    const { elapsedMs, isLive } = this.#options;
    const unknown = this.#unknownReferences.get(reference);
    if (unknown) return stateOf(unknown, "succeeded", reference, isLive);
    const collection = this.#byReference.get(reference);
    if (!collection) return NOT_FOUND;
    collection.queries += 1;
    const { script, providerReference } = collection;
    if (collection.queries <= script.outages) throw new ProviderError("unavailable", "http_503");
    const known = script.book.filter(({ at }) => at + script.lagMs <= elapsedMs()).at(-1);
    return stateOf(script, known?.status ?? "pending", providerReference, isLive);
  }

  #providerOf(dialect: DialectName): Provider {
    const { capabilities, verify } = DIALECTS[dialect];
    return {
      name: this.nameOf(dialect),
      capabilities: {
        ...capabilities,
        methods: [methodRow(dialect, "in")],
        payoutReferenceIsIdempotent: false,
      },
      createCollection: (request) => this.#create(request),
      createPayout: () => Promise.reject(new ProviderError("declined", "none")),
      getCollection: (reference) => this.#get(reference),
      verifyWebhook: verify,
    };
  }
}

function stateOf(
  script: DepositScript,
  status: ProviderState["status"],
  providerReference: string,
  isLive: boolean,
): ProviderState {
  const { dialect, paidMinor, currencyCode } = script;
  const hasAmount = isCurrency(currencyCode) && hasAmountIn(dialect, currencyCode);
  return {
    status,
    providerReference,
    amount: hasAmount ? money(paidMinor, currencyCode) : null,
    currencyCode,
    reasonCode: null,
    live: dialect === "unsigned" ? null : isLive !== script.isOtherMode,
  };
}
