import type { Currency } from "@/lib/money/currency";
import type { BookEntry } from "@/lib/sandbox/book";
import type { Play, Player } from "./play";

/** An operation beside what the ledger and the provider have of it. */
export interface Judged {
  reference: string;
  type: string;
  state: string;
  currency: Currency;
  amountMinor: bigint;
  feeMinor: bigint;
  provider: string | null;
  /** How often the ledger credited it, from whatever account. */
  credits: number;
  /** What went into suspense under its name. */
  suspended: number;
  /** Null for what the provider never heard of, and for what stays in the deployment. */
  entry: Pick<
    BookEntry,
    "timesPaid" | "amount" | "paidAmount" | "currency" | "paidCurrency" | "state"
  > | null;
  /** An operator's word ended it. */
  isDecided: boolean;
}

interface Row {
  reference: string;
  type: string;
  state: string;
  currency: Currency;
  amount_minor: string;
  fee_minor: string;
  provider: string | null;
  credits: number;
  suspended: number;
}

/** The player's operations as they stand. */
export async function operationsOf(play: Play, player: Player): Promise<Judged[]> {
  const rows = await play.stage.deployment.owner<Row[]>`
    select o.reference, o.type, o.state, o.currency, o.amount_minor, o.fee_minor, o.provider,
      (select count(*)::int from ledger_entries e where e.source = o.reference and e.step = 'credit') as credits,
      (select count(*)::int from ledger_entries e join webhook_events w
        on e.source = w.provider || ':' || w.event_key and w.reference = o.reference where e.step = 'suspense') as suspended
    from operations o where o.wallet_id = ${player.walletId.toString()} order by o.id`;
  return rows.map(({ amount_minor, fee_minor, ...row }) => ({
    ...row,
    amountMinor: BigInt(amount_minor),
    feeMinor: BigInt(fee_minor),
    entry: play.entryOf(row.type === "deposit" ? "collection" : "payout", row.reference),
    isDecided: play.decided.has(row.reference),
  }));
}

/** What is wrong with one operation, as sentences. */
export function judgeOperation(one: Judged): string[] {
  if (one.provider === null || one.provider === "test") return [];
  const { reference, state, entry } = one;
  const times = entry?.timesPaid ?? 0;
  const found: string[] = [];
  if (times > 1) found.push(`${reference} moved at the provider ${times} times, at most once was asked for`);
  if (one.type === "deposit") found.push(...judgeDeposit(one, times));
  if (one.type === "withdrawal" && !one.isDecided) {
    const isPaid = times === 1 && entry?.state === "completed";
    if (isPaid !== (state === "paid")) {
      found.push(
        `the payout ${reference} is ${state} here, the provider paid it ${times} times and calls it ${entry?.state ?? "unknown"}`,
      );
    }
    if (!isPaid && state !== "refunded")
      found.push(`the payout ${reference} wasn't paid and is ${state}, not refunded`);
  }
  return found;
}

function judgeDeposit(one: Judged, times: number): string[] {
  const { reference, state, entry, credits, suspended } = one;
  const isAsAsked =
    times === 1 && entry?.paidAmount === entry?.amount && entry?.paidCurrency === entry?.currency;
  // An operator may have given its money from suspense.
  const shouldCredit = isAsAsked || one.isDecided ? 1 : 0;
  const found: string[] = [];
  if (credits !== shouldCredit)
    found.push(
      `the deposit ${reference} (${state}) was credited ${credits} times, expected ${shouldCredit}; the provider got it ${times} times`,
    );
  if ((state === "succeeded") !== (credits === 1))
    found.push(`the deposit ${reference} is ${state} and was credited ${credits} times`);
  if (
    times === 1 &&
    !isAsAsked &&
    !one.isDecided &&
    entry?.paidCurrency === entry?.currency &&
    suspended !== 1
  )
    found.push(
      `the deposit ${reference} got another amount and lies in suspense ${suspended} times, expected 1`,
    );
  if (times === 0 && !one.isDecided && !["failed", "expired"].includes(state))
    found.push(`the deposit ${reference} was never paid and is ${state}`);
  return found;
}

/** What a wallet must show: what it was given, what the provider moved, and what moved within the deployment. */
export function expectedBalance(operations: readonly Judged[], currency: Currency, moved: bigint): bigint {
  return operations
    .filter((one) => one.currency === currency)
    .reduce((sum, one) => {
      if (one.type === "deposit" && one.state === "succeeded") return sum + one.amountMinor;
      if (one.type === "withdrawal" && one.state === "paid") return sum - one.amountMinor - one.feeMinor;
      return sum;
    }, moved);
}

/** Everything that a play left wrong, as sentences; called when all is settled. */
export async function judgePlay(play: Play): Promise<string[]> {
  const found = [...play.found];
  const runs = await play.stage.deployment
    .owner`select id from reconciliation_runs where finished_at is null`;
  if (runs.length > 0) found.push(`${runs.length} comparisons with a provider's book never end`);
  for (const player of play.players) {
    const operations = await operationsOf(play, player);
    found.push(...operations.flatMap(judgeOperation));
    const asked = play.asked.get(player.walletId) ?? 0;
    if (operations.length !== asked)
      found.push(
        `${asked} operations were asked for and ${operations.length} are there: ${operations.map((one) => `${one.type} ${one.state}`).join(", ")}`,
      );
    const balances = await balancesOf(play, player);
    for (const currency of ["XOF", "NGN"] as const) {
      const expected = expectedBalance(operations, currency, play.movedOf(player, currency));
      const available = balances.get(`${currency}/available`) ?? 0n;
      const held = balances.get(`${currency}/held`) ?? 0n;
      if (available !== expected) found.push(`a wallet shows ${available} ${currency}, expected ${expected}`);
      if (held !== 0n) found.push(`a wallet still holds ${held} ${currency} for a withdrawal`);
    }
  }
  return found;
}

async function balancesOf(play: Play, player: Player): Promise<Map<string, bigint>> {
  const prefix = `wallet/${player.walletId}/`;
  const rows = await play.stage.deployment.owner<{ address: string; balance: string }[]>`
    select address, balance from ledger_accounts where address like ${`${prefix}%`}`;
  return new Map(rows.map(({ address, balance }) => [address.slice(prefix.length), BigInt(balance)]));
}
