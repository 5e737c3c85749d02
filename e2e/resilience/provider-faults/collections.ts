import { AsyncLocalStorage } from "node:async_hooks";
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
import { type Delivery, DIALECTS, type DialectName, methodRow, tellsAmountIn } from "./dialects";

/** A deposit as its provider knows it. */
export interface Collection {
  script: DepositScript;
  reference: string;
  theirs: string;
  callbackUrl: string;
  questions: number;
}

/** The providers of a case, with one book for all of them. */
export interface Collections {
  providers: Provider[];
  nameOf(dialect: DialectName): string;
  /** What is asked of a provider while `work` runs is this script's. */
  play<T>(script: DepositScript, work: () => Promise<T>): Promise<T>;
  /** By the index of the script; undefined until the provider heard of it. */
  find(script: DepositScript): Collection | undefined;
  /** One delivery of a planned callback. */
  write(collection: Collection, event: PlannedEvent, variant: number): Delivery;
}

const UNKNOWN: ProviderState = {
  status: "not_found",
  providerReference: null,
  amount: null,
  currencyCode: null,
  reasonCode: null,
  live: null,
};

/** How a stranger's payment is named: as ours are, and none of ours. */
export function strangersReference(script: DepositScript, caseName: string): string {
  return `STRANGER-${caseName}-${script.index}`;
}

/** `elapsedMs` is the time since the case began; `isLive` the mode that the deployment is in. */
export function createCollections(
  caseName: string,
  scripts: readonly DepositScript[],
  elapsedMs: () => number,
  isLive: boolean,
): Collections {
  const playing = new AsyncLocalStorage<DepositScript>();
  const byReference = new Map<string, Collection>();
  const byIndex = new Map<number, Collection>();
  const strangers = new Map(
    scripts
      .filter(({ events }) => events.some(({ reference }) => reference === "stranger"))
      .map((script) => [strangersReference(script, caseName), script]),
  );

  async function create(request: CollectionRequest): Promise<CollectionCreated> {
    const script = playing.getStore();
    if (!script) throw new Error("nobody plays this deposit");
    if (script.fate === "refusedAtOnce") throw new ProviderError("declined", "refused");
    const { reference, callbackUrl } = request;
    const theirs = DIALECTS[script.dialect].nameOf("collection", reference, `${caseName}${script.index}`);
    const collection = { script, reference, theirs, callbackUrl, questions: 0 };
    byReference.set(reference, collection);
    byIndex.set(script.index, collection);
    if (script.isAnswerLost) throw new ProviderError("outcome_unknown", "timeout");
    return { providerReference: theirs, paymentUrl: `https://pay.test/${reference}` };
  }

  async function get(reference: string): Promise<ProviderState> {
    const stranger = strangers.get(reference);
    if (stranger) return tell(stranger, "succeeded", reference, isLive);
    const collection = byReference.get(reference);
    if (!collection) return UNKNOWN;
    collection.questions += 1;
    const { script, theirs } = collection;
    if (collection.questions <= script.outages) throw new ProviderError("unavailable", "http_503");
    const known = script.book.filter(({ at }) => at + script.lagMs <= elapsedMs()).at(-1);
    return tell(script, known?.status ?? "pending", theirs, isLive);
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
    play: (script, work) => playing.run(script, work),
    find: (script) => byIndex.get(script.index),
    write: (collection, event, variant) => {
      const { script, callbackUrl } = collection;
      const isStranger = event.reference === "stranger";
      const reference = isStranger ? strangersReference(script, caseName) : collection.reference;
      const dialect = DIALECTS[script.dialect];
      const other = dialect.nameOf("collection", reference, `${caseName}${script.index}X`);
      const told = {
        kind: "collection" as const,
        status: event.status,
        reference,
        theirs: event.isOwn ? collection.theirs : other,
        amountMinor: script.paidMinor,
        currencyCode: script.currencyCode,
        live: script.isOtherMode ? !isLive : isLive,
        variant,
      };
      return dialect.write(told, callbackUrl);
    },
  };
}

function tell(
  script: DepositScript,
  status: ProviderState["status"],
  theirs: string,
  isLive: boolean,
): ProviderState {
  const { dialect, paidMinor, currencyCode } = script;
  const hasAmount = isCurrency(currencyCode) && tellsAmountIn(dialect, currencyCode);
  return {
    status,
    providerReference: theirs,
    amount: hasAmount ? money(paidMinor, currencyCode) : null,
    currencyCode,
    reasonCode: null,
    live: dialect === "hinted" ? null : isLive !== script.isOtherMode,
  };
}
