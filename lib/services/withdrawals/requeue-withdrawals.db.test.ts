import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { listDeadLetters } from "../back-office/list-dead-letters";
import type { Context } from "../context";
import { hastenWithdrawals } from "./hasten-withdrawals";
import { quoteWithdrawal } from "./quote-withdrawal";
import { requestWithdrawal } from "./request-withdrawal";
import { requeueWithdrawals } from "./requeue-withdrawals";

const { db, owner } = await useDatabase();
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

const worker = (): Context => createContext(db, { kind: "system" });

/** A withdrawal of somebody new that waits to be submitted; answers its id. */
async function requestedWithdrawal(): Promise<bigint> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const form = { amount: "2 000", phone: "70 00 00 04", method: "orange_money", currency: "XOF" } as const;
  const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
  const { reference } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
  const [row] = await owner<{ id: string }[]>`select id from operations where reference = ${reference}`;
  return BigInt(row?.id ?? 0);
}

describe("the sweep over withdrawals", () => {
  const later = () => ({ ...worker(), now: new Date(Date.now() + 120_000) });

  interface JobRow {
    id: string;
    attempts: number;
    run_at: Date;
  }

  async function jobOf(id: bigint): Promise<JobRow | undefined> {
    const [job] = await owner<JobRow[]>`
      select id, attempts, run_at from graphile_worker._private_jobs where key = ${`submit:${id}`}`;
    return job;
  }

  it("leaves alone what keeps its job and its back-off", async () => {
    const id = await requestedWithdrawal();
    await owner`update graphile_worker._private_jobs set attempts = 7, run_at = now() + interval '1 hour'
      where key = ${`submit:${id}`}`;
    const before = await jobOf(id);
    await requeueWithdrawals(later());
    expect(await jobOf(id)).toEqual(before);
  });

  it("bounds a failed job's back-off to a quarter of an hour, and leaves one that never failed", async () => {
    const [failed, fresh] = [await requestedWithdrawal(), await requestedWithdrawal()];
    await owner`update graphile_worker._private_jobs set attempts = 10, run_at = now() + interval '6 hours'
      where key = ${`submit:${failed}`}`;
    await owner`update graphile_worker._private_jobs set run_at = now() + interval '6 hours'
      where key = ${`submit:${fresh}`}`;
    const now = worker();
    expect(await hastenWithdrawals(now)).toBeGreaterThanOrEqual(1);
    expect(await jobOf(failed)).toMatchObject({
      attempts: 10,
      run_at: new Date(now.now.getTime() + 15 * 60_000),
    });
    expect((await jobOf(fresh))?.run_at.getTime()).toBeGreaterThan(now.now.getTime() + 60 * 60_000);
    expect(await hastenWithdrawals(now)).toBe(0);
  });

  it("leaves a dead letter to its operator", async () => {
    const id = await requestedWithdrawal();
    await owner`update graphile_worker._private_jobs set attempts = max_attempts where key = ${`submit:${id}`}`;
    const before = await jobOf(id);
    await requeueWithdrawals(later());
    expect(await jobOf(id)).toEqual(before);
    const deadLetters = await listDeadLetters(worker());
    // Operations and jobs are counted apart, so that an id may name one of each.
    const jobs = deadLetters.filter(({ kind }) => kind === "job");
    expect(jobs.filter((job) => job.id === before?.id)).toHaveLength(1);
  });

  it("writes a job for every one that has none, however many there are", async () => {
    const many = 450;
    const id = await requestedWithdrawal();
    const ids = await owner<{ id: string }[]>`
      insert into operations (reference, type, wallet_id, currency, amount_minor, state, provider, method, phone)
      select 'TXN-SWEEP' || ${id.toString()}::text || 'N' || n, type, wallet_id, currency, 1, 'created', provider, method, phone
      from operations, generate_series(1, ${many}) n where id = ${id.toString()}
      returning id::text`;
    await requeueWithdrawals(later());
    const jobs = await owner`
      select from graphile_worker._private_jobs where key = any (${ids.map((row) => `submit:${row.id}`)})`;
    expect(jobs).toHaveLength(many);
  });
});
