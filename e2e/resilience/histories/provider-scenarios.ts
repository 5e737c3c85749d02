import type { Currency } from "@/lib/money/currency";

/** A behaviour of the sandbox (lib/sandbox/README.md), and the states in which an operation may end by it. */
export interface ProviderScenario {
  code: string;
  /** The amount in minor units that triggers it; null for any other amount. */
  amountMinor: number | null;
  /** The phone number that triggers it, whatever the amount. */
  phone?: string;
  /** States that the operation may end in; of a deposit, after its payer has confirmed. */
  allowedStates: readonly string[];
  /** The client may never learn whether there is a payment page. */
  staysUnknown?: boolean;
  /** The error code that the API responds with at once. */
  refusal?: "provider_declined" | "invalid_destination" | "provider_unavailable";
  /** Refused until the sandbox is told to behave normally. */
  isStuck?: boolean;
  /** Blocks its caller for ten seconds: rarely chosen. */
  isSlow?: boolean;
  /** How often it is chosen, relative to the others. */
  weight: number;
}

type Rest = Partial<Omit<ProviderScenario, "code" | "amountMinor" | "allowedStates">>;

function scenario(
  code: string,
  amountMinor: number | null,
  allowedStates: readonly string[],
  rest: Rest = {},
): ProviderScenario {
  return { code, amountMinor, allowedStates, weight: 1, ...rest };
}

const CREDITED = ["succeeded"];
const UNPAID = ["pending"];
const REVIEW = ["review"];
const PAID = ["paid"];
const REFUNDED = ["refunded"];
/** Refunded first and then paid; simply paid when the provider is only queried afterwards. */
const CONFLICT = ["conflict", "paid"];
const HELD = ["submitted"];

const DEPOSITS_XOF: readonly ProviderScenario[] = [
  scenario("plain", null, CREDITED, { weight: 12 }),
  scenario("payment_declined", 1001, ["failed"]),
  scenario("payment_webhook_slow", 1002, CREDITED),
  scenario("payment_webhook_thrice", 1003, CREDITED, { weight: 2 }),
  scenario("payment_webhook_dropped", 1004, CREDITED),
  scenario("payment_amount_lower", 1005, REVIEW),
  scenario("payment_currency_other", 1006, REVIEW),
  scenario("payment_signature_bad_first", 1007, CREDITED),
  scenario("payment_error_before", 1008, UNPAID, { staysUnknown: true }),
  scenario("payment_error_after", 1009, UNPAID, { staysUnknown: true }),
  scenario("payment_silence_after", 1010, CREDITED, { staysUnknown: true, isSlow: true }),
  scenario("payment_garbage_after", 1011, CREDITED, { staysUnknown: true }),
  scenario("payment_failed_then_completed", 1012, CREDITED),
  scenario("payment_mode_live", 1013, UNPAID),
  scenario("payment_seed_form", 1015, CREDITED),
  scenario("invalid_phone", null, ["failed"], { phone: "+22670000400", refusal: "invalid_destination" }),
  scenario("declined", null, ["failed"], { phone: "+22670000402", refusal: "provider_declined" }),
  scenario("rate_limited", null, ["failed"], { phone: "+22670000429", refusal: "provider_unavailable" }),
];

const DEPOSITS_NGN: readonly ProviderScenario[] = [
  scenario("plain", null, CREDITED, { weight: 8 }),
  scenario("charge_declined", 100_100, ["failed"]),
  scenario("charge_webhook_slow", 100_200, CREDITED),
  scenario("charge_webhook_thrice", 100_300, CREDITED),
  scenario("charge_webhook_dropped", 100_400, CREDITED),
  scenario("charge_amount_lower", 100_500, REVIEW),
  scenario("charge_currency_other", 100_600, REVIEW),
  scenario("charge_signature_bad_first", 100_700, CREDITED),
  scenario("charge_error_before", 100_800, UNPAID, { staysUnknown: true }),
  scenario("charge_error_after", 100_900, CREDITED, { staysUnknown: true }),
  scenario("charge_garbage_after", 101_100, CREDITED, { staysUnknown: true }),
  scenario("charge_failed_then_success", 101_200, CREDITED),
  scenario("charge_fees_on_top", 101_500, CREDITED),
  scenario("charge_metadata_zero", 101_600, CREDITED),
  scenario("charge_metadata_empty", 101_700, CREDITED),
  scenario("charge_query_lags", 101_800, CREDITED),
];

