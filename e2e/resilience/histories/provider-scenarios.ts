import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import type { BookEntry } from "@/lib/sandbox/book";
import type { Scenario } from "@/lib/sandbox/scenario";
import { ALL_SCENARIOS, findScenario, PLAIN_STEPS } from "@/lib/sandbox/scenarios";

/** What the sandbox does with an operation (lib/sandbox/README.md), and what the client may be answered with. */
export interface ProviderScenario extends Pick<Scenario, "code" | "amount" | "phone"> {
  /** The client may never learn whether there is a payment page. */
  staysUnknown: boolean;
  /** The error codes that the API may respond with. */
  refusals: readonly string[];
  /** Blocks its caller for ten seconds. */
  isSlow: boolean;
}

type Type = "deposit" | "withdrawal";

const PLAIN: Scenario = {
  ...{ code: "plain", on: ["collection", "payout"], answer: "accepted" },
  ...{ steps: PLAIN_STEPS, meaning: "" },
};
/** Never happens to references and addresses that we make ourselves. */
const LEFT_OUT = /^duplicate_reference$|_foreign_page$/;
const IS_PAYSTACK = /^(charge|transfer)_/;
const REFUSALS: Readonly<Record<number, string>> = { 400: "invalid_destination", 402: "provider_declined" };

/** Every scenario of the provider of this currency, the plain one first. */
export function providerScenarios(type: Type, currency: Currency): ProviderScenario[] {
  return [PLAIN, ...ALL_SCENARIOS]
    .filter(({ on }) => on.includes(type === "deposit" ? "collection" : "payout"))
    .filter(({ code }) => !LEFT_OUT.test(code))
    .filter((each) => each === PLAIN || IS_PAYSTACK.test(each.code) === (currency === "NGN"))
    .map(({ answer, ...scenario }) => {
      // After a 5xx the provider may have the deposit all the same.
      const refusal = typeof answer === "object" && answer.status < 500 ? answer : null;
      const ofDeposit = refusal === null ? [] : [REFUSALS[refusal.status] ?? "provider_unavailable"];
      return {
        ...{ ...scenario, isSlow: answer === "silence_after" },
        refusals: type === "deposit" ? ofDeposit : ["insufficient_funds"],
        staysUnknown: type === "deposit" && refusal === null && answer !== "accepted",
      };
    });
}

export function providerScenario(type: Type, currency: Currency, code = "plain"): ProviderScenario {
  const found = providerScenarios(type, currency).find((each) => each.code === code);
  invariant(found, `the sandbox has the scenario ${code}`);
  return found;
}

type Entry = Pick<BookEntry, "approval" | "scenario" | "paystack">;

/** The states in which an operation may end by the provider's book, which has no entry of what it never accepted. */
export function statesAfter(type: Type, entry: Entry | null): readonly string[] {
  if (entry === null) return type === "deposit" ? ["failed", "pending"] : ["refunded"];
  const steps = findScenario(entry.scenario)?.steps ?? PLAIN_STEPS;
  const [first, last] = [steps[0], steps.at(-1)];
  if (type === "withdrawal") {
    // Nothing is known for certain: the money stays held.
    if (!first || !last || last.difference !== undefined) return ["submitted"];
    if (last.event !== "completed") return ["refunded"];
    // Refunded first and then paid; simply paid when the provider is only queried afterwards.
    return first.event === "failed" ? ["conflict", "paid"] : ["paid"];
  }
  // Paystack leaves a cancelled charge pending.
  if (entry.approval === "cancelled") return [entry.paystack === undefined ? "failed" : "pending"];
  // A webhook of the other mode isn't ours.
  if (entry.approval === null || !last || last.difference === "mode") return ["pending"];
  if (last.event !== "completed") return ["failed"];
  return [last.difference === undefined ? "succeeded" : "review"];
}

/** An amount near `wanted` that selects no scenario. */
export function plainAmount(currency: Currency, wanted: number): number {
  const unit = currency === "NGN" ? 100 : 1;
  const isTrigger = /^[12]0[0-3]\d$/.test(String(Math.floor(wanted / unit)));
  return isTrigger ? wanted + 40 * unit : wanted;
}
