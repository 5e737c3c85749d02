import { TEST_PIN, type TestUser } from "@/e2e/support/people";
import { config } from "@/lib/config";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { type Random, randomFrom } from "../random";
import { inParallel } from "./in-parallel";
import type { MoneyDatabase } from "./money-database";
import { concludePayouts } from "./operator-of-payouts";
import { drawPayouts, PAYERS, type PayoutScript, plainPayout } from "./payout-script";
import { createSwitch, type PayoutSwitch } from "./payout-switch";
import { type BookedPayout, PayoutsBook, standingOf } from "./payouts-book";

const WALLETS = 6;
const AT_ONCE = 12;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** When the deployment is looked after, in minutes. */
const ROUNDS = [0.2, 0.8, 2, 4, 7, 12, 20, 35, 66, 130, 260, 500, 900, 1_500, 2_000, 3_000, 4_500, 5_800];
const ROUND_OF_THE_SWITCH = 2;
/** Whoever got something back spends it, before the provider changes its mind. */
const ROUND_OF_SPENDING = 6;
/** Nothing new comes, and what is tried again gets its time: an event that contradicts the books waits for a day. */
const QUIET_ROUNDS = 5;

export interface PayoutsPlayed {
  violations: string[];
  scripts: PayoutScript[];
  book: PayoutsBook;
  counts: {
    deliveries: number;
    zombies: number;
    stops: number;
    conflicts: number;
    decided: number;
    spent: number;
  };
}

interface Due {
  at: number;
  run(): Promise<void>;
}

/** One case while it is played. */
interface Play {
  deployment: MoneyDatabase;
  /** How many callbacks and jobs there are isn't ours to say, so what strikes them is drawn apart. */
  chance: Random;
  book: PayoutsBook;
  people: TestUser[];
  scripts: PayoutScript[];
  due: Due[];
  fundedMinor: bigint;
  counts: PayoutsPlayed["counts"];
}

/** Plays `size` withdrawals to their ends, a person's decisions included, and says what is wrong. */
export async function playPayouts(
  deployment: MoneyDatabase,
  random: Random,
  caseName: string,
  size: number,
): Promise<PayoutsPlayed> {
  const play = await begin(deployment, random, caseName, size);
  const { book, scripts, counts } = play;
  const thrown = createSwitch(deployment, book, random);
  const early = scripts.filter(({ index }) => index % 4 !== 3);
  const late = scripts.filter(({ index }) => index % 4 === 3);
  await inParallel(early, AT_ONCE, (script) => request(play, script));
  const startedAt = deployment.clock.now().getTime();
  for (const [round, minute] of ROUNDS.entries()) {
    await deployment.clock.advance(
      Math.max(0, startedAt + minute * MINUTE_MS - deployment.clock.now().getTime()),
    );
    if (round === ROUND_OF_THE_SWITCH) await stopInTheMiddle(play, thrown, late);
    if (round === ROUND_OF_THE_SWITCH + 2) await thrown.resume();
    if (round === ROUND_OF_SPENDING) await spendRefunds(play);
    await look(play);
  }
  for (let quiet = 0; quiet < QUIET_ROUNDS; quiet += play.due.length === 0 ? 1 : 0) {
    await deployment.clock.advance(7 * HOUR_MS);
    await look(play);
  }
  const violations = await concludePayouts(deployment, book, play);
  violations.push(...thrown.violations);
  violations.push(
    ...deployment.pump.failures.splice(0).map((failure) => `a job failed as none may: ${failure}`),
  );
  counts.stops = thrown.stops();
  return { violations, scripts, book, counts };
}

async function begin(
  deployment: MoneyDatabase,
  random: Random,
  caseName: string,
  size: number,
): Promise<Play> {
  const scripts = drawPayouts(random, size, WALLETS);
  const counts = { deliveries: 0, zombies: 0, stops: 0, conflicts: 0, decided: 0, spent: 0 };
  const book = new PayoutsBook(caseName, {
    nowMs: () => deployment.clock.now().getTime(),
    isLive: config().mode === "production",
    onAccepted: (payout) => void play.due.push(...planOf(play, payout)),
    onCallbackFirst: async (payout) => {
      payout.script.settlesAfterMs = 0;
      if (PAYERS[payout.script.payer].tells) await deliver(play, payout, 0, 0);
    },
  });
  const play: Play = {
    deployment,
    chance: randomFrom(random.hex(8)),
    book,
    people: [],
    scripts,
    due: [],
    fundedMinor: 0n,
    counts,
  };
  deployment.connect(book.providers);
  for (let wallet = 0; wallet < WALLETS; wallet += 1) {
    const funds = scripts
      .filter((script) => script.wallet === wallet)
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    play.people.push(await deployment.createPerson(funds));
    play.fundedMinor += funds;
  }
  return play;
}

