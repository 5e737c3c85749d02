import type postgres from "postgres";
import type { Deployment } from "@/e2e/resilience/deployment";
import type { Book, BookEntry } from "@/lib/sandbox/book";
import type { ApiClient } from "./api-client";
import { type Acknowledged, type ClientLog, findUnansweredDeposits } from "./client-log";
import type { Person } from "./people";

/** What is compared: our database, the provider's book, and what clients were acknowledged. */
export interface Books {
  owner: postgres.Sql;
  book: Book;
  people: readonly Person[];
  /** Everything acknowledged to these people so far. */
  acknowledged: readonly Acknowledged[];
  /** The operations that aren't checked yet, and the newest operation before it. */
  recent: { acknowledged: readonly Acknowledged[]; afterId: string };
}

const PROVIDER = "getmipay";
const CHUNK = 5_000;

/** A deployment under load, with everything that was acknowledged in its cases so far. */
export interface LoadFixture {
  deployment: Deployment;
  client: ApiClient;
  people: readonly Person[];
  acknowledged: Acknowledged[];
}

/** Adds a case's log to the fixture, and checks the books, the provider's book and the ledger. */
export async function checkCase(
  { deployment, people, acknowledged }: LoadFixture,
  log: ClientLog,
  afterId: string,
): Promise<string[]> {
  const { owner, sandbox } = deployment;
  const added = [...log.acknowledged, ...(await findUnansweredDeposits(owner, log))];
  acknowledged.push(...added);
  const recent = { acknowledged: added, afterId };
  const books = { owner, book: sandbox.book, people, acknowledged, recent };
  return [...(await checkBooks(books)), ...(await deployment.audit())];
}

/** Checks that nothing is lost and nothing doubled. Returns the violations, a sentence each. */
export async function checkBooks(books: Books): Promise<string[]> {
  return [
    ...(await findLost(books.owner, books.recent.acknowledged)),
    ...(await findDoubled(books)),
    ...checkProvider(books),
    ...(await checkBalances(books)),
    ...(await checkClearing(books)),
  ];
}

const STEPS = { transfer: "transfer", deposit: "credit", withdrawal: "reserve" } as const;

/** Acknowledged operations that aren't stored with their key, parties, amount and ledger entry. */
export async function findLost(
  owner: postgres.Sql,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const lost: string[] = [];
  for (let start = 0; start < acknowledged.length; start += CHUNK) {
    const some = acknowledged.slice(start, start + CHUNK);
    const there = await owner<{ position: number }[]>`
      select a.position::int from unnest(
        ${some.map(({ reference }) => reference)}::text[], ${some.map(({ kind }) => kind)}::text[],
        ${some.map(({ from }) => from.walletId.toString())}::bigint[],
        ${some.map(({ to }) => to?.walletId.toString() ?? null)}::bigint[],
        ${some.map(({ amountMinor }) => amountMinor.toString())}::bigint[],
        ${some.map(({ feeMinor }) => feeMinor.toString())}::bigint[], ${some.map(({ kind }) => STEPS[kind])}::text[],
        ${some.map(({ key }) => key)}::text[], ${some.map(({ from }) => from.userId.toString())}::bigint[]
      ) with ordinality as a(reference, type, wallet, counterparty, amount, fee, step, key, user_id, position)
      join operations o on o.reference = a.reference and o.type = a.type and o.wallet_id = a.wallet
        and o.counterparty_wallet_id is not distinct from a.counterparty and o.amount_minor = a.amount
        and o.fee_minor = a.fee and o.currency = 'XOF'
      where (a.key is null or exists (select from idempotency_keys k
          where k.user_id = a.user_id and k.key = a.key and k.reference = a.reference))
        and ((o.type = 'deposit' and o.state <> 'succeeded') or exists (
          select from ledger_entries e join ledger_postings m on m.entry_id = e.id
          where e.source = a.reference and e.step = a.step group by e.id having sum(m.amount) = a.amount + a.fee))`;
    const found = new Set(there.map(({ position }) => position));
    for (const [index, one] of some.entries()) {
      if (found.has(index + 1)) continue;
      lost.push(
        `lost: the ${one.kind} ${one.reference} of ${one.amountMinor} was acknowledged and isn't stored completely`,
      );
    }
  }
  return lost;
}

