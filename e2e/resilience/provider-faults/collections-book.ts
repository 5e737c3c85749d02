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
import { type Delivery, DIALECTS, type DialectName, hasAmountIn, methodRow } from "./dialects";

/** The provider's record of a deposit. */
export interface Collection {
  script: DepositScript;
  reference: string;
  providerReference: string;
  callbackUrl: string;
  queries: number;
}

/** The fake providers of a case, with one book for all of them. */
export interface CollectionsBook {
  providers: Provider[];
  nameOf(dialect: DialectName): string;
  /** Runs `work`: collections created by it belong to this script. */
  run<T>(script: DepositScript, work: () => Promise<T>): Promise<T>;
  /** The record of a script; undefined before its collection was created. */
  find(script: DepositScript): Collection | undefined;
  /** One delivery of a planned callback. */
  write(collection: Collection, event: PlannedEvent, variant: number): Delivery;
}

/** A reference that looks like ours and isn't. */
export function unknownReference(script: DepositScript, caseName: string): string {
  return `STRANGER-${caseName}-${script.index}`;
}

/** `elapsedMs` is the time since the case began; `isLive` whether the providers run in live mode. */
export function createCollectionsBook(
  caseName: string,
  scripts: readonly DepositScript[],
  elapsedMs: () => number,
  isLive: boolean,
): CollectionsBook {
  const currentScript = new AsyncLocalStorage<DepositScript>();
  const byReference = new Map<string, Collection>();
  const byIndex = new Map<number, Collection>();
  const unknownReferences = new Map(
    scripts
      .filter(({ events }) => events.some(({ reference }) => reference === "unknown"))
      .map((script) => [unknownReference(script, caseName), script]),
  );

  async function create(request: CollectionRequest): Promise<CollectionCreated> {
    const script = currentScript.getStore();
    if (!script) throw new Error("a collection needs a running script");
    if (script.fate === "refusedAtOnce") throw new ProviderError("declined", "refused");
    const { reference, callbackUrl } = request;
    const providerReference = DIALECTS[script.dialect].providerReferenceOf(
      "collection",
      reference,
      `${caseName}${script.index}`,
    );
    const collection = { script, reference, providerReference, callbackUrl, queries: 0 };
    byReference.set(reference, collection);
    byIndex.set(script.index, collection);
    if (script.isAnswerLost) throw new ProviderError("outcome_unknown", "timeout");
    return { providerReference: providerReference, paymentUrl: `https://pay.test/${reference}` };
  }

  async function get(reference: string): Promise<ProviderState> {
    const unknown = unknownReferences.get(reference);
    if (unknown) return tell(unknown, "succeeded", reference, isLive);
    const collection = byReference.get(reference);
    if (!collection) return NOT_FOUND;
    collection.queries += 1;
    const { script, providerReference } = collection;
    if (collection.queries <= script.outages) throw new ProviderError("unavailable", "http_503");
    const known = script.book.filter(({ at }) => at + script.lagMs <= elapsedMs()).at(-1);
    return tell(script, known?.status ?? "pending", providerReference, isLive);
  }

  const nameOf = (dialect: DialectName) => `${dialect}-${caseName}`;
  return {
    nameOf,
    providers: (Object.keys(DIALECTS) as DialectName[]).map((dialect) => ({
      name: nameOf(dialect),
      capabilities: {
        ...DIALECTS[dialect].capabilities,
        methods: [methodRow(dialect, "in")],
        payoutReferenceIsIdempotent: false,
      },
      createCollection: create,
      createPayout: () => Promise.reject(new ProviderError("declined", "none")),
      getCollection: get,
      verifyWebhook: DIALECTS[dialect].verify,
    })),
    run: (script, work) => currentScript.run(script, work),
    find: (script) => byIndex.get(script.index),
    write: (collection, event, variant) => {
      const { script, callbackUrl } = collection;
      const isStranger = event.reference === "unknown";
      const reference = isStranger ? unknownReference(script, caseName) : collection.reference;
      const dialect = DIALECTS[script.dialect];
      const other = dialect.providerReferenceOf("collection", reference, `${caseName}${script.index}X`);
      const content = {
        kind: "collection" as const,
        status: event.status,
        reference,
        providerReference: event.isOwnPayment ? collection.providerReference : other,
        amountMinor: script.paidMinor,
        currencyCode: script.currencyCode,
        live: script.isOtherMode ? !isLive : isLive,
        variant,
      };
      return dialect.write(content, callbackUrl);
    },
  };
}

function tell(
  script: DepositScript,
  status: ProviderState["status"],
  providerReference: string,
  isLive: boolean,
): ProviderState {
  const { dialect, paidMinor, currencyCode } = script;
  const hasAmount = isCurrency(currencyCode) && hasAmountIn(dialect, currencyCode);
  return {
    status,
    providerReference: providerReference,
    amount: hasAmount ? money(paidMinor, currencyCode) : null,
    currencyCode,
    reasonCode: null,
    live: dialect === "unsigned" ? null : isLive !== script.isOtherMode,
  };
}