async function request({ deployment, book, people }: Play, script: PayoutScript): Promise<void> {
  const person = people[script.wallet];
  if (!person) throw new Error("a withdrawal has its person");
  const { phone, method, country } = PAYERS[script.payer];
  const context = deployment.context(person.context.actor);
  const order = { amount: script.amountMinor.toString(), phone, method, currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(context, order, country);
  const { reference } = await requestWithdrawal(context, { quoteId, pin: TEST_PIN });
  book.register(script, reference);
}

/** Payouts are stopped while workers have some in their hands, and more are asked for meanwhile. */
async function stopInTheMiddle(
  play: Play,
  thrown: PayoutSwitch,
  late: readonly PayoutScript[],
): Promise<void> {
  const { deployment, chance } = play;
  const stopping = thrown.stop();
  await Promise.all([
    deployment.pump.drain(() => chance.chance(0.2)),
    inParallel(late, AT_ONCE, (script) => request(play, script)),
  ]);
  // What a worker died with counts as abandoned after half a minute, and nobody waits for it any longer.
  await deployment.clock.advance(31_000);
  await stopping;
}

/** Half of the people take out all that came back to them. */
async function spendRefunds(play: Play): Promise<void> {
  const { deployment, people, scripts, counts } = play;
  for (const [wallet, person] of people.entries()) {
    if (wallet % 2 === 1) continue;
    const { balances } = await getWallet(deployment.context(person.context.actor));
    const left = balances.find(({ currency }) => currency === "XOF")?.available.amountMinor ?? 0n;
    if (left === 0n) continue;
    const script = plainPayout(scripts.length, wallet, left);
    scripts.push(script);
    await request(play, script);
    counts.spent += 1;
  }
}

async function look(play: Play): Promise<void> {
  const { deployment, chance, book, counts } = play;
  counts.zombies += book.releaseZombies();
  await deliverDue(play);
  await deployment.pump.drain(() => chance.chance(0.2));
  await deployment.sweep();
  await deployment.pump.drain(() => chance.chance(0.2));
}

async function deliverDue(play: Play): Promise<void> {
  const nowMs = play.deployment.clock.now().getTime();
  const now = play.due.filter(({ at }) => at <= nowMs);
  play.due = play.due.filter(({ at }) => at > nowMs);
  await inParallel(play.chance.shuffle(now), AT_ONCE, ({ run }) => run());
}

function planOf(play: Play, payout: BookedPayout): Due[] {
  const { script, accepted } = payout;
  const [first] = accepted;
  if (!first || !PAYERS[script.payer].tells) return [];
  const settledAt = first.at + script.settlesAfterMs;
  const ends = [settledAt, settledAt + script.flipsAfterMs];
  return script.deliveries.flatMap((offsets, end) =>
    offsets.map((offset, variant) => ({
      at: (ends[end] ?? 0) + offset,
      run: () => deliver(play, payout, end, variant),
    })),
  );
}

/** The callback about its first or its second end. */
async function deliver(play: Play, payout: BookedPayout, end: number, variant: number): Promise<void> {
  const { deployment, book, counts } = play;
  const { script } = payout;
  const endsAt = script.settlesAfterMs + (end === 0 ? 0 : script.flipsAfterMs);
  const status = standingOf(script, 0, endsAt);
  if (status === "pending") throw new Error("an end is no pending one");
  const provider = book.nameOf(script.payer);
  const isSignedNo = PAYERS[script.payer].dialect === "signed" && status !== "succeeded";
  if (isSignedNo) payout.noes.push(deployment.clock.now().getTime());
  await receiveWebhook(deployment.context({ kind: "provider", name: provider }), {
    provider,
    ...book.write(payout, status, variant),
  });
  counts.deliveries += 1;
}
