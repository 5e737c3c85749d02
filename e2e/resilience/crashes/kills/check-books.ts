import type postgres from "postgres";
import type { Book, BookEntry } from "@/lib/sandbox/book";
import type { Acknowledged } from "./account";
import type { Person } from "./people";

/** What is compared: our database as its owner sees it, the provider's own book, and what clients were told. */
export interface Books {
  owner: postgres.Sql;
  book: Book;
  people: readonly Person[];
  /** All that was acknowledged since these people had a wallet. */
  acknowledged: readonly Acknowledged[];
  /** The last of them, which weren't looked for yet, and the newest operation that was there before them. */
  recent: { acknowledged: readonly Acknowledged[]; afterId: string };
}

const PROVIDER = "getmipay";
const CHUNK = 5_000;

/** Every sentence says what was expected and what was seen; none when nothing is lost and nothing doubled. */
export async function checkBooks(books: Books): Promise<string[]> {
  return [
    ...(await findLost(books.owner, books.recent.acknowledged)),
    ...(await findUnasked(books)),
    ...checkProvider(books),
    ...(await checkBalances(books)),
    ...(await checkClearing(books)),
  ];
}

const STEPS = { transfer: "transfer", deposit: "credit", withdrawal: "reserve" } as const;

/** Each acknowledged operation is there with its key, parties and amount, and in the ledger with its entry. */
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
        `lost: the ${one.kind} ${one.reference} of ${one.amountMinor} was acknowledged and isn't there whole`,
      );
    }
  }
  return lost;
}

/** Each operation of these people was acknowledged, once: what else is there was made twice. */
async function findUnasked({ owner, people, recent }: Books): Promise<string[]> {
  const known = new Set<string>();
  const violations: string[] = [];
  for (const { reference, kind } of recent.acknowledged) {
    if (known.has(reference))
      violations.push(`doubled: two requests were answered with the ${kind} ${reference}`);
    known.add(reference);
  }
  const wallets = people.map(({ walletId }) => walletId.toString());
  const rows = await owner<{ reference: string; type: string; amount: string }[]>`
    select reference, type, amount_minor::text as amount from operations
    where wallet_id = any(${wallets}::bigint[]) and id > ${recent.afterId}::bigint`;
  for (const { reference, type, amount } of rows) {
    if (known.has(reference)) continue;
    violations.push(`doubled: the ${type} ${reference} of ${amount} is there, and nobody was told of it`);
  }
  return violations;
}

/** The provider was asked for each payout and collection of ours, and moved its money once at most. */
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
      violations.push(`doubled: the provider has a ${kind} ${reference} of ${amount} that nobody asked for`);
    }
  }
  for (const { kind, reference } of acknowledged) {
    if (kind !== "withdrawal" || book.find("payout", reference)?.timesPaid === 1) continue;
    violations.push(`lost: the withdrawal ${reference} was never paid by the provider`);
  }
  return violations;
}

/** What each wallet holds by all that was acknowledged, and by what the provider says was paid in. */
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
      `wallet ${walletId} has to hold ${due} by what was acknowledged; it holds ${available}, reserved ${held}`,
    ];
  });
}

function paidIn(entry: BookEntry | null): bigint {
  return entry === null || entry.timesPaid === 0 ? 0n : BigInt(entry.paidAmount ?? 0);
}

/** The newest operation that is there. */
export async function newestOperation(owner: postgres.Sql): Promise<string> {
  const [row] = await owner<{ id: string }[]>`select coalesce(max(id), 0)::text as id from operations`;
  return row?.id ?? "0";
}

/** What we say passed the provider's clearing account is what its own book says. */
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
  return balance === due ? [] : [`clearing has to be ${due} by the provider's book; it is ${balance}`];
}
