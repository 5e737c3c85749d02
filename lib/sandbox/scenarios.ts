import { PAYSTACK_SCENARIOS } from "./paystack-scenarios";
import type { CallAnswer, EntryKind, Scenario, Step } from "./scenario";

const COMPLETED: Step = { event: "completed" };
const BOTH: readonly EntryKind[] = ["collection", "payout"];

/** What happens without a scenario. */
export const PLAIN_STEPS: readonly Step[] = [COMPLETED];
export const CANCELLED_STEPS: readonly Step[] = [{ event: "failed", reason: "cancelled_by_payer" }];

function refusing(phone: string, status: number, code: string, message: string, meaning: string): Scenario {
  return { code, on: BOTH, phone, answer: { status, code, message }, steps: [], meaning };
}

const BY_PHONE: readonly Scenario[] = [
  refusing("+22670000400", 400, "invalid_phone", "Invalid phone number", "400: the phone is refused"),
  refusing("+22670000402", 402, "declined", "Declined", "402: declined at once"),
  refusing("+22670000409", 409, "duplicate_reference", "Duplicate reference", "409: reference already used"),
  refusing("+22670000429", 429, "rate_limited", "Too many requests", "429: too many requests"),
  refusing("+22670000503", 503, "maintenance", "Maintenance", "503: nothing is accepted"),
];

type ScenarioOptions = Omit<Scenario, "code" | "on" | "amount" | "meaning" | "answer" | "steps">;

function deposit(
  amount: number,
  code: string,
  meaning: string,
  steps: readonly Step[],
  answer: CallAnswer = "accepted",
  more: ScenarioOptions = {},
): Scenario {
  return { code, on: ["collection"], amount, answer, steps, meaning, ...more };
}

function withdrawal(
  amount: number,
  code: string,
  meaning: string,
  steps: readonly Step[],
  answer: CallAnswer = "accepted",
  more: ScenarioOptions = {},
): Scenario {
  return { code, on: ["payout"], amount, answer, steps, meaning, ...more };
}

const DEPOSITS: readonly Scenario[] = [
  deposit(1001, "payment_declined", "the wallet says no after Confirm", [
    { event: "failed", reason: "declined_by_wallet" },
  ]),
  deposit(1002, "payment_webhook_slow", "webhook 8 s after the person is back", [
    { ...COMPLETED, delivery: "slow" },
  ]),
  deposit(1003, "payment_webhook_thrice", "webhook three times at once", [
    { ...COMPLETED, delivery: "thrice" },
  ]),
  deposit(1004, "payment_webhook_dropped", "paid, webhook never sent (until `/_resend`)", [
    { ...COMPLETED, delivery: "dropped" },
  ]),
  deposit(1005, "payment_amount_lower", "100 less is paid and reported", [
    { ...COMPLETED, difference: "amount" },
  ]),
  deposit(1006, "payment_currency_other", "paid and reported in XAF", [
    { ...COMPLETED, difference: "currency" },
  ]),
  deposit(1007, "payment_signature_bad_first", "first try badly signed, the retry well", [
    { ...COMPLETED, signature: "bad_first" },
  ]),
  deposit(1008, "payment_error_before", "500, not accepted", [], "error_before"),
  deposit(1009, "payment_error_after", "500, accepted, never paid", [], "error_after"),
  deposit(
    1010,
    "payment_silence_after",
    "accepted, no answer (timeout), paid later",
    PLAIN_STEPS,
    "silence_after",
    {
      paysByItself: true,
    },
  ),
  deposit(1011, "payment_garbage_after", "201 that is no JSON, paid later", PLAIN_STEPS, "garbage_after", {
    paysByItself: true,
  }),
  deposit(1012, "payment_failed_then_completed", "failed, then completed", [
    { event: "failed", reason: "wallet_timeout" },
    COMPLETED,
  ]),
  deposit(1013, "payment_mode_live", "webhook says live instead of test", [
    { ...COMPLETED, difference: "mode" },
  ]),
  deposit(1014, "payment_foreign_page", "payment page on a foreign host", [], "foreign_page"),
  deposit(1015, "payment_seed_form", "webhook signed over `data` alone, as in the seed", [
    { ...COMPLETED, signature: "seed_form" },
  ]),
];

