import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { newReference } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { startApiDeposit } from "../deposits/start-api-deposit";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";
import { assignSuspense } from "./assign-suspense";
import { listDeadLetters } from "./list-dead-letters";

const { db, owner } = await useDatabase({ alone: true });
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const system = () => createContext(db, { kind: "system" });

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

/** A deposit of 5000 that nobody paid yet. */
async function start(): Promise<{ user: TestUser; reference: string }> {
  const user = await createUser(db);
  const input = {
    amountMinor: 5_000n,
    currency: "XOF",
    method: "wave",
    phone: "+22670000001",
    key: null,
  } as const;
  return { user, reference: (await startApiDeposit(user.context, input)).reference };
}

/** The provider tells of money; answers the entry that put it into suspense. */
async function pay(reference: string, paidMinor: bigint): Promise<bigint> {
  const eventKey = randomUUID();
  const event = {
    ...providerState(money(paidMinor, "XOF")),
    reference,
    eventKey,
    kind: "collection" as const,
  };
  await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
  const [row] = await owner<{ id: string }[]>`select id from webhook_events where event_key = ${eventKey}`;
  await processWebhook(system(), BigInt(row?.id ?? 0));
  const deadLetters = await listDeadLetters(system());
  const deadLetter = deadLetters.findLast((one) => one.kind === "suspense" && one.reference === reference);
  return BigInt(deadLetter?.id ?? 0);
}

const assign = (entryId: bigint, reference: string) =>
  assignSuspense(system(), { entryId, reference, operator: "ada", note: "she showed her receipt" });

async function available({ walletId }: TestUser): Promise<bigint | undefined> {
  const [balance] = await getBalances(db, [chart.available(walletId, "XOF")]);
  return balance?.amountMinor;
}

const breaches = async () =>
  (await auditLedger(db)).map(
    ({ invariant, promise, breaches: count }) => `${invariant} ${promise} ${count}`,
  );

const lettersOf = async (reference: string) =>
  (await listDeadLetters(system())).filter((deadLetter) => deadLetter.reference === reference);

describe("money in suspense that an operator assigns", () => {
  it("of another amount than requested is credited as a deposit of its own, and the first one says so", async () => {
    const before = await breaches();
    const { user, reference } = await start();
    const entryId = await pay(reference, 4_000n);
    const credited = await assign(entryId, reference);
    expect(credited).toEqual({
      reference: expect.not.stringMatching(reference),
      amount: money(4_000n, "XOF"),
    });
    expect(await available(user)).toBe(4_000n);
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "failed",
      reason: "credited_apart",
    });
    const shown = await getOperation(user.context, credited.reference);
    expect(shown).toMatchObject({ type: "deposit", status: "succeeded", amount: money(4_000n, "XOF") });
    expect(await lettersOf(reference)).toEqual([]);
    expect(await breaches()).toEqual(before);
  });

  it("of an unknown reference is credited to a deposit that requested exactly this", async () => {
    const before = await breaches();
    const { user, reference } = await start();
    const stranger = newReference();
    const entryId = await pay(stranger, 5_000n);
    expect(await assign(entryId, reference)).toMatchObject({ reference });
    expect(await available(user)).toBe(5_000n);
    expect(await getOperation(user.context, reference)).toMatchObject({ status: "succeeded", reason: null });
    expect(await lettersOf(stranger)).toEqual([]);
    expect(await breaches()).toEqual(before);
    // The provider finds its tongue: it was credited.
    await pay(reference, 5_000n);
    expect(await available(user)).toBe(5_000n);
  });

  it("leaves a review about other money unchanged", async () => {
    const { user, reference } = await start();
    await pay(reference, 4_000n);
    const entryId = await pay(newReference(), 1_000n);
    await assign(entryId, reference);
    expect(await available(user)).toBe(1_000n);
    expect(await getOperation(user.context, reference)).toMatchObject({ status: "review" });
    expect((await lettersOf(reference)).map(({ kind }) => kind)).toEqual(["event", "operation", "suspense"]);
  });

  it("is assigned once by ten concurrent commands", async () => {
    const { user, reference } = await start();
    const other = await start();
    const entryId = await pay(reference, 4_000n);
    const tries = Array.from({ length: 10 }, (_, index) =>
      assign(entryId, [reference, other.reference][index % 2] ?? ""),
    );
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(((await available(user)) ?? 0n) + ((await available(other.user)) ?? 0n)).toBe(4_000n);
    await expect(assign(entryId, reference)).rejects.toMatchObject({ code: "not_found" });
    const rows = await owner`select d.verdict, d.operator, d.note from decisions d
      join operations o on o.id = d.operation_id join wallets w on w.id = o.wallet_id
      where w.id in (${user.walletId.toString()}, ${other.user.walletId.toString()})`;
    expect(rows).toEqual([{ verdict: "assigned", operator: "ada", note: "she showed her receipt" }]);
  });

  // Found by: npm run resilience -- --only races --seed 1 --case 18
  it("assigned to thirty people at once, goes to one; the others get not_found", async () => {
    const entryId = await pay(newReference(), 700n);
    const deposits = await Promise.all(Array.from({ length: 30 }, () => start()));
    const results = await Promise.allSettled(deposits.map(({ reference }) => assign(entryId, reference)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const codes = results.map((result) => (result.status === "rejected" ? result.reason.code : "not_found"));
    expect(new Set(codes)).toEqual(new Set(["not_found"]));
    const given = await Promise.all(deposits.map(({ user }) => available(user)));
    expect(given.filter((francs) => francs !== 0n)).toEqual([700n]);
  });

  it("is refused for other operations, for entries that aren't in suspense, and for other actors", async () => {
    const { user, reference } = await start();
    const entryId = await pay(reference, 4_000n);
    await expect(assign(entryId, "TXN-NOTHING")).rejects.toMatchObject({ code: "not_found" });
    await expect(assign(10n ** 15n, reference)).rejects.toMatchObject({ code: "not_found" });
    const order = { entryId, reference, operator: "awa", note: "mine" };
    await expect(assignSuspense(user.context, order)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await available(user)).toBe(0n);
  });
});