/** Operations of these people that were never acknowledged, or twice. */
async function findDoubled({ owner, people, recent }: Books): Promise<string[]> {
  const known = new Set<string>();
  const violations: string[] = [];
  for (const { reference, kind } of recent.acknowledged) {
    if (known.has(reference))
      violations.push(`doubled: two requests were acknowledged with the ${kind} ${reference}`);
    known.add(reference);
  }
  const wallets = people.map(({ walletId }) => walletId.toString());
  const rows = await owner<{ reference: string; type: string; amount: string }[]>`
    select reference, type, amount_minor::text as amount from operations
    where wallet_id = any(${wallets}::bigint[]) and id > ${recent.afterId}::bigint`;
  for (const { reference, type, amount } of rows) {
    if (known.has(reference)) continue;
    violations.push(`doubled: the ${type} ${reference} of ${amount} exists and was never acknowledged`);
  }
  return violations;
}

/** Checks that the provider has each order once, and moved its money once at most. */
function checkProvider({ book, acknowledged }: Books): string[] {
  const violations: string[] = [];
  const orders = new Map(acknowledged.map((one) => [one.reference, one]));
  for (const entry of [...book.list("payout"), ...book.list("collection")]) {
    const { kind, reference, timesPaid, amount } = entry;
    const order = orders.get(reference);
    const wanted = kind === "payout" ? "withdrawal" : "deposit";
    if (timesPaid > 1)
      violations.push(`doubled: the provider paid the ${kind} ${reference} ${timesPaid} times`);
    if (order?.kind !== wanted || order.amountMinor !== BigInt(amount)) {
      violations.push(`doubled: the provider has a ${kind} ${reference} of ${amount} that nobody requested`);
    }
  }
  for (const { kind, reference } of acknowledged) {
    if (kind !== "withdrawal" || book.find("payout", reference)?.timesPaid === 1) continue;
    violations.push(`lost: the withdrawal ${reference} was never paid by the provider`);
  }
  return violations;
}

/** Checks each wallet's balance against everything acknowledged and the provider's collections. */
async function checkBalances({ owner, book, people, acknowledged }: Books): Promise<string[]> {
  const wanted = new Map(people.map(({ walletId, fundsMinor }) => [walletId, fundsMinor]));
  const add = (person: Person | null, amount: bigint): void => {
    if (person !== null) wanted.set(person.walletId, (wanted.get(person.walletId) ?? 0n) + amount);
  };
  for (const { kind, reference, from, to, amountMinor, feeMinor } of acknowledged) {
    if (kind === "deposit") add(from, paidIn(book.find("collection", reference)));
    else add(from, -amountMinor - feeMinor);
    add(to, amountMinor);
  }
  const addresses = people.map(({ walletId }) => `wallet/${walletId}/XOF`);
  const rows = await owner<{ address: string; balance: string }[]>`select address, balance::text as balance
    from ledger_accounts where address = any(${addresses.flatMap((one) => [`${one}/available`, `${one}/held`])}::text[])`;
  const balances = new Map(rows.map(({ address, balance }) => [address, BigInt(balance)]));
  return people.flatMap(({ walletId }) => {
    const available = balances.get(`wallet/${walletId}/XOF/available`) ?? 0n;
    const held = balances.get(`wallet/${walletId}/XOF/held`) ?? 0n;
    const due = wanted.get(walletId) ?? 0n;
    if (available === due && held === 0n) return [];
    return [
      `wallet ${walletId} must hold ${due} by what was acknowledged; it holds ${available}, held ${held}`,
    ];
  });
}

function paidIn(entry: BookEntry | null): bigint {
  return entry === null || entry.timesPaid === 0 ? 0n : BigInt(entry.paidAmount ?? 0);
}

/** The id of the newest operation. */
export async function newestOperation(owner: postgres.Sql): Promise<string> {
  const [row] = await owner<{ id: string }[]>`select coalesce(max(id), 0)::text as id from operations`;
  return row?.id ?? "0";
}

/** Checks the provider's clearing account against its book. */
async function checkClearing({ owner, book }: Books): Promise<string[]> {
  const sum = (kind: "collection" | "payout"): bigint =>
    book
      .list(kind)
      .reduce((total, { timesPaid, paidAmount }) => total + BigInt(timesPaid * (paidAmount ?? 0)), 0n);
  const due = sum("payout") - sum("collection");
  const [row] = await owner<
    { balance: string }[]
  >`select ledger_balance(id)::text as balance from ledger_accounts
    where address = ${`clearing/${PROVIDER}/XOF`}`;
  const balance = BigInt(row?.balance ?? 0);
  return balance === due ? [] : [`clearing must be ${due} by the provider's book; it is ${balance}`];
}
