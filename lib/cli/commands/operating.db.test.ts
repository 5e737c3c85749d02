import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import type { Provider, ProviderTransaction } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { applyDispute } from "@/lib/services/deposits/apply-dispute";
import { startApiDeposit } from "@/lib/services/deposits/start-api-deposit";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { runCommand } from "../run-command";

const { db, owner } = await useDatabase({ alone: true });
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

let printed: string[] = [];
beforeEach(() => {
  printed = [];
});

function run(name: string, values: Record<string, unknown> = {}): Promise<number> {
  const context = createContext(db, { kind: "system" });
  return runCommand({ context, sandboxOrigin: null, print: (line) => void printed.push(line) }, name, values);
}

async function withdraw(): Promise<string> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const typed = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(user.context, typed, "BF");
  return (await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN })).reference;
}

describe("disputes", () => {
  const decision = { note: "the provider refunded it", by: "ada" };

  async function disputed(): Promise<string> {
    const user = await createUser(db);
    const amount = money(5_000n, "XOF");
    const reference = await fundWallet(db, user.walletId, amount, {
      provider: provider.name,
      method: "wave",
      phone: null,
    });
    const dispute = { type: "refund", subject: reference, outcome: "lost" } as const;
    const update = {
      ...providerState(amount, { status: "reversed" }),
      provider: provider.name,
      reference,
      dispute,
    };
    await inTransaction(db, (tx) => applyDispute(tx, createContext(db, { kind: "system" }), update));
    return reference;
  }

  test("are listed with their owner, and taken back once", async () => {
    const reference = await disputed();
    expect(await run("disputes")).toBe(0);
    const line = printed.find((one) => one.includes(reference));
    expect(line?.split(/ {2,}/)).toEqual([
      reference,
      "refund",
      "5000 XOF",
      "given back",
      expect.stringMatching(/^\d{4}-/),
      expect.stringMatching(/^\d{13} Awa /),
    ]);
    expect(await run("disputes take-back", { reference, ...decision })).toBe(0);
    expect(printed.at(-1)).toBe(`Taken back: 5000 XOF of ${reference}.`);
    await expect(run("disputes take-back", { reference, ...decision })).rejects.toThrow("it is taken back");
    const [recorded] = await owner`select verdict, operator, note from decisions
      where operation_id = (select id from operations where reference = ${reference})`;
    expect(recorded).toEqual({ verdict: "taken_back", operator: "ada", note: decision.note });
  });

  test("are kept, and unknown ones are refused", async () => {
    const reference = await disputed();
    expect(await run("disputes keep", { reference, ...decision })).toBe(0);
    expect(printed.at(-1)).toBe(`Kept: ${reference} stays with its owner.`);
    await expect(run("disputes keep", { reference: "TXN-NOBODYS", ...decision })).rejects.toThrow(
      "There is no deposit with this reference.",
    );
  });
});

describe("payouts", () => {
  const switching = { provider: provider.name, note: "float too low", by: "ada" };

  test("are stopped and resumed with operator and note; the status lists what waits", async () => {
    expect(await run("payouts stop", switching)).toBe(0);
    await run("payouts stop", { ...switching, note: null });
    expect(printed).toEqual([
      `Stopped: payouts to ${provider.name}.`,
      "No payout is being submitted. Withdrawals wait with their money reserved.",
      `Payouts to ${provider.name} were stopped before.`,
      "No payout is being submitted. Withdrawals wait with their money reserved.",
    ]);
    await withdraw();
    printed = [];
    expect(await run("payouts")).toBe(0);
    expect(printed).toContain("all providers: running");
    expect(printed).toContainEqual(
      expect.stringMatching(`^${provider.name}: stopped, since .*Z by ada: float too low$`),
    );
    expect(printed).toContain(`Waiting for ${provider.name}: 1 withdrawal, 2000 XOF`);
    expect(printed).toContainEqual(expect.stringMatching(`stop +${provider.name} +ada +float too low$`));

    await run("payouts stop", { ...switching, provider: null });
    printed = [];
    await run("payouts resume", { ...switching, by: null });
    expect(printed[0]).toBe(`Resumed: payouts to ${provider.name}.`);
    expect(printed[1]).toMatch(/^Still stopped: all providers, since .* by ada: float too low$/);
    await run("payouts resume", { ...switching, provider: null, note: null });
    await run("payouts resume", switching);
    expect(printed.slice(2)).toEqual([
      "Resumed: payouts to all providers.",
      `Payouts to ${provider.name} were not stopped.`,
    ]);
  });

  test("are refused for a provider that isn't configured", async () => {
    await expect(run("payouts stop", { ...switching, provider: "nobody" })).rejects.toThrow(
      "There is no provider with this name.",
    );
  });
});

