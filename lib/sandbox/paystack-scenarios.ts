import type { CallAnswer, EntryKind, Scenario, Step } from "./scenario";

const COMPLETED: Step = { event: "completed" };
const PAID: readonly Step[] = [COMPLETED];

type ScenarioOptions = Pick<Scenario, "paysByItself" | "reordered" | "variant" | "lags">;

/** `naira` is the whole amount that selects it; the list keeps it in kobo, as requests have it. */
function charge(
  naira: number,
  code: string,
  meaning: string,
  steps: readonly Step[] = PAID,
  answer: CallAnswer = "accepted",
  more: ScenarioOptions = {},
): Scenario {
  return { code, on: ["collection"], amount: naira * 100, answer, steps, meaning, ...more };
}

function transfer(
  naira: number,
  code: string,
  meaning: string,
  steps: readonly Step[] = PAID,
  answer: CallAnswer = "accepted",
  more: ScenarioOptions = {},
): Scenario {
  return { code, on: ["payout"], amount: naira * 100, answer, steps, meaning, ...more };
}

const failed = (reason: string): Step => ({ event: "failed", reason });
const reversed: Step = { event: "reversed", reason: "Account is closed" };
const byItself: ScenarioOptions = { paysByItself: true };

const CHARGES: readonly Scenario[] = [
  charge(1001, "charge_declined", "the bank says no after Pay; no webhook tells it", [failed("Declined")]),
  charge(1002, "charge_webhook_slow", "webhook 8 s after the person is back", [
    { ...COMPLETED, delivery: "slow" },
  ]),
  charge(1003, "charge_webhook_thrice", "webhook three times at once", [
    { ...COMPLETED, delivery: "thrice" },
  ]),
  charge(1004, "charge_webhook_dropped", "paid, webhook never sent (until `/_resend`)", [
    { ...COMPLETED, delivery: "dropped" },
  ]),
  charge(1005, "charge_amount_lower", "₦1 less is paid and reported", [
    { ...COMPLETED, difference: "amount" },
  ]),
  charge(1006, "charge_currency_other", "paid and reported in GHS", [
    { ...COMPLETED, difference: "currency" },
  ]),
  charge(1007, "charge_signature_bad_first", "first try badly signed, the retry well", [
    { ...COMPLETED, signature: "bad_first" },
  ]),
  charge(1008, "charge_error_before", "500, not accepted", [], "error_before"),
  charge(1009, "charge_error_after", "500, accepted, paid later", PAID, "error_after", byItself),
  charge(1010, "charge_silence_after", "no answer (timeout), paid later", PAID, "silence_after", byItself),
  charge(1011, "charge_garbage_after", "200 that is no JSON, paid later", PAID, "garbage_after", byItself),
  charge(1012, "charge_failed_then_success", "failed when queried, then paid", [
    failed("Timed out"),
    COMPLETED,
  ]),
  charge(1013, "charge_mode_live", "reported as live instead of test", [
    { ...COMPLETED, difference: "mode" },
  ]),
  charge(1014, "charge_foreign_page", "payment page on a foreign host", [], "foreign_page"),
  charge(
    1015,
    "charge_fees_on_top",
    "`amount` holds the fees, `requested_amount` doesn't",
    PAID,
    "accepted",
    {
      variant: "fees_on_top",
    },
  ),
  charge(1016, "charge_metadata_zero", "an old webhook: metadata 0, much missing", PAID, "accepted", {
    variant: "metadata_zero",
  }),
  charge(1017, "charge_metadata_empty", 'metadata ""', PAID, "accepted", { variant: "metadata_empty" }),
  charge(1018, "charge_query_lags", "webhook 8 s before a query knows of it", PAID, "accepted", {
    lags: true,
  }),
  charge(1019, "charge_rate_limited", "429: too many requests", [], {
    status: 429,
    code: "rate_limited",
    message: "Too many requests",
  }),
];

