import type { TestUser } from "@/e2e/support/people";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { requestDepositCheck } from "@/lib/services/deposits/request-deposit-check";
import { startDeposit } from "@/lib/services/deposits/start-deposit";
import { getOperation } from "@/lib/services/operations/get-operation";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { type Random, randomFrom } from "../random";
import { checkDeposits } from "./check-deposits";
import { type Collections, createCollections } from "./collections";
import { type DepositScript, drawDeposit, HOUR_MS, MINUTE_MS } from "./deposit-script";
import { type Delivery, DIALECTS, type DialectName } from "./dialects";
import { type Forgery, forge } from "./forged-callbacks";
import { inParallel } from "./in-parallel";
import type { MoneyDatabase } from "./money-database";
import { concludeDeposits } from "./operator-of-deposits";
import { readDeposits } from "./read-deposits";

const WALLETS = 6;
const AT_ONCE = 12;
/** When the deployment is looked after, in minutes: what is due by then is delivered, jobs are done, sweeps are made. */
const ROUNDS = [1, 3, 10, 30, 54, 62, 80, 150, 300, 600, 1_200, 1_600, 2_400, 3_200, 4_200, 5_400, 5_770];
/** Then nothing new comes, and what is tried again gets its time. */
const LAST_ROUNDS_MAX = 20;

export interface DepositsPlayed {
  violations: string[];
  scripts: DepositScript[];
  counts: { deliveries: number; returns: number };
  /** How often each way of forging was tried. */
  forged: Map<Forgery["way"], number>;
}

interface Play {
  deployment: MoneyDatabase;
  random: Random;
  book: Collections;
  people: TestUser[];
  elapsedMs(): number;
  references: Map<number, string>;
  sent: Set<string>;
  believed: string[];
  forged: DepositsPlayed["forged"];
  counts: DepositsPlayed["counts"];
}

interface Due {
  at: number;
  run(): Promise<void>;
}

/** Plays `size` deposits from the first click to the last callback, and says what is wrong afterwards. */
export async function playDeposits(
  deployment: MoneyDatabase,
  random: Random,
  caseName: string,
  size: number,
): Promise<DepositsPlayed> {
  const scripts = Array.from({ length: size }, (_, index) => drawDeposit(random, index, WALLETS));
  const startedAt = deployment.clock.now().getTime();
  const elapsedMs = () => deployment.clock.now().getTime() - startedAt;
  const book = createCollections(caseName, scripts, elapsedMs, config().mode === "production");
  deployment.connect(book.providers);
  const people: TestUser[] = [];
  for (let count = 0; count < WALLETS; count += 1) people.push(await deployment.createPerson());
  const counts = { deliveries: 0, returns: 0 };
  const play: Play = {
    deployment,
    random,
    book,
    people,
    elapsedMs,
    references: new Map(),
    sent: new Set(),
    believed: [],
    forged: new Map(),
    counts,
  };
  await inParallel(scripts, AT_ONCE, (script) => start(play, script));
  await goThrough(play, scripts);
  const violations = await conclude(play, scripts, caseName);
  return { violations, scripts, counts, forged: play.forged };
}

async function start({ deployment, book, people, references }: Play, script: DepositScript): Promise<void> {
  const person = people[script.wallet];
  if (!person) throw new Error("a deposit has its person");
  const { method, phone, country } = DIALECTS[script.dialect];
  const order = {
    amount: script.amountMinor.toString(),
    phone,
    method,
    currency: "XOF" as const,
    key: newKey(),
  };
  const links = {
    returnUrl: () => "http://localhost:3000/back",
    locale: "fr" as const,
    defaultCountry: country,
  };
  const reference = await book.play(script, async () => {
    try {
      return (await startDeposit(deployment.context(person.context.actor), order, links)).reference;
    } catch (error) {
      if (error instanceof DomainError && script.fate === "refusedAtOnce")
        return `${error.details?.reference}`;
      throw error;
    }
  });
  references.set(script.index, reference);
}

/** All that is to happen is put in the order of its time; each round does what is due by then, all at once. */
async function goThrough(play: Play, scripts: readonly DepositScript[]): Promise<void> {
  const { deployment, random } = play;
  // How many jobs there are isn't ours to say, so whom it strikes is drawn apart.
  const chance = randomFrom(random.hex(8));
  // Each way of forging has its turn.
  const turns = scripts.filter(({ dialect, fate }) => dialect !== "hinted" && fate !== "refusedAtOnce");
  let waiting = scripts.flatMap((script) => planOf(play, script, turns.indexOf(script)));
  for (const minute of ROUNDS) {
    const untilMs = minute * MINUTE_MS;
    await deployment.clock.advance(Math.max(0, untilMs - play.elapsedMs()));
    const due = random.shuffle(waiting.filter(({ at }) => at <= untilMs));
    waiting = waiting.filter(({ at }) => at > untilMs);
    await inParallel(due, AT_ONCE, ({ run }) => run());
    await look(deployment, chance);
  }
  for (let round = 0; round < LAST_ROUNDS_MAX && (await deployment.pump.waiting()) > 0; round += 1) {
    await deployment.clock.advance(7 * HOUR_MS);
    await look(deployment, chance);
  }
}

