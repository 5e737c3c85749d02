import type { Currency } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";

/** ISO 3166-1 alpha-2 codes of the countries that a method may serve. */
export type CountryCode = "BF" | "CI" | "SN" | "ML" | "TG" | "BJ" | "NE" | "GW" | "NG";

/** `in` collects from a person, `out` pays to one. */
export type Direction = "in" | "out";

/** One row of the table country × method × direction that an adapter declares. Amounts in minor units. */
export interface MethodRow {
  method: string;
  country: CountryCode;
  direction: Direction;
  currency: Currency;
  minMinor: bigint;
  maxMinor: bigint;
  stepMinor: bigint;
  /** What the provider needs to know of the person beside the amount; by default their phone number. */
  asks?: "email" | "bank_account";
}

/** What an adapter can do, as data that services and pages read. */
export interface Capabilities {
  methods: readonly MethodRow[];
  /** False: a callback is only a hint, and crediting needs a query. */
  signedWebhooks: boolean;
  /** True when {@link Provider.getCollection} may be called. */
  queriesCollections: boolean;
  /** True when {@link Provider.getPayout} may be called. */
  queriesPayouts: boolean;
  /** True when {@link Provider.listTransactions} may be called: its book can be compared with ours. */
  listsTransactions: boolean;
  /** True when sending a payout twice with one reference pays once: only then may an unknown one be sent again. */
  payoutReferenceIsIdempotent: boolean;
  /** True when payouts carry no reference of ours: that one isn't found by it says nothing about its outcome. */
  payoutsHaveNoReference?: boolean;
  /** Hosts that a payment page may live on: the browser is sent nowhere else. */
  paymentHosts: readonly string[];
}

/** What a provider's response can mean when it isn't a success. */
export type ProviderErrorKind =
  | "declined"
  | "invalid_destination"
  | "insufficient_float"
  | "rate_limited"
  | "unavailable"
  | "duplicate"
  | "outcome_unknown";

/**
 * Thrown by adapters. `conclusive` kinds (declined, invalid_destination) mean that no money will move;
 * a timeout or a 5xx is `outcome_unknown`, never a refusal. `providerCode` is for the log, never for a person.
 */
export class ProviderError extends Error {
  override name = "ProviderError";

  constructor(
    readonly kind: ProviderErrorKind,
    readonly providerCode: string,
  ) {
    super(`${kind}: ${providerCode}`);
  }
}

/** True when the provider refused for certain: no money was or will be moved. */
export function isConclusiveRefusal(error: unknown): boolean {
  return (
    error instanceof ProviderError && (error.kind === "declined" || error.kind === "invalid_destination")
  );
}

export interface CollectionRequest {
  /** Our reference: the provider's handle for this collection and the key of the webhook that follows. */
  reference: string;
  amount: Money;
  /** E.164, with the plus sign. */
  phone: string;
  method: string;
  /** Of who pays; required where the method's row asks for it. */
  email?: string | undefined;
  /** Who pays, as the provider should know them: an opaque id of ours. */
  userId: string;
  /** Where the browser comes back to. */
  returnUrl: string;
  callbackUrl: string;
  locale: "fr" | "en";
}

export interface CollectionCreated {
  providerReference: string;
  /** The provider's hosted page. Its host is in {@link Capabilities.paymentHosts}. */
  paymentUrl: string;
}

/** A bank account that money goes to. */
export interface BankAccount {
  /** The bank's code in {@link BankDirectory.listBanks}. */
  bankCode: string;
  accountNumber: string;
  /** As {@link BankDirectory.resolveAccount} gave it, and as the person confirmed it. */
  accountName: string;
}

export interface PayoutRequest {
  reference: string;
  amount: Money;
  /** E.164; empty when the money goes to {@link PayoutRequest.bank}. */
  phone: string;
  /** Where the money goes instead of a phone's wallet; required where the method's row asks for it. */
  bank?: BankAccount | undefined;
  method: string;
  userId: string;
  callbackUrl: string;
}

export interface PayoutCreated {
  providerReference: string;
}

export type ProviderStatus = "pending" | "succeeded" | "failed" | "reversed" | "not_found";

