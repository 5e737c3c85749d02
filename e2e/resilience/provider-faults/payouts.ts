// Timeouts, errors, false refusals, reversals, dead workers and stopped payouts: every withdrawal is paid once or refunded, never
// both, and it is refunded only after a conclusive failure.
import { TEST_PIN } from "@/e2e/support/people";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { checkPayouts } from "./check-payouts";
import type { CaseRun, PaymentKind } from "./payment-kind";
import { drawPayout, ENDING_NAMES, type PayoutScript, plainPayout } from "./payout-script";
import { PROVIDER_NAMES, PROVIDERS } from "./providers";
import { drainTwice, request, requestAll } from "./run-case";
import { faultScenario } from "./scenario";
import { CALL_OUTCOMES, wordsOf } from "./script";

const [STOP_MINUTE, RESUME_MINUTE] = [2, 7];
/** When refunds are spent, before a provider reports them as paid after all. */
const SPENDING_MINUTE = 20;
/** A submission of a dead worker counts as abandoned after half a minute. */
const ABANDONED_MS = 31_000;

export const PAYOUTS: PaymentKind<PayoutScript> = {
  // An event that contradicts the books waits for a day.
  ...{ kind: "payout", payments: "payouts", lastRounds: 5, needsFunds: true, draw: drawPayout },
  isDelayed: ({ index }) => index % 4 === 3,
  request: async ({ database }, { provider, amountMinor }, person) => {
    const { phone, method, country } = PROVIDERS[provider];
    const context = database.context(person.context.actor);
    const order = { amount: amountMinor.toString(), phone, method, currency: "XOF" as const };
    const { quoteId } = await quoteWithdrawal(context, order, country);
    return (await requestWithdrawal(context, { quoteId, pin: TEST_PIN })).reference;
  },
  interfere: async (run, minute) => {
    if (minute === STOP_MINUTE) await stopInTheMiddle(run);
    if (minute === RESUME_MINUTE) await resume(run);
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

/** Payouts of one provider or of all, which is drawn with the amount of the first script. */
function stopOf({ scripts }: CaseRun<PayoutScript>) {
  const drawn = Number(scripts[0]?.amountMinor ?? 0n);
  const provider = [null, ...PROVIDER_NAMES][drawn % (PROVIDER_NAMES.length + 1)] ?? null;
  const order = { provider, operator: "resilience", note: "payouts stopped by the suite" };
  return { order, stopped: provider ? [provider] : PROVIDER_NAMES };
}

/** Stops payouts while jobs are running, and requests more withdrawals meanwhile: then no more calls may be made. */
async function stopInTheMiddle(run: CaseRun<PayoutScript>): Promise<void> {
  const { database, book, scripts, tally } = run;
  const { order, stopped } = stopOf(run);
  const stopping = stopPayouts(database.context(), order).then(() => {
    book.forbidden = stopped;
    tally.fault("stops");
  });
  const delayed = scripts.filter((script) => PAYOUTS.isDelayed?.(script));
  await Promise.all([drainTwice(run), requestAll(run, delayed)]);
  await database.clock.advance(ABANDONED_MS);
  await stopping;
}

async function resume(run: CaseRun<PayoutScript>): Promise<void> {
  const { database, book, violations } = run;
  const { forbidden } = book.counts;
  book.forbidden = [];
  if (forbidden > 0) violations.push(`${forbidden} calls were made while payouts were stopped`);
  await resumePayouts(database.context(), stopOf(run).order);
}

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
    ...["late responses", "stops", "conflicts", "refunds spent", "doubled jobs", "dead workers"],
  ],
});
