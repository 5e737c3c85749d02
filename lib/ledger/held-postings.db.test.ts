import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { money } from "@/lib/money/money";
import { openAccounts } from "./accounts";
import { getBalances } from "./balances";
import type { LedgerAccount } from "./chart";
import { writeCheckpoints } from "./checkpoints";
import type { EntryDraft } from "./draft";
import { postEntry } from "./post";

const { db, owner } = await useDatabase();
const PATIENT = { timeout: 20_000 };

function draft(
  from: LedgerAccount,
  to: LedgerAccount,
  amountMinor: bigint,
  source = randomUUID(),
): EntryDraft {
  const postings = [{ from, to, amount: money(amountMinor, from.currency) }];
  return { source, step: "test", occurredAt: new Date(), postings };
}

const inOne = <T>(work: (tx: Transaction) => Promise<T>) => inTransaction(db, work);
const post = (entry: EntryDraft) => inOne((tx) => postEntry(tx, entry));

/** Accounts without a minimum balance: nobody locks them to post. */
async function openSummed(count: number): Promise<[LedgerAccount, LedgerAccount, ...LedgerAccount[]]> {
  const accounts = Array.from({ length: count }, () => ({
    address: `test/${randomUUID()}`,
    currency: "XOF" as const,
    minimumBalance: null,
  }));
  await inOne((tx) => openAccounts(tx, accounts));
  return accounts as unknown as [LedgerAccount, LedgerAccount, ...LedgerAccount[]];
}

/** A promise, and what resolves it. */
function gate(): [Promise<void>, () => void] {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return [opened, () => open()];
}

/** Posts in a transaction that stays open until `commit` is called. */
async function postAndHold(entry: EntryDraft): Promise<{ held: Promise<void>; commit: () => void }> {
  const [mayCommit, commit] = gate();
  const [hasPosted, posted] = gate();
  const held = inOne(async (tx) => {
    await postEntry(tx, entry);
    posted();
    await mayCommit;
  });
  await hasPosted;
  return { held, commit };
}

/** How many wait in this database for a lock of this type. */
async function waitingFor(locktype: string): Promise<number> {
  const rows = await owner`
    select from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = ${locktype} and not l.granted and a.datname = current_database()`;
  return rows.length;
}

describe("while a posting isn't committed yet", () => {
  it("one (source, step) posted at once between accounts that share no lock posts once", async () => {
    const [source, ...sinks] = await openSummed(13);
    const name = randomUUID();
    const [first, ...others] = sinks.map((sink) => draft(source, sink, 10n, name));
    // The first isn't committed before the others have looked for it: only the index is between them.
    const { held, commit } = await postAndHold(first as EntryDraft);
    const rest = Promise.allSettled(others.map(post));
    await expect.poll(() => waitingFor("transactionid"), PATIENT).toBe(others.length);
    commit();
    await held;
    for (const { status } of await rest) expect(status).toBe("rejected");
    const balances = await getBalances(db, sinks);
    expect(balances.map((b) => b.amountMinor).reduce((a, b) => a + b, 0n)).toBe(10n);
  });

  it("a checkpoint waits for a posting that has its number and isn't committed yet", async () => {
    const [source, one, other] = await openSummed(3);
    const { held, commit } = await postAndHold(draft(source, one, 7n));
    // Later by number and committed before it: a checkpoint up to here must hold the earlier one too.
    await post(draft(source, other as LedgerAccount, 5n));
    let isWritten = false;
    const written = inOne((tx) => writeCheckpoints(tx)).then(() => {
      isWritten = true;
    });
    await expect.poll(async () => isWritten || (await waitingFor("relation")) > 0, PATIENT).toBe(true);
    commit();
    await Promise.all([held, written]);
    const [balance] = await getBalances(db, [source]);
    expect(balance?.amountMinor).toBe(-12n);
  });
});
