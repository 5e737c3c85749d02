// Timeouts, errors, false refusals, reversals, dead workers and stopped payouts: every withdrawal is paid once or refunded, never
// both, and it is refunded only after a conclusive failure.
import { TEST_PIN } from "@/e2e/support/people";
import { resumePayouts } from "@/lib/services/payout-switches/resume-payouts";
import { stopPayouts } from "@/lib/services/payout-switches/stop-payouts";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { checkPayouts, checkPayoutsResolved } from "./check-payouts";
import { SIGNED } from "./dialects";
import { type CaseRun, countFault, type PaymentKind, wordsOf } from "./payment-kind";
import { drawPayout, ENDING_NAMES, type PayoutScript, plainPayout } from "./payout-script";
import { PROVIDER_NAMES, PROVIDERS } from "./provider-kinds";
import { drainTwice, FORGED_FAULTS, request, requestAll } from "./run-case";
import { faultScenario } from "./scenario";
import { CALL_OUTCOMES } from "./script";

const [STOP_MINUTE, RESUME_MINUTE] = [2, 7];
/** When refunds are spent, before a provider reports them as paid after all. */
const SPENDING_MINUTE = 20;
/** A submission of a dead worker counts as abandoned after half a minute. */
const ABANDONED_MS = 31_000;

const RIGHT = ["accepted", "paid"];

export const PAYOUTS: PaymentKind<PayoutScript> = {
  kind: "payout",
  // An event that contradicts the books waits for a day.
  lastRounds: 5,
  needsFunds: true,
  faults: [
    ...[...Object.keys(CALL_OUTCOMES), ...ENDING_NAMES].filter((name) => !RIGHT.includes(name)).map(wordsOf),
    ...FORGED_FAULTS,
    "no callback",
    "lagging queries",
    "outages",
    "duplicate sends",
    "false refusals",
    "late responses",
    "stops",
    "conflicts",
    "refunds spent",
    "doubled jobs",
    "dead workers",
  ],
  draw: drawPayout,
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
  // A provider that can be queried is asked before its failure counts.
  beforeDelivery: ({ script, refusedAt }, { status }, nowMs) => {
    if (PROVIDERS[script.provider].dialect === SIGNED && status !== "succeeded") refusedAt.push(nowMs);
  },
  check: (run, observed) => {
    countFault(run, "conflicts", observed.payments.filter(({ wasConflict }) => wasConflict).length);
    countFault(run, "duplicate sends", run.book.counts.duplicates);
    countFault(run, "false refusals", run.book.counts.falseRefusals);
    return checkPayouts(run, observed);
  },
  checkResolved: checkPayoutsResolved,
  faultsOf: ({ ending, callbacks, lagMs, outages }) => [
    wordsOf(ending),
    ...(callbacks.every(({ deliveries }) => deliveries.length === 0) ? ["no callback"] : []),
    ...(lagMs > 0 ? ["lagging queries"] : []),
    ...(outages > 0 ? ["outages"] : []),
  ],
};

/** Payouts of one provider or of all, which is drawn with the amount of the first script. */
function stopOf({ book, scripts }: CaseRun<PayoutScript>) {
  const drawn = Number(scripts[0]?.amountMinor ?? 0n);
  const only = [null, ...PROVIDER_NAMES][drawn % (PROVIDER_NAMES.length + 1)];
  const provider = only ? book.nameOf(only) : null;
  const order = { provider, operator: "resilience", note: "payouts stopped by the suite" };
  return { order, stopped: only ? [only] : PROVIDER_NAMES };
}

/** Stops payouts while jobs are running, and requests more withdrawals meanwhile: then no more calls may be made. */
async function stopInTheMiddle(run: CaseRun<PayoutScript>): Promise<void> {
  const { database, book, scripts } = run;
  const { order, stopped } = stopOf(run);
  const stopping = stopPayouts(database.context(), order).then(() => {
    book.forbidden = stopped;
    countFault(run, "stops");
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
  const { database, people, scripts } = run;
  for (const [wallet, person] of people.entries()) {
    if (wallet % 2 === 1) continue;
    const { balances } = await getWallet(database.context(person.context.actor));
    const left = balances.find(({ currency }) => currency === "XOF")?.available.amountMinor ?? 0n;
    if (left === 0n) continue;
    const script = plainPayout(scripts.length, wallet, left);
    scripts.push(script);
    await request(run, script);
    countFault(run, "refunds spent");
  }
}

export const payoutFaults = faultScenario("payout-faults", {
  promise: "every withdrawal is paid xor refunded, and only on a certain no",
  share: 3,
  payments: "payouts",
  kind: PAYOUTS,
  sizes: { smoke: 40, full: 100 },
});
