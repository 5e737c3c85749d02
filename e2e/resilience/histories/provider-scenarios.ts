import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import type { EntryKind, Scenario } from "@/lib/sandbox/scenario";
import { ALL_SCENARIOS } from "@/lib/sandbox/scenarios";

/** What the sandbox does with an operation (lib/sandbox/README.md), and the states in which the operation may end by it. */
export interface ProviderScenario {
  code: string;
  /** The amount in minor units that selects it; null for any other amount. */
  amountMinor: number | null;
  /** The phone number that selects it, whatever the amount. */
  phone: string | null;
  /** States that the operation may end in; of a deposit, after its payer has confirmed. */
  allowedStates: readonly string[];
  /** The client may never learn whether there is a payment page. */
  staysUnknown: boolean;
  /** The error code that the API responds to a deposit with. */
  refusal: string | null;
  /** Refused until the sandbox is told to behave normally. */
  isStuck: boolean;
  /** Blocks its caller for ten seconds. */
  isSlow: boolean;
}

const PLAIN: Scenario = {
  code: "plain",
  on: [],
  answer: "accepted",
  steps: [{ event: "completed" }],
  meaning: "",
};

/** Never happens to references and addresses that we make ourselves. */
const LEFT_OUT = ["duplicate_reference", "payment_foreign_page", "charge_foreign_page"];

const KIND_OF = { deposit: "collection", withdrawal: "payout" } as const satisfies Record<string, EntryKind>;

/** Every scenario of the provider of this currency, the plain one first. */
export function providerScenarios(type: "deposit" | "withdrawal", currency: Currency): ProviderScenario[] {
  const isPaystack = ({ code }: Scenario) => /^(charge|transfer)_/.test(code);
  const all = ALL_SCENARIOS.filter(
    (scenario) =>
      scenario.on.includes(KIND_OF[type]) &&
      isPaystack(scenario) === (currency === "NGN") &&
      !LEFT_OUT.includes(scenario.code),
  );
  return [PLAIN, ...all].map(type === "deposit" ? depositScenario : withdrawalScenario);
}

export function providerScenario(
  type: "deposit" | "withdrawal",
  currency: Currency,
  code = "plain",
): ProviderScenario {
  const found = providerScenarios(type, currency).find((each) => each.code === code);
  invariant(found, `the sandbox has the scenario ${code}`);
  return found;
}

function commonOf({ code, amount, phone, answer }: Scenario) {
  return { code, amountMinor: amount ?? null, phone: phone ?? null, isSlow: answer === "silence_after" };
}

const REFUSALS: Readonly<Record<number, string>> = { 400: "invalid_destination", 402: "provider_declined" };

function depositScenario(scenario: Scenario): ProviderScenario {
  const { answer, steps, paysByItself = false } = scenario;
  // After a 5xx the provider may have the deposit all the same.
  const isRefused = typeof answer === "object" && answer.status < 500;
  const refusal = isRefused ? (REFUSALS[answer.status] ?? "provider_unavailable") : null;
  const isCreated = answer === "accepted" || paysByItself;
  const last = steps.at(-1);
  return {
    ...commonOf(scenario),
    staysUnknown: !isRefused && answer !== "accepted",
    refusal,
    isStuck: false,
    allowedStates: isRefused ? ["failed"] : isCreated && last ? [depositState(last)] : ["pending"],
  };
}

/** The state after the last thing that happens to the money. A webhook of the other mode isn't ours. */
function depositState({ event, difference }: Scenario["steps"][number]): string {
  if (event !== "completed") return "failed";
  if (difference === "mode") return "pending";
  return difference === undefined ? "succeeded" : "review";
}

function withdrawalScenario(scenario: Scenario): ProviderScenario {
  const { answer } = scenario;
  // Our own float or the provider's service may recover; a refused recipient doesn't.
  const isLater =
    typeof answer === "object" && (/^insufficient_/.test(answer.code) || [429, 503].includes(answer.status));
  const isStuck = answer === "error_before" || isLater;
  const isRefused = typeof answer === "object" && !isStuck;
  return {
    ...commonOf(scenario),
    staysUnknown: false,
    refusal: null,
    isStuck,
    allowedStates: isStuck ? ["paid"] : isRefused ? ["refunded"] : withdrawalStates(scenario),
  };
}

function withdrawalStates({ steps }: Scenario): string[] {
  const [first, last] = [steps[0], steps.at(-1)];
  // Nothing is known for certain: the money stays held.
  if (!first || !last || last.difference !== undefined) return ["submitted"];
  if (last.event !== "completed") return ["refunded"];
  // Refunded first and then paid; simply paid when the provider is only queried afterwards.
  return first.event === "failed" ? ["conflict", "paid"] : ["paid"];
}

/** An amount near `wanted` that selects no scenario. */
export function plainAmount(currency: Currency, wanted: number): number {
  const unit = currency === "NGN" ? 100 : 1;
  const isTrigger = /^[12]0[0-3]\d$/.test(String(Math.floor(wanted / unit)));
  return isTrigger ? wanted + 40 * unit : wanted;
}