describe("dead-letters", () => {
  async function deadJob(): Promise<{ reference: string; jobId: string }> {
    const reference = await withdraw();
    const [job] = await owner<{ id: string }[]>`
      update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'no float', updated_at = now()
      where payload ->> 'operationId' = (select id::text from operations where reference = ${reference})
      returning id`;
    return { reference, jobId: job?.id ?? "" };
  }

  test("are listed a line each, counted by the audit, and tried once more", async () => {
    const { reference, jobId } = await deadJob();
    expect(await run("dead-letters")).toBe(0);
    const line = printed.find((one) => one.includes(reference));
    expect(line?.split(/ {2,}/)).toEqual([
      "job",
      jobId,
      reference,
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\dZ$/),
      "submit withdrawal: no float",
      expect.stringMatching(/^\d{13} Awa /),
    ]);
    await run("audit", { full: false });
    expect(printed.some((one) => /^\d+ dead letters? waits? for an operator/.test(one))).toBe(true);
    expect(await run("dead-letters retry", { kind: "job", id: BigInt(jobId) })).toBe(0);
    expect(printed.at(-1)).toBe(`The worker runs job ${jobId} again.`);
    printed = [];
    await run("dead-letters");
    expect(printed.some((one) => one.includes(reference))).toBe(false);
  });

  test("that can't be retried name the command that ends them", async () => {
    const reference = await withdraw();
    const [row] = await owner<{ id: string }[]>`select id from operations where reference = ${reference}`;
    await expect(run("dead-letters retry", { kind: "operation", id: BigInt(row?.id ?? 0) })).rejects.toThrow(
      "resolve it with",
    );
    await expect(run("dead-letters retry", { kind: "suspense", id: 1n })).rejects.toThrow(
      "assign it to a deposit",
    );
    await expect(run("dead-letters retry", { kind: "event", id: 10n ** 15n })).rejects.toThrow(
      "There is no dead letter of this kind with this id.",
    );
  });
});

