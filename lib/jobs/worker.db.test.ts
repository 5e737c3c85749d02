import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { listDeadLetters } from "@/lib/services/back-office/list-dead-letters";
import { clearReplacedJobs } from "@/lib/services/outbox/clear-replaced-jobs";
import { enqueueJob } from "@/lib/services/outbox/enqueue-job";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { startWorker } from "./worker";

const { db, owner } = await useDatabase({ alone: true });
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const form = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };

beforeAll(async () => {
  // Jobs that other tests of this database left behind name providers of theirs.
  await owner`delete from graphile_worker._private_jobs`;
  overrideProviders([provider]);
});
afterAll(() => overrideProviders(null));

async function withdraw(): Promise<string> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
  return (await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN })).reference;
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

describe("workers of one database", () => {
  it("take over from one that died during a job, and from one that stops", async () => {
    const left = await withdraw();
    await owner`update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now()`;
    const first = await startWorker();
    const second = await startWorker();
    await expect.poll(() => stateOf(left), { timeout: 10_000 }).toBe("submitted");

    await first.stop();
    const next = await withdraw();
    await expect.poll(() => stateOf(next), { timeout: 10_000 }).toBe("submitted");
    await second.stop();

    const waiting = await withdraw();
    expect(await stateOf(waiting)).toBe("created");
    expect(provider.payouts.map((payout) => payout.reference)).toEqual([left, next]);
  });

  // Found by npm run resilience -- --only failpoints --seed 12 --case 51.
  it("make no dead letter of a job that was replaced while its worker died", async () => {
    await owner`delete from graphile_worker._private_jobs`;
    const left = await withdraw();
    const [{ id } = { id: "0" }] = await owner<
      { id: string }[]
    >`select id from operations where reference = ${left}`;
    const write = () =>
      inTransaction(db, (tx) =>
        enqueueJob(tx, "submit_withdrawal", { operationId: id }, { key: `submit:${id}` }),
      );
    await owner`delete from graphile_worker._private_jobs`;
    await write();
    await owner`update graphile_worker._private_jobs set attempts = 1, locked_by = 'dead', locked_at = now()`;
    await write();
    const worker = await startWorker();
    await expect.poll(() => stateOf(left), { timeout: 10_000 }).toBe("submitted");
    await worker.stop();
    expect(await owner`select id, attempts, last_error from graphile_worker._private_jobs`).toEqual([]);
  });

  // Noticed after npm run resilience -- --only failpoints --seed 31: the queue gives such a job no further try.
  it("make no dead letter of a job that was replaced while it ran and then failed", async () => {
    await owner`delete from graphile_worker._private_jobs`;
    const write = () =>
      inTransaction(db, (tx) => enqueueJob(tx, "check_deposit", { operationId: "0" }, { key: "replaced" }));
    await write();
    const [job] =
      await owner`update graphile_worker._private_jobs set attempts = 1, locked_by = 'me', locked_at = now() returning id`;
    await write();
    // As the queue ends a try that threw.
    await owner`update graphile_worker._private_jobs set locked_by = null, locked_at = null, last_error = 'not yet'
      where id = ${job?.id}`;
    const context = createContext(db, { kind: "system" });
    expect((await listDeadLetters(context)).filter(({ kind }) => kind === "job")).toEqual([]);
    expect(await clearReplacedJobs(context)).toBe(1);
    expect(await owner`select key from graphile_worker._private_jobs`).toMatchObject([{ key: "replaced" }]);
  });

  // Found by npm run resilience -- --only restarts --seed 1.
  it("leave no job locked when they stop during some", async () => {
    await owner`delete from graphile_worker._private_jobs`;
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 12 }, withdraw));
      const worker = await startWorker();
      await expect.poll(countLocked, { timeout: 10_000, interval: 1 }).toBeGreaterThan(0);
      await worker.stop();
      expect(await countLocked()).toBe(0);
    }
  });
});

async function countLocked(): Promise<number> {
  const [row] = await owner<{ jobs: number }[]>`
    select count(*)::int as jobs from graphile_worker._private_jobs where locked_at is not null`;
  return row?.jobs ?? 0;
}
