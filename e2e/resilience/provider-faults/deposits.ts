// Deposit webhooks late, repeated, reordered, lost, contradictory, forged or wrong: every deposit that its provider's book confirms
// is credited once, nothing else ever is, and money that belongs to nobody waits in suspense for an operator.
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { startDeposit } from "@/lib/services/deposits/start-deposit";
import { getOperation } from "@/lib/services/operations/get-operation";
import { checkDeposits } from "./check-deposits";
import { type DepositScript, drawDeposit, expectedEnd, FATE_NAMES, LIFETIME_MS } from "./deposit-script";
import type { PaymentKind } from "./payment-kind";
import { PROVIDERS } from "./providers";
import { faultScenario } from "./scenario";
import { wordsOf } from "./script";

const LINKS = { returnUrl: () => "http://localhost:3000/back", locale: "fr" } as const;

export const DEPOSITS: PaymentKind<DepositScript> = {
  ...{ kind: "collection", payments: "deposits", lastRounds: 20, needsFunds: false, draw: drawDeposit },
  request: async ({ database }, script, person) => {
    const { method, phone, country } = PROVIDERS[script.provider];
    const amount = script.amountMinor.toString();
    const order = { amount, phone, method, currency: "XOF", key: newKey() } as const;
    const context = database.context(person.context.actor);
    try {
      return (await startDeposit(context, order, { ...LINKS, defaultCountry: country })).reference;
    } catch (error) {
      if (error instanceof DomainError && script.fate === "refusedAtOnce")
        return `${error.details?.reference}`;
      throw error;
    }
  },
  schedule: ({ database, due, people, tally, startedAt }, { script, reference }) => {
    const check = async () => {
      const context = database.context(people[script.wallet]?.context.actor);
      await requestDepositCheck(context, await getOperation(context, reference));
      tally.fault("browser returns");
    };
    due.push(...script.returns.map((after) => ({ at: startedAt + after, run: check })));
  },
  check: (_run, observed) => checkDeposits(observed),
  // Without a sum in a currency of ours there is nothing to assign.
  staysOpen: (script) =>
    expectedEnd(script).states.includes("review") && expectedEnd(script).suspense === null,
  faultsOf: ({ fate, callbacks }) => [
    wordsOf(fate),
    ...callbacks.flatMap(({ deliveries }) => deliveries.slice(1).map(() => "duplicates")),
    ...(callbacks.some(({ deliveries }) => Math.min(...deliveries) > LIFETIME_MS) ? ["late callbacks"] : []),
  ],
};

export const depositFaults = faultScenario({
  name: "deposit-faults",
  promise: "every confirmed deposit is credited once, nothing else ever is",
  share: 2,
  kind: DEPOSITS,
  sizes: { smoke: 40, full: 120 },
  faults: [
    ...FATE_NAMES.filter((fate) => fate !== "paid").map(wordsOf),
    ...["accepted then timeout", "forged callbacks", "duplicates", "late callbacks", "browser returns"],
  ],
});
