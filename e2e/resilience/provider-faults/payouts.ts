// Timeouts, errors, false refusals, reversals and dead workers: every withdrawal is paid once or refunded, never
// both, and it is refunded only after a conclusive failure.
import { TEST_PIN } from "@/e2e/support/people";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { checkPayouts } from "./check-payouts";
import type { CaseRun, PaymentKind } from "./payment-kind";
import { drawPayout, ENDING_NAMES, type PayoutScript, plainPayout } from "./payout-script";
import { PROVIDERS } from "./providers";
import { request } from "./run-case";
import { faultScenario } from "./scenario";
import { CALL_OUTCOMES, wordsOf } from "./script";

/** When refunds are spent, before a provider reports them as paid after all. */
const SPENDING_MINUTE = 20;

const PAYOUTS: PaymentKind<PayoutScript> = {
  // An event that contradicts the books waits for a day.
  ...{ kind: "payout", payments: "payouts", lastRounds: 5, needsFunds: true, draw: drawPayout },
  request: async ({ database }, { provider, amountMinor }, person) => {
    const { phone, method, country } = PROVIDERS[provider];
    const context = database.context(person.context.actor);
    const order = { amount: amountMinor.toString(), phone, method, currency: "XOF" as const };
    const { quoteId } = await quoteWithdrawal(context, order, country);
    return (await requestWithdrawal(context, { quoteId, pin: TEST_PIN })).reference;
  },
  interfere: async (run, minute) => {
    if (minute === SPENDING_MINUTE) await spendRefunds(run);
  },
  check: ({ tally, book }, observed) => {
    tally.fault("conflicts", observed.payments.filter(({ wasConflict }) => wasConflict).length);
    tally.fault("duplicate sends", book.counts.duplicates);
    tally.fault("false refusals", book.counts.falseRefusals);
    return checkPayouts(observed);
  },
  checkResolved: (observed) => checkPayouts(observed, { areResolved: true }),
  faultsOf: ({ ending, callbacks, lagMs, outages }) => [
    wordsOf(ending),
    ...(callbacks.every(({ deliveries }) => deliveries.length === 0) ? ["no callback"] : []),
    ...(lagMs > 0 ? ["lagging queries"] : []),
    ...(outages > 0 ? ["outages"] : []),
  ],
};

/** Half of the people withdraw everything that was refunded to them. */
async function spendRefunds(run: CaseRun<PayoutScript>): Promise<void> {
  const { database, people, scripts, tally } = run;
  for (const [wallet, person] of people.entries()) {
    if (wallet % 2 === 1) continue;
    const { balances } = await getWallet(database.context(person.context.actor));
    const left = balances.find(({ currency }) => currency === "XOF")?.available.amountMinor ?? 0n;
    if (left === 0n) continue;
    const script = plainPayout(scripts.length, wallet, left);
    scripts.push(script);
    await request(run, script);
    tally.fault("refunds spent");
  }
}

export const payoutFaults = faultScenario({
  name: "payout-faults",
  promise: "every withdrawal is paid xor refunded, and only on a certain no",
  share: 3,
  kind: PAYOUTS,
  sizes: { smoke: 40, full: 100 },
  faults: [
    ...[...Object.keys(CALL_OUTCOMES), ...ENDING_NAMES]
      .filter((name) => !/^(accepted|paid)$/.test(name))
      .map(wordsOf),
    ...["forged callbacks", "no callback", "lagging queries", "outages", "duplicate sends", "false refusals"],
    ...["late responses", "conflicts", "refunds spent", "doubled jobs", "dead workers"],
  ],
});
