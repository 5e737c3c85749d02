import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import type { Scenario } from "@/lib/sandbox/scenario";
import { ALL_SCENARIOS } from "@/lib/sandbox/scenarios";

/** What the sandbox does with an operation (lib/sandbox/README.md), and the states in which the operation may end by it. */
export interface ProviderScenario extends Pick<Scenario, "code" | "amount" | "phone"> {
  /** Of a deposit, after its payer has confirmed. */
  allowedStates: readonly string[];
  /** The client may never learn whether there is a payment page. */
  staysUnknown: boolean;
  /** The error codes that the API may respond with. */
  refusals: readonly string[];
  /** Refused until the sandbox is told to behave normally. */
  isStuck: boolean;
  /** Blocks its caller for ten seconds. */
  isSlow: boolean;
}

type Type = "deposit" | "withdrawal";

const PLAIN: Scenario = {
  ...{ code: "plain", on: ["collection", "payout"], answer: "accepted" },
  ...{ steps: [{ event: "completed" }], meaning: "" },
};
/** Never happens to references and addresses that we make ourselves. */
const LEFT_OUT = /^duplicate_reference$|_foreign_page$/;
const IS_PAYSTACK = /^(charge|transfer)_/;

/** Every scenario of the provider of this currency, the plain one first. */
export function providerScenarios(type: Type, currency: Currency): ProviderScenario[] {
  return [PLAIN, ...ALL_SCENARIOS]
    .filter(({ on }) => on.includes(type === "deposit" ? "collection" : "payout"))
    .filter(({ code }) => !LEFT_OUT.test(code))
    .filter((each) => each === PLAIN || IS_PAYSTACK.test(each.code) === (currency === "NGN"))
    .map((scenario) => ({
      ...{ ...scenario, staysUnknown: false, isStuck: false },
      refusals: type === "deposit" ? [] : ["insufficient_funds"],
      isSlow: scenario.answer === "silence_after",
      ...(type === "deposit" ? ofDeposit(scenario) : ofWithdrawal(scenario)),
    }));
}

export function providerScenario(type: Type, currency: Currency, code = "plain"): ProviderScenario {
  const found = providerScenarios(type, currency).find((each) => each.code === code);
  invariant(found, `the sandbox has the scenario ${code}`);
  return found;
}

const REFUSALS: Readonly<Record<number, string>> = { 400: "invalid_destination", 402: "provider_declined" };

function ofDeposit({ answer, steps, paysByItself = false }: Scenario) {
  // After a 5xx the provider may have the deposit all the same.
  if (typeof answer === "object" && answer.status < 500)
    return { allowedStates: ["failed"], refusals: [REFUSALS[answer.status] ?? "provider_unavailable"] };
  const isAccepted = answer === "accepted";
  const last = isAccepted || paysByItself ? steps.at(-1) : undefined;
  // A webhook of the other mode isn't ours.
  const isPending = last === undefined || last.difference === "mode";
  const state =
    last?.event !== "completed" ? "failed" : last.difference === undefined ? "succeeded" : "review";
  return { allowedStates: [isPending ? "pending" : state], staysUnknown: !isAccepted };
}

function ofWithdrawal({ answer, steps }: Scenario) {
  // Our float or the provider's service may recover; a recipient that is refused doesn't.
  const isTemporary =
    typeof answer === "object" && (/^insufficient_/.test(answer.code) || answer.status >= 429);
  if (answer === "error_before" || isTemporary) return { allowedStates: ["paid"], isStuck: true };
  if (typeof answer === "object") return { allowedStates: ["refunded"] };
  const [first, last] = [steps[0], steps.at(-1)];
  // Nothing is known for certain: the money stays held.
  if (!first || !last || last.difference !== undefined) return { allowedStates: ["submitted"] };
  if (last.event !== "completed") return { allowedStates: ["refunded"] };
  // Refunded first and then paid; simply paid when the provider is only queried afterwards.
  return { allowedStates: first.event === "failed" ? ["conflict", "paid"] : ["paid"] };
}

/** An amount near `wanted` that selects no scenario. */
export function plainAmount(currency: Currency, wanted: number): number {
  const unit = currency === "NGN" ? 100 : 1;
  const isTrigger = /^[12]0[0-3]\d$/.test(String(Math.floor(wanted / unit)));
  return isTrigger ? wanted + 40 * unit : wanted;
}