const WITHDRAWALS_XOF: readonly ProviderScenario[] = [
  scenario("plain", null, PAID, { weight: 10 }),
  scenario("payout_failed", 2001, REFUNDED, { weight: 3 }),
  scenario("payout_webhook_twice", 2002, PAID, { weight: 2 }),
  scenario("payout_failed_then_completed", 2003, CONFLICT, { weight: 2 }),
  scenario("payout_reversed", 2004, REFUNDED, { weight: 3 }),
  scenario("payout_error_before", 2005, PAID, { isStuck: true }),
  scenario("payout_error_after", 2006, PAID, { weight: 2 }),
  scenario("payout_silence_after", 2007, PAID, { isSlow: true }),
  scenario("payout_webhook_first", 2008, PAID, { weight: 2 }),
  scenario("payout_reordered", 2009, REFUNDED, { weight: 2 }),
  scenario("payout_never_settles", 2010, HELD),
  scenario("payout_float_low", 2011, PAID, { isStuck: true }),
  scenario("payout_webhook_slow", 2012, PAID),
  scenario("payout_webhook_dropped", 2013, PAID),
  scenario("payout_amount_lower", 2014, HELD),
  scenario("payout_currency_other", 2015, HELD),
  scenario("payout_signature_bad_first", 2016, PAID),
  scenario("payout_garbage_after", 2017, PAID),
  scenario("invalid_phone", null, REFUNDED, { phone: "+22670000400" }),
  scenario("declined", null, REFUNDED, { phone: "+22670000402" }),
  scenario("maintenance", null, PAID, { phone: "+22670000503", isStuck: true }),
];

const WITHDRAWALS_NGN: readonly ProviderScenario[] = [
  scenario("plain", null, PAID, { weight: 6 }),
  scenario("transfer_failed", 200_100, REFUNDED, { weight: 2 }),
  scenario("transfer_webhook_twice", 200_200, PAID),
  scenario("transfer_failed_then_success", 200_300, CONFLICT),
  scenario("transfer_reversed", 200_400, REFUNDED, { weight: 2 }),
  scenario("transfer_error_before", 200_500, PAID, { isStuck: true }),
  scenario("transfer_error_after", 200_600, PAID),
  scenario("transfer_webhook_first", 200_800, PAID),
  scenario("transfer_reordered", 200_900, REFUNDED),
  scenario("transfer_never_settles", 201_000, HELD),
  scenario("transfer_balance_low", 201_100, PAID, { isStuck: true }),
  scenario("transfer_webhook_dropped", 201_300, PAID),
  scenario("transfer_amount_lower", 201_400, HELD),
  scenario("transfer_signature_bad_first", 201_600, PAID),
  scenario("transfer_garbage_after", 201_700, PAID),
  scenario("transfer_otp", 201_800, HELD),
  scenario("transfer_recipient_invalid", 202_100, REFUNDED),
];

export const DEPOSIT_SCENARIOS = { XOF: DEPOSITS_XOF, NGN: DEPOSITS_NGN } as const satisfies Record<
  Currency,
  readonly ProviderScenario[]
>;

export const WITHDRAWAL_SCENARIOS = { XOF: WITHDRAWALS_XOF, NGN: WITHDRAWALS_NGN } as const satisfies Record<
  Currency,
  readonly ProviderScenario[]
>;

export function scenarioOf(all: readonly ProviderScenario[], code: string): ProviderScenario {
  const found = all.find((each) => each.code === code);
  if (!found) throw new Error(`there is no scenario ${code}`);
  return found;
}

/** An amount near `wanted` for which the sandbox behaves normally. */
export function plainAmount(currency: Currency, wanted: number): number {
  const unit = currency === "NGN" ? 100 : 1;
  const whole = Math.floor(wanted / unit);
  const isTrigger = (whole >= 1000 && whole <= 1030) || (whole >= 2000 && whole <= 2030);
  return isTrigger ? wanted + 40 * unit : wanted;
}