const TRANSFERS: readonly Scenario[] = [
  transfer(2001, "transfer_failed", "failed", [failed("Account is closed")]),
  transfer(2002, "transfer_webhook_twice", "success, webhook twice at once", [
    { ...COMPLETED, delivery: "twice" },
  ]),
  transfer(2003, "transfer_failed_then_success", "failed, then success", [failed("Timed out"), COMPLETED]),
  transfer(2004, "transfer_reversed", "success, then reversed", [COMPLETED, reversed]),
  transfer(2005, "transfer_error_before", "500, not accepted", [], "error_before"),
  transfer(2006, "transfer_error_after", "500, accepted, success later", PAID, "error_after"),
  transfer(2007, "transfer_silence_after", "no answer (timeout), success later", PAID, "silence_after"),
  transfer(2008, "transfer_webhook_first", "webhook before the answer to the call", PAID, "webhook_first"),
  transfer(
    2009,
    "transfer_reordered",
    "success, then reversed; webhooks the other way round",
    [COMPLETED, reversed],
    "accepted",
    { reordered: true },
  ),
  transfer(2010, "transfer_never_settles", "accepted, then nothing", []),
  transfer(2011, "transfer_balance_low", "400: the merchant's balance is too low", [], {
    status: 400,
    code: "insufficient_balance",
    message: "Your balance is not enough to fulfil this request",
  }),
  transfer(2012, "transfer_webhook_slow", "webhook 8 s after it is paid", [
    { ...COMPLETED, delivery: "slow" },
  ]),
  transfer(2013, "transfer_webhook_dropped", "paid, webhook never sent (until `/_resend`)", [
    { ...COMPLETED, delivery: "dropped" },
  ]),
  transfer(2014, "transfer_amount_lower", "₦1 less is paid and reported", [
    { ...COMPLETED, difference: "amount" },
  ]),
  transfer(2015, "transfer_currency_other", "paid and reported in GHS", [
    { ...COMPLETED, difference: "currency" },
  ]),
  transfer(2016, "transfer_signature_bad_first", "first try badly signed, the retry well", [
    { ...COMPLETED, signature: "bad_first" },
  ]),
  transfer(2017, "transfer_garbage_after", "200 that is no JSON, success later", PAID, "garbage_after"),
  transfer(2018, "transfer_otp", "waits for a one-time password, then nothing", [], "accepted", {
    variant: "otp",
  }),
  transfer(2019, "transfer_old_timestamps", "`created_at` instead of `createdAt`", PAID, "accepted", {
    variant: "old_timestamps",
  }),
  transfer(2020, "transfer_query_lags", "404 to queries for 8 s after it is accepted", PAID, "accepted", {
    lags: true,
  }),
  transfer(2021, "transfer_recipient_invalid", "400: the recipient is refused", [], {
    status: 400,
    code: "invalid_transfer_recipient",
    message: "Recipient specified is invalid",
  }),
  transfer(2022, "transfer_rate_limited", "429: too many requests", [], {
    status: 429,
    code: "rate_limited",
    message: "Too many requests",
  }),
];

/** Every scenario of Paystack, and the amount in kobo that selects it. README.md's table is checked against this. */
export const PAYSTACK_SCENARIOS: readonly Scenario[] = [...CHARGES, ...TRANSFERS];

/** The scenario that a request selects by its amount in kobo. */
export function matchPaystackScenario(kind: EntryKind, kobo: number): Scenario | null {
  return PAYSTACK_SCENARIOS.find(({ on, amount }) => on.includes(kind) && amount === kobo) ?? null;
}

/** The rows of README.md's table. */
export function paystackScenarioTable(): string {
  const rows = PAYSTACK_SCENARIOS.map(({ on, amount = 0, code, meaning }) => {
    const flow = on[0] === "collection" ? "deposit" : "withdrawal";
    return `| ${flow} | ${amount / 100} | \`${code}\` | ${meaning} |`;
  });
  return ["| on | naira | scenario | what happens |", "|---|---|---|---|", ...rows].join("\n");
}