describe("reconcile", () => {
  const listed: Provider = Object.assign(
    createFakeProvider(`listed${randomUUID().slice(0, 8)}`, { listsTransactions: true }),
    { listTransactions: async () => told },
  );
  let told: ProviderTransaction[] = [];
  const window = { from: new Date("2026-01-01T00:00Z"), to: new Date("2026-01-02T00:00Z") };
  const at = new Date("2026-01-01T12:00Z");

  test("prints what was compared, names providers without a list, and exits with 1 while a break is open", async () => {
    overrideProviders([provider, listed]);
    expect(await run("reconcile", window)).toBe(0);
    expect(printed).toEqual([
      `${provider.name}: it has no list of its transactions, so nothing was compared.`,
      `${listed.name}, 2026-01-01 00:00Z to 2026-01-02 00:00Z: 0 compared, 0 new, 0 ended`,
      "No break is open.",
    ]);
    const state = {
      ...providerState(money(5_000n, "XOF")),
      direction: "in",
      id: "1",
      reference: "TXN-STRANGE",
    } as const;
    told = [{ ...state, createdAt: at, changedAt: at }];
    printed = [];
    expect(await run("reconcile", window)).toBe(1);
    await run("audit", { full: false });
    expect(printed.some((line) => /^\d+ breaks? with a provider's book/.test(line))).toBe(true);
    expect(printed.slice(1, 3)).toEqual([
      `${listed.name}, 2026-01-01 00:00Z to 2026-01-02 00:00Z: 1 compared, 1 new, 0 ended`,
      "  in   ours 0 XOF, theirs 5000 XOF",
    ]);
    expect(printed[4]?.split(/ {2,}/).slice(2)).toEqual([
      listed.name,
      "in",
      "missing here",
      "TXN-STRANGE",
      "nothing 0 XOF",
      "succeeded 5000 XOF",
    ]);
    told = [];
    expect(await run("reconcile", window)).toBe(0);
    overrideProviders([provider]);
  });

  test("refuses a time that ends before it begins", async () => {
    await expect(run("reconcile", { from: new Date("2999-01-01"), to: null })).rejects.toThrow("no time");
  });
});

describe("an operator's decisions", () => {
  const decision = { note: "seen on their statement", by: "ada" };

  async function unknownWithdrawal(): Promise<string> {
    const reference = await withdraw();
    for (const state of ["submitting", "unknown"]) {
      await owner`update operations set state = ${state} where reference = ${reference}`;
    }
    return reference;
  }

  test("end a withdrawal, once", async () => {
    const reference = await unknownWithdrawal();
    expect(await run("resolve", { reference, verdict: "refunded", ...decision })).toBe(0);
    expect(printed).toEqual([`Resolved: ${reference} is refunded.`]);
    await expect(run("resolve", { reference, verdict: "paid", ...decision })).rejects.toThrow(
      "There is nothing to resolve: it is refunded.",
    );
    await expect(run("resolve", { reference: "TXN-NO", verdict: "paid", ...decision })).rejects.toThrow(
      "There is no withdrawal with this reference.",
    );
  });

  test("are refused where the provider contradicts", async () => {
    const reference = await unknownWithdrawal();
    const capabilities = { ...provider.capabilities, queriesPayouts: true };
    const state = providerState(money(2_000n, "XOF"));
    overrideProviders([{ ...provider, capabilities, getPayout: async () => state }]);
    await expect(run("resolve", { reference, verdict: "refunded", ...decision })).rejects.toThrow(
      "Its provider says: succeeded. Nothing was changed.",
    );
    overrideProviders([provider]);
  });

  test("close a webhook event in review, which moves nothing", async () => {
    const eventKey = randomUUID();
    const state = { ...providerState(money(4_000n, "XOF"), { status: "failed" }), reference: null, eventKey };
    const event = { ...state, kind: "collection" as const };
    await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
    const [row] = await owner<{ id: string }[]>`select id from webhook_events where event_key = ${eventKey}`;
    const eventId = BigInt(row?.id ?? 0);
    await processWebhook(createContext(db, { kind: "system" }), eventId);
    const isListed = async () => {
      printed = [];
      await run("dead-letters");
      return printed.some((line) => line.startsWith("event ") && line.split(/ +/)[1] === eventId.toString());
    };
    expect(await isListed()).toBe(true);
    expect(await run("dead-letters close event", { eventId, ...decision })).toBe(0);
    expect(printed.at(-1)).toBe(`Closed: event ${eventId}.`);
    expect(await isListed()).toBe(false);
    const rows =
      await owner`select verdict, operator, note from decisions where event_id = ${eventId.toString()}`;
    expect(rows).toEqual([{ verdict: "closed", note: decision.note, operator: decision.by }]);
    await expect(run("dead-letters close event", { eventId, ...decision })).rejects.toThrow(
      "There is no webhook event in review",
    );
    await expect(
      closeWebhook((await createUser(db)).context, { eventId, note: decision.note, operator: decision.by }),
    ).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  test("assign money in suspense to a deposit's owner", async () => {
    const { context } = await createUser(db);
    const input = {
      amountMinor: 5_000n,
      currency: "XOF",
      method: "wave",
      phone: "+22670000001",
      key: null,
    } as const;
    const { reference } = await startApiDeposit(context, input);
    const event = {
      ...providerState(money(4_000n, "XOF")),
      reference,
      eventKey: randomUUID(),
      kind: "collection" as const,
    };
    await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
    const [row] = await owner<{ id: string }[]>`select id from webhook_events where reference = ${reference}`;
    await processWebhook(createContext(db, { kind: "system" }), BigInt(row?.id ?? 0));
    await run("dead-letters");
    const line = printed.find((one) => one.startsWith("suspense") && one.includes(reference));
    const entryId = BigInt(line?.split(/ +/)[1] ?? 0);
    printed = [];
    expect(await run("suspense assign", { entryId, reference, ...decision })).toBe(0);
    expect(printed[0]).toMatch(/^Credited: 4000 XOF as a new deposit, TXN-/);
    await expect(run("suspense assign", { entryId, reference, ...decision })).rejects.toThrow(
      "There is no such money in suspense",
    );
  });
});
