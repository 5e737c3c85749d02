import type { CountryCode } from "@/lib/providers/provider";
import { type Dialect, QUERYABLE, SIGNED, UNSIGNED } from "./dialects";

interface ProviderKind {
  dialect: Dialect;
  country: CountryCode;
  method: string;
  /** A mobile number of the country. */
  phone: string;
  /** One reference pays once, however often it is sent. */
  isIdempotent?: true;
  /** Sends no callbacks about payouts; all send them about deposits. */
  isSilentOnPayouts?: true;
}

const BURKINA = { country: "BF", method: "wave", phone: "+22670000004" } as const;
const SENEGAL = { country: "SN", method: "wave", phone: "+221770000000" } as const;
const IVORY_COAST = { country: "CI", method: "orange_money", phone: "+2250701020304" } as const;
const BENIN = { country: "BJ", method: "moov_money", phone: "+2290195000000" } as const;

const KINDS = {
  /** GetMiPay v1: an unknown outcome of a payout waits for a callback or an operator. */
  nonIdempotent: { dialect: SIGNED, ...BURKINA },
  /** GetMiPay v1 with idempotent references: an unknown outcome is sent again. */
  idempotent: { dialect: SIGNED, ...SENEGAL, isIdempotent: true },
  /** Paystack: callbacks, queries and idempotent references. */
  queryable: { dialect: QUERYABLE, ...IVORY_COAST, isIdempotent: true },
  /** GetMiPay's public API: payouts are queryable by its own reference only, without callbacks. */
  unsigned: { dialect: UNSIGNED, ...BENIN, isSilentOnPayouts: true },
} satisfies Record<string, ProviderKind>;

export type ProviderName = keyof typeof KINDS;
export const PROVIDERS: Readonly<Record<ProviderName, ProviderKind>> = KINDS;
export const PROVIDER_NAMES = Object.keys(PROVIDERS) as ProviderName[];
