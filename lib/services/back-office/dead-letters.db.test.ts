import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { log } from "@/lib/log";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { startApiDeposit } from "@/lib/services/deposits/start-api-deposit";
import { retryJob } from "@/lib/services/outbox/retry-job";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { retryWithdrawal } from "@/lib/services/withdrawals/retry-withdrawal";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import { listDeadLetters } from "./list-dead-letters";
import { logDeadLetters } from "./log-dead-letters";
import type { DeadLetter } from "./view";

const { db, owner } = await useDatabase();
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`, {
  payoutReferenceIsIdempotent: false,
});
const yes = provider.onPayout;
const system = () => createContext(db, { kind: "system" });

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));
beforeEach(() => {
  provider.onPayout = yes;
});
afterEach(() => vi.restoreAllMocks());

async function deadLettersOf(reference: string): Promise<DeadLetter[]> {
  return (await listDeadLetters(system())).filter((deadLetter) => deadLetter.reference === reference);
}

async function withdraw(): Promise<{ reference: string; id: bigint }> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const typed = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(user.context, typed, "BF");
  const { reference } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
  const [row] = await owner<{ id: string }[]>`select id from operations where reference = ${reference}`;
  return { reference, id: BigInt(row?.id ?? 0) };
}

/** A withdrawal whose job used up its attempts. */
async function withDeadJob(): Promise<{ reference: string; jobId: bigint }> {
  const { reference, id } = await withdraw();
  const [job] = await owner<{ id: string }[]>`
    update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'no float' || chr(10) || 'at x'
    where payload ->> 'operationId' = ${id.toString()} returning id`;
  return { reference, jobId: BigInt(job?.id ?? 0) };
}

/** A withdrawal that got no answer, so long ago. */
async function withUnknown(hoursAgo: number): Promise<{ reference: string; id: bigint }> {
  const withdrawal = await withdraw();
  provider.onPayout = async () => {
    throw new ProviderError("outcome_unknown", "timeout");
  };
  await submitWithdrawal(system(), withdrawal.id);
  await owner`alter table operation_events disable trigger operation_events_append_only`;
  await owner`update operation_events set created_at = created_at - ${hoursAgo} * interval '1 hour'
    where operation_id = ${withdrawal.id.toString()}`;
  await owner`alter table operation_events enable trigger operation_events_append_only`;
  return withdrawal;
}

/** A deposit of 5000 of which 4000 were paid. */
async function withShortPayment(): Promise<string> {
  const { context } = await createUser(db);
  const input = {
    amountMinor: 5_000n,
    currency: "XOF",
    method: "wave",
    phone: "+22670000001",
    key: null,
  } as const;
  const { reference } = await startApiDeposit(context, input);
  const eventKey = randomUUID();
  const event = { ...providerState(money(4_000n, "XOF")), reference, eventKey, kind: "collection" as const };
  await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
  const [row] = await owner<{ id: string }[]>`select id from webhook_events where event_key = ${eventKey}`;
  await processWebhook(system(), BigInt(row?.id ?? 0));
  return reference;
}

describe("a dead letter", () => {
  it("is a job that used up its attempts, with its last error, until it is retried", async () => {
    const { reference, jobId } = await withDeadJob();
    expect(await deadLettersOf(reference)).toMatchObject([
      { kind: "job", id: jobId.toString(), why: "submit_withdrawal", error: "no float\nat x" },
    ]);
    await retryJob(system(), jobId);
    const [job] = await owner`select attempts, run_at <= now() as due from graphile_worker._private_jobs
      where id = ${jobId.toString()}`;
    expect(job).toMatchObject({ attempts: 0, due: true });
    expect(await deadLettersOf(reference)).toEqual([]);
    await expect(retryJob(system(), jobId)).rejects.toMatchObject({ code: "not_found" });
  });

  it("isn't a job that will be tried again", async () => {
    const { reference } = await withdraw();
    expect(await deadLettersOf(reference)).toEqual([]);
  });

  it("is money of a wrong amount: its event, its operation and the sum in suspense", async () => {
    const reference = await withShortPayment();
    const deadLetters = await deadLettersOf(reference);
    expect(deadLetters.map(({ kind, why }) => [kind, why])).toEqual([
      ["event", "amount_mismatch"],
      ["operation", "review: amount_mismatch"],
      ["suspense", "amount_mismatch"],
    ]);
    for (const { since } of deadLetters) expect(Date.now() - since.getTime()).toBeLessThan(60_000);
  });

  it("is a withdrawal that has been unknown for an hour, and not one that just became so", async () => {
    const old = await withUnknown(2);
    const young = await withUnknown(0);
    expect(await deadLettersOf(old.reference)).toMatchObject([
      { kind: "operation", id: old.id.toString(), why: "unknown: outcome_unknown" },
    ]);
    expect(await deadLettersOf(young.reference)).toEqual([]);
  });

  it("is logged once, and again when it becomes one again", async () => {
    const { reference, jobId } = await withDeadJob();
    const error = vi.spyOn(log, "error");
    const calls = () =>
      error.mock.calls.filter(([told]) => (told as unknown as DeadLetter).reference === reference);
    await logDeadLetters(system());
    await logDeadLetters(system());
    expect(calls()).toHaveLength(1);
    // What a job failed with may quote a row: it stays out of the log.
    expect(JSON.stringify(calls())).not.toContain("no float");
    await retryJob(system(), jobId);
    await logDeadLetters(system());
    await owner`update graphile_worker._private_jobs set attempts = max_attempts where id = ${jobId.toString()}`;
    await logDeadLetters(system());
    expect(calls()).toHaveLength(2);
  });

  it("is listed for the system only", async () => {
    const { context } = await createUser(db);
    const refused = { code: "unauthenticated" };
    await expect(listDeadLetters(context)).rejects.toMatchObject(refused);
    await expect(retryJob(context, 1n)).rejects.toMatchObject(refused);
    await expect(retryWithdrawal(context, 1n)).rejects.toMatchObject(refused);
  });
});

describe("retrying an unknown withdrawal", () => {
  it("writes a job where the provider has a query, and none elsewhere", async () => {
    const { id } = await withUnknown(2);
    const jobs = () => owner`select from graphile_worker._private_jobs where key = ${`submit:${id}`}`;
    // The one that it was placed with is done: this test submitted it by itself.
    await owner`delete from graphile_worker._private_jobs where key = ${`submit:${id}`}`;
    expect([await retryWithdrawal(system(), id), (await jobs()).length]).toEqual([false, 0]);
    const capabilities = { ...provider.capabilities, payoutReferenceIsIdempotent: true };
    overrideProviders([{ ...provider, capabilities }]);
    expect([await retryWithdrawal(system(), id), (await jobs()).length]).toEqual([true, 1]);
    overrideProviders([provider]);
  });

  it("changes nothing in another state", async () => {
    const { id } = await withdraw();
    expect(await retryWithdrawal(system(), id)).toBe(false);
    await expect(retryWithdrawal(system(), 10n ** 15n)).rejects.toMatchObject({ code: "not_found" });
  });
});