const WITHDRAWALS: readonly Scenario[] = [
  withdrawal(2001, "payout_failed", "failed", [{ event: "failed", reason: "recipient_closed" }]),
  withdrawal(2002, "payout_webhook_twice", "completed, webhook twice at once", [
    { ...COMPLETED, delivery: "twice" },
  ]),
  withdrawal(2003, "payout_failed_then_completed", "failed, then completed", [
    { event: "failed", reason: "operator_timeout" },
    COMPLETED,
  ]),
  withdrawal(2004, "payout_reversed", "completed, then reversed", [
    COMPLETED,
    { event: "reversed", reason: "recipient_unknown" },
  ]),
  withdrawal(2005, "payout_error_before", "500, not accepted", [], "error_before"),
  withdrawal(2006, "payout_error_after", "500, accepted, completed later", PLAIN_STEPS, "error_after"),
  withdrawal(
    2007,
    "payout_silence_after",
    "accepted, no answer (timeout), completed later",
    PLAIN_STEPS,
    "silence_after",
  ),
  withdrawal(
    2008,
    "payout_webhook_first",
    "webhook before the answer to the call",
    PLAIN_STEPS,
    "webhook_first",
  ),
  withdrawal(
    2009,
    "payout_reordered",
    "completed, then reversed; webhooks the other way round",
    [COMPLETED, { event: "reversed", reason: "recipient_unknown" }],
    "accepted",
    { reordered: true },
  ),
  withdrawal(2010, "payout_never_settles", "accepted, then nothing", []),
  withdrawal(2011, "payout_float_low", "402: the merchant's float is too low", [], {
    status: 402,
    code: "insufficient_float",
    message: "Insufficient float",
  }),
  withdrawal(2012, "payout_webhook_slow", "webhook 8 s after it is paid", [
    { ...COMPLETED, delivery: "slow" },
  ]),
  withdrawal(2013, "payout_webhook_dropped", "paid, webhook never sent (until `/_resend`)", [
    { ...COMPLETED, delivery: "dropped" },
  ]),
  withdrawal(2014, "payout_amount_lower", "100 less is paid and reported", [
    { ...COMPLETED, difference: "amount" },
  ]),
  withdrawal(2015, "payout_currency_other", "paid and reported in XAF", [
    { ...COMPLETED, difference: "currency" },
  ]),
  withdrawal(2016, "payout_signature_bad_first", "first try badly signed, the retry well", [
    { ...COMPLETED, signature: "bad_first" },
  ]),
  withdrawal(
    2017,
    "payout_garbage_after",
    "201 that is no JSON, completed later",
    PLAIN_STEPS,
    "garbage_after",
  ),
];

/** Every scenario of GetMiPay, and the amount or phone that selects it. The table in README.md is checked against this. */
export const SCENARIOS: readonly Scenario[] = [...BY_PHONE, ...DEPOSITS, ...WITHDRAWALS];

/** Paystack's among them; no two have one code. */
export const ALL_SCENARIOS: readonly Scenario[] = [...SCENARIOS, ...PAYSTACK_SCENARIOS];

export function findScenario(code: string | null): Scenario | null {
  return ALL_SCENARIOS.find((scenario) => scenario.code === code) ?? null;
}

/** The scenario that a request selects by its phone or, failing that, its amount. */
export function matchScenario(request: { kind: EntryKind; amount: number; phone: string }): Scenario | null {
  const candidates = SCENARIOS.filter((scenario) => scenario.on.includes(request.kind));
  const byPhone = candidates.find((scenario) => scenario.phone === request.phone);
  return byPhone ?? candidates.find((scenario) => scenario.amount === request.amount) ?? null;
}

/** The rows of README.md's table. */
export function scenarioTable(): string {
  const rows = SCENARIOS.map(({ on, amount, phone, code, meaning }) => {
    const flow = on.length === 2 ? "both" : on[0] === "collection" ? "deposit" : "withdrawal";
    return `| ${flow} | ${phone ?? amount} | \`${code}\` | ${meaning} |`;
  });
  return ["| on | ask with | scenario | what happens |", "|---|---|---|---|", ...rows].join("\n");
}
