import type { Capabilities, CountryCode } from "@/lib/providers/provider";

interface ProviderRow extends Partial<Capabilities> {
  country: CountryCode;
  method: string;
  /** A mobile number of the country. */
  phone: string;
  /** Sends no callbacks about payouts; all send them about deposits. */
  isSilentOnPayouts?: true;
}

const BURKINA = { country: "BF", method: "wave", phone: "+22670000004" } as const;
const SENEGAL = { country: "SN", method: "wave", phone: "+221770000000" } as const;
const IVORY_COAST = { country: "CI", method: "orange_money", phone: "+2250701020304" } as const;
const BENIN = { country: "BJ", method: "moov_money", phone: "+2290195000000" } as const;
const QUERIED = { queriesCollections: true, queriesPayouts: true } as const;

const ROWS = {
  /** As GetMiPay v1: an unknown outcome of a payout waits for a callback or an operator. */
  nonIdempotent: { ...BURKINA, payoutReferenceIsIdempotent: false },
  /** As GetMiPay v1 with idempotent references: an unknown outcome is sent again. */
  idempotent: { ...SENEGAL, payoutReferenceIsIdempotent: true },
  /** As Paystack: callbacks, queries and idempotent references. */
  queryable: { ...IVORY_COAST, ...QUERIED, payoutReferenceIsIdempotent: true },
  /** As GetMiPay's public API: unsigned callbacks, payouts are queryable by its own reference only, without callbacks. */
  unsigned: {
    ...{ ...BENIN, ...QUERIED, payoutReferenceIsIdempotent: false, isSilentOnPayouts: true },
    ...{ signedWebhooks: false, payoutsHaveNoReference: true },
  },
} as const satisfies Record<string, ProviderRow>;

export type ProviderName = keyof typeof ROWS;
export const PROVIDERS: Readonly<Record<ProviderName, ProviderRow>> = ROWS;
export const PROVIDER_NAMES = Object.keys(ROWS) as ProviderName[];