async function look(deployment: MoneyDatabase, random: Random): Promise<void> {
  await deployment.pump.drain(() => random.chance(0.15));
  await deployment.sweep();
  await deployment.pump.drain();
}

function planOf(play: Play, script: DepositScript, turn: number): Due[] {
  const { random } = play;
  const deliveries = script.events.flatMap((event) =>
    event.deliveries.map((at): Due => {
      const variant = random.int(1, event.variants);
      return { at, run: () => deliver(play, script, (found) => play.book.write(found, event, variant)) };
    }),
  );
  const returns = script.returns.map((at): Due => ({ at, run: () => comeBack(play, script) }));
  const hand = randomFrom(random.hex(8));
  const forged: Due = {
    at: random.int(0, 96 * HOUR_MS),
    run: () => deliverForged(play, script, { hand, turn }),
  };
  return [...deliveries, ...returns, forged];
}

async function deliver(
  play: Play,
  script: DepositScript,
  write: (found: NonNullable<ReturnType<Collections["find"]>>) => Delivery,
): Promise<void> {
  const { deployment, book, sent, counts } = play;
  const found = book.find(script);
  if (!found) throw new Error("nothing is told of a deposit that the provider never heard of");
  const delivery = write(found);
  const provider = book.nameOf(script.dialect);
  await receiveWebhook(deployment.context({ kind: "provider", name: provider }), { provider, ...delivery });
  counts.deliveries += 1;
  const { eventKey } =
    DIALECTS[script.dialect].verify(delivery.rawBody, delivery.headers, delivery.calledAt) ?? {};
  sent.add(`${provider} ${eventKey}`);
}

async function comeBack(
  { deployment, references, people, counts }: Play,
  script: DepositScript,
): Promise<void> {
  const person = people[script.wallet];
  const reference = references.get(script.index);
  if (!person || reference === undefined) return;
  const context = deployment.context(person.context.actor);
  await requestDepositCheck(context, await getOperation(context, reference));
  counts.returns += 1;
}

async function deliverForged(
  play: Play,
  script: DepositScript,
  { hand, turn }: { hand: Random; turn: number },
): Promise<void> {
  const { deployment, book, forged } = play;
  const found = book.find(script);
  if (!found) return;
  const event = { status: "succeeded", isOwn: true, reference: "own", variants: 1, deliveries: [] } as const;
  const genuine = book.write(found, { ...event, deliveries: [] }, 0);
  const other: DialectName = script.dialect === "asked" ? "signed" : "asked";
  const told = {
    kind: "collection",
    status: "succeeded",
    reference: found.reference,
    theirs: found.theirs,
  } as const;
  const foreign = DIALECTS[other].write(
    { ...told, amountMinor: script.amountMinor, currencyCode: "XOF", live: false, variant: 0 },
    found.callbackUrl,
  );
  const { way, delivery } = forge(hand, turn, script.dialect, { genuine, foreign });
  const provider = book.nameOf(script.dialect);
  try {
    await receiveWebhook(deployment.context({ kind: "anonymous" }), { provider, ...delivery });
    play.believed.push(`${script.dialect}, ${way}`);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid_signature") throw error;
    forged.set(way, (forged.get(way) ?? 0) + 1);
  }
}

async function conclude(play: Play, scripts: readonly DepositScript[], caseName: string): Promise<string[]> {
  const { deployment, book, references, people, sent, believed } = play;
  const played = scripts.map((script) => ({
    script,
    index: script.index,
    reference: references.get(script.index) ?? "",
  }));
  const seen = await readDeposits(deployment, book, played, caseName);
  const walletsMinor = await sumWallets(deployment, people);
  const found = checkDeposits({ ...seen, walletsMinor, believed, sentEvents: sent.size });
  found.push(...(await deployment.audit()), ...(await concludeDeposits(deployment, played, caseName)));
  found.push(...deployment.pump.failures.splice(0).map((failure) => `a job failed as none may: ${failure}`));
  const waiting = await deployment.pump.waiting();
  if (waiting > 0) found.push(`${waiting} jobs never came to an end`);
  return found;
}

async function sumWallets({ owner }: MoneyDatabase, people: readonly TestUser[]): Promise<bigint> {
  const addresses = people.map(({ walletId }) => `wallet/${walletId}/XOF/available`);
  const [row] = await owner<{ sum: string }[]>`
    select coalesce(sum(balance), 0)::text as sum from ledger_accounts where address = any(${addresses})`;
  return BigInt(row?.sum ?? 0);
}
