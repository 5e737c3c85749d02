import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Transaction } from "@/db/client";
import { inTransaction, preparedSql } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { money } from "@/lib/money/money";
import { openAccounts } from "./accounts";
import { getBalances } from "./balances";
import type { LedgerAccount } from "./chart";
import { rollCheckpoints } from "./checkpoints";
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
async function openDerived(count: number): Promise<[LedgerAccount, LedgerAccount, ...LedgerAccount[]]> {
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

/** A checkpoint has read the newest entry, and waits for whoever was posting then. */
async function isCheckpointWaiting(): Promise<boolean> {
  const rows = await owner`
    select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'
      and query like '%ledger_checkpoint%' and pid <> pg_backend_pid()`;
  return rows.length > 0;
}

describe("while a posting isn't committed yet", () => {
  it("one (source, step) posted concurrently between accounts without a common lock posts once", async () => {
    const [source, ...sinks] = await openDerived(13);
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
    const [source, one, other] = await openDerived(3);
    const { held, commit } = await postAndHold(draft(source, one, 7n));
    // Later by number and committed before it: a checkpoint up to here must hold the earlier one too.
    await post(draft(source, other as LedgerAccount, 5n));
    let isWritten = false;
    const written = rollCheckpoints(db).then(() => {
      isWritten = true;
    });
    await expect.poll(async () => isWritten || (await isCheckpointWaiting()), PATIENT).toBe(true);
    commit();
    await Promise.all([held, written]);
    const [balance] = await getBalances(db, [source]);
    expect(balance?.amountMinor).toBe(-12n);
  });

  it("a checkpoint that waits longer than two seconds writes nothing, and a later one takes the posting along", async () => {
    const [source, one] = await openDerived(3);
    const { held, commit } = await postAndHold(draft(source, one, 7n));
    expect(await rollCheckpoints(db)).toBe(0);
    commit();
    await held;
    expect(await rollCheckpoints(db)).toBeGreaterThanOrEqual(2);
    expect((await getBalances(db, [source]))[0]?.amountMinor).toBe(-7n);
  });
});

describe("while a checkpoint isn't committed yet", () => {
  it("postings go on", async () => {
    const [source, one] = await openDerived(3);
    await post(draft(source, one, 7n));
    await inOne(async (tx) => {
      await preparedSql(tx)`select ledger_checkpoint()`;
      // On another connection: it fails where it has to wait for the checkpoint.
      const isPosted = await inOne(async (other) => {
        await preparedSql(other)`set local lock_timeout = '100ms'`;
        return await postEntry(other, draft(source, one, 5n));
      });
      expect(isPosted).toBe(true);
    });
    expect((await getBalances(db, [source]))[0]?.amountMinor).toBe(-12n);
  });
});