/** The state of one of our references in the provider's books. */
export interface ProviderState {
  status: ProviderStatus;
  providerReference: string | null;
  /** The amount that was really moved; null when the provider doesn't report it. */
  amount: Money | null;
  /** Its code also when it isn't one of ours; `amount` is then null. */
  currencyCode: string | null;
  /** The provider's reason, for the log and the operation's record. */
  reasonCode: string | null;
  /** False in the provider's test mode; null when it doesn't report the mode. */
  live: boolean | null;
  /** Of a collection that succeeded: when its payer paid, as the provider stamped it. Absent where it doesn't say. */
  paidAt?: Date;
}

/** What a callback is about; `dispute` for a refund or a chargeback of a collection, `unknown` for what isn't understood. */
export type WebhookKind = "collection" | "payout" | "dispute" | "unknown";

/** A collection whose money the payer gets back, or asks back. */
export interface Dispute {
  type: "refund" | "chargeback" | "reversal";
  /** The provider's own name of it: a repeated or later event about the same one has the same. */
  subject: string;
  /** `open` may end either way; `lost`: the provider took the money back; `won`: it didn't. */
  outcome: "open" | "lost" | "won";
}

/** A callback with a valid signature. Everything here comes from inside the signed part. */
export interface WebhookEvent extends ProviderState {
  /** Unique per provider and event: a second delivery has the same key. */
  eventKey: string;
  kind: WebhookKind;
  /** Our reference, as the provider repeats it; null without one. */
  reference: string | null;
  /** Only of kind `dispute`. `amount` is then what is to be given back, where the provider says so. */
  dispute?: Dispute;
  /** Texts and numbers of the signed part that may name an operation of ours, for an event that isn't understood. */
  mentions?: readonly string[];
  /** Signed, and no JSON that has one reading. */
  isUnreadable?: boolean;
  /** Only of kind `unknown`: what it claims is understood, but not whether it is a payment or a payout. */
  isKindUnclear?: boolean;
}

export interface WebhookChecks {
  /** True: only the signature over the raw bytes is checked, and nothing parsed before it is right. */
  rawOnly?: boolean;
}

/** A collection or a payout in the provider's own list, whoever initiated it. */
export interface ProviderTransaction extends ProviderState {
  direction: Direction;
  /** The provider's own, unique among its transactions of one direction. */
  id: string;
  /** Our reference, as the provider repeats it; null when it names none of ours. */
  reference: string | null;
  createdAt: Date;
  /** When it last changed, as far as the provider reports it. */
  changedAt: Date;
}

export interface Bank {
  code: string;
  name: string;
}

/** A provider's directory of banks. Both only read: whatever they throw, no money moved. */
export interface BankDirectory {
  /** Open banks, by name, at most a thousand. Throws {@link ProviderError} `unavailable` or `rate_limited`. */
  listBanks(): Promise<readonly Bank[]>;
  /** Whose account it is. Throws {@link ProviderError}: `invalid_destination` when there is none, else as above. */
  resolveAccount(bankCode: string, accountNumber: string): Promise<{ accountName: string }>;
}

/** A payment rail. It implements only what {@link Capabilities} says that it can. */
export interface Provider {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Throws {@link ProviderError}. */
  createCollection(request: CollectionRequest): Promise<CollectionCreated>;
  /** Throws {@link ProviderError}; a timeout or 5xx is `outcome_unknown`. */
  createPayout(request: PayoutRequest): Promise<PayoutCreated>;
  getCollection?(reference: string, providerReference: string | null): Promise<ProviderState>;
  getPayout?(reference: string, providerReference: string | null): Promise<ProviderState>;
  /**
   * Everything that the provider has on its books for us and that began in [from, to), once each, in no order. Throws
   * {@link ProviderError} `unavailable` or `rate_limited`: a list is complete or not returned.
   */
  listTransactions?(from: Date, to: Date): Promise<readonly ProviderTransaction[]>;
  /** Only where payouts go to bank accounts. */
  readonly banks?: BankDirectory;
  /** Checks the signature over the exact bytes. Null when it is wrong; whatever is signed rightly is an event. */
  verifyWebhook(
    rawBody: Uint8Array,
    headers: Headers,
    calledAt: URL,
    checks?: WebhookChecks,
  ): WebhookEvent | null;
}

/** Whole call, and connecting: a provider that is slower than this has an unknown outcome. */
export const PROVIDER_CALL_TIMEOUT_MS = 10_000;
export const PROVIDER_CONNECT_TIMEOUT_MS = 1_000;
