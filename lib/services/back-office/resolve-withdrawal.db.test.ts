import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { money } from "@/lib/money/money";
import { type Provider, ProviderError, type ProviderStatus } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";
import { quoteWithdrawal } from "../withdrawals/quote-withdrawal";
import { requestWithdrawal } from "../withdrawals/request-withdrawal";
import { submitWithdrawal } from "../withdrawals/submit-withdrawal";
import { listDeadLetters } from "./list-dead-letters";
import { resolveWithdrawal, type Verdict } from "./resolve-withdrawal";

const { db, owner } = await useDatabase({ alone: true });
const name = `scripted${randomUUID().slice(0, 8)}`;
const provider = createFakeProvider(name, { payoutReferenceIsIdempotent: false });
const yes = provider.onPayout;
const system = () => createContext(db, { kind: "system" });

/** The same provider with a query that answers this. */
function queryable(status: ProviderStatus): Provider {
  const state = providerState(money(2_000n, "XOF"), {
    status,
    amount: status === "succeeded" ? money(2_000n, "XOF") : null,
  });
  const capabilities = { ...provider.capabilities, queriesPayouts: true };
  return { ...provider, capabilities, getPayout: async () => state };
}

beforeAll(() => overrideProviders([provider]));
beforeEach(() => {
  provider.onPayout = yes;
  overrideProviders([provider]);
});
afterAll(() => overrideProviders(null));

interface Withdrawal {
  user: TestUser;
  reference: string;
}

async function submitted(): Promise<Withdrawal> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const typed = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(user.context, typed, "BF");
  const { reference, id } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
  await submitWithdrawal(system(), id);
  return { user, reference };
}

async function unknown(): Promise<Withdrawal> {
  provider.onPayout = async () => {
    throw new ProviderError("outcome_unknown", "timeout");
  };
  const withdrawal = await submitted();
  expect(await stateOf(withdrawal.reference)).toBe("unknown");
  return withdrawal;
}

/** Refunded, and then heard of as paid; spent in between where it says so. */
async function conflict(isSpent = false): Promise<Withdrawal> {
  const withdrawal = await submitted();
  await hear(withdrawal.reference, "failed");
  if (isSpent) await spend(withdrawal.user, "4000");
  await hear(withdrawal.reference, "succeeded");
  expect(await stateOf(withdrawal.reference)).toBe("conflict");
  return withdrawal;
}

async function spend({ context }: TestUser, amount: string): Promise<void> {
  const typed = { amount, phone: "+22670000009", method: "wave", currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(context, typed, "BF");
  await requestWithdrawal(context, { quoteId, pin: TEST_PIN });
}

async function hear(reference: string, status: ProviderStatus): Promise<string | undefined> {
  const eventKey = randomUUID();
  const event = {
    ...providerState(money(2_000n, "XOF"), { status }),
    reference,
    eventKey,
    kind: "payout" as const,
  };
  await receiveWebhook(createContext(db), { provider: name, ...fakeWebhook(event) });
  const [row] = await owner<{ id: string }[]>`select id from webhook_events where event_key = ${eventKey}`;
  await processWebhook(system(), BigInt(row?.id ?? 0));
  const [after] = await owner<
    { outcome: string }[]
  >`select outcome from webhook_events where id = ${row?.id ?? "0"}`;
  return after?.outcome;
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

/** Available, held. */
async function balances({ walletId }: TestUser): Promise<bigint[]> {
  const accounts = [chart.available(walletId, "XOF"), chart.held(walletId, "XOF")];
  return (await getBalances(db, accounts)).map(({ amountMinor }) => amountMinor);
}

const resolve = (reference: string, verdict: Verdict) =>
  resolveWithdrawal(system(), { reference, verdict, operator: "ada", note: "seen on their statement" });

const breaches = async () =>
  (await auditLedger(db)).map(
    ({ invariant, promise, breaches: count }) => `${invariant} ${promise} ${count}`,
  );

describe("an operator's verdict about a withdrawal", () => {
  it.each<[string, Verdict, () => Promise<Withdrawal>, bigint[]]>([
    ["unknown", "paid", unknown, [3_000n, 0n]],
    ["unknown", "refunded", unknown, [5_000n, 0n]],
    ["accepted and silent", "paid", submitted, [3_000n, 0n]],
    ["accepted and silent", "refunded", submitted, [5_000n, 0n]],
    ["in conflict", "paid", conflict, [3_000n, 0n]],
    ["in conflict", "refunded", conflict, [5_000n, 0n]],
  ])(
    "that is %s ends it %s, once, with who and why, and the ledger holds",
    async (_, verdict, make, left) => {
      const before = await breaches();
      const { user, reference } = await make();
      expect(await resolve(reference, verdict)).toEqual({ outcome: "resolved" });
      expect([await stateOf(reference), await balances(user)]).toEqual([verdict, left]);
      expect(await resolve(reference, verdict)).toEqual({ outcome: "not_open", state: verdict });
      expect(await balances(user)).toEqual(left);
      const rows = await owner`select d.verdict, d.operator, d.note from decisions d
      join operations o on o.id = d.operation_id where o.reference = ${reference}`;
      expect(rows).toEqual([{ verdict, operator: "ada", note: "seen on their statement" }]);
      const deadLetters = await listDeadLetters(system());
      expect(deadLetters.filter((deadLetter) => deadLetter.reference === reference)).toEqual([]);
      expect(await breaches()).toEqual(before);
    },
  );

  it("is refused where the provider has a query and contradicts", async () => {
    const { user, reference } = await unknown();
    const cases: [ProviderStatus, Verdict][] = [
      ["succeeded", "refunded"],
      ["pending", "refunded"],
      ["failed", "paid"],
      ["reversed", "paid"],
      ["not_found", "paid"],
      ["pending", "paid"],
      // It became unknown a moment ago, and may still turn up.
      ["not_found", "refunded"],
    ];
    for (const [confirmed, verdict] of cases) {
      overrideProviders([queryable(confirmed)]);
      expect(await resolve(reference, verdict)).toEqual({ outcome: "contradicted", confirmed });
    }
    expect([await stateOf(reference), await balances(user)]).toEqual(["unknown", [3_000n, 2_000n]]);
  });

  it("is taken where the provider has a query and confirms", async () => {
    const [one, other] = [await unknown(), await unknown()];
    overrideProviders([queryable("succeeded")]);
    expect(await resolve(one.reference, "paid")).toEqual({ outcome: "resolved" });
    overrideProviders([queryable("failed")]);
    expect(await resolve(other.reference, "refunded")).toEqual({ outcome: "resolved" });
  });

  // Found by the resilience suite: payout-faults, seed x0, case 0, withdrawal 83.
  it("ends it paid where its answer was lost and the provider can't find it by any name that we have", async () => {
    const { user, reference } = await unknown();
    const { capabilities, ...rest } = queryable("not_found");
    overrideProviders([{ ...rest, capabilities: { ...capabilities, payoutsHaveNoReference: true } }]);
    // Nor is that a no: for a while it may still turn up.
    expect(await resolve(reference, "refunded")).toEqual({ outcome: "contradicted", confirmed: "not_found" });
    expect(await resolve(reference, "paid")).toEqual({ outcome: "resolved" });
    expect([await stateOf(reference), await balances(user)]).toEqual(["paid", [3_000n, 0n]]);
  });

  it("isn't taken while a provider with a query doesn't answer", async () => {
    const { reference } = await unknown();
    const mute = {
      ...queryable("failed"),
      getPayout: () => Promise.reject(new ProviderError("unavailable", "down")),
    };
    overrideProviders([mute]);
    await expect(resolve(reference, "refunded")).rejects.toThrow(ProviderError);
    expect(await stateOf(reference)).toBe("unknown");
  });

  it("never pays a conflict with money that is in flight for another withdrawal", async () => {
    const { user, reference } = await conflict(true);
    expect(await balances(user)).toEqual([1_000n, 4_000n]);
    await expect(resolve(reference, "paid")).rejects.toMatchObject({ code: "insufficient_funds" });
    expect([await stateOf(reference), await balances(user)]).toEqual(["conflict", [1_000n, 4_000n]]);
    await fundWallet(db, user.walletId, money(1_500n, "XOF"));
    const before = await breaches();
    expect(await resolve(reference, "paid")).toEqual({ outcome: "resolved" });
    expect(await balances(user)).toEqual([500n, 4_000n]);
    expect(await breaches()).toEqual(before);
  });

  it("refunded, ends a conflict whose refund was spent, and moves nothing", async () => {
    const { user, reference } = await conflict(true);
    expect(await resolve(reference, "refunded")).toEqual({ outcome: "resolved" });
    expect([await stateOf(reference), await balances(user)]).toEqual(["refunded", [1_000n, 4_000n]]);
  });

  it("is explained to the person, and a later update needs review, never a second refund", async () => {
    const { user, reference } = await conflict();
    await resolve(reference, "paid");
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "succeeded",
      reason: "checked",
    });
    expect(await hear(reference, "reversed")).toBe("undone_after_decision");
    expect(await balances(user)).toEqual([3_000n, 0n]);
  });

  it("of refunded becomes a conflict again when the provider reports it as paid once more", async () => {
    const { user, reference } = await conflict();
    await resolve(reference, "refunded");
    const before = await breaches();
    expect(await hear(reference, "succeeded")).toBe("paid_after_refund");
    expect([await stateOf(reference), await balances(user)]).toEqual(["conflict", [5_000n, 0n]]);
    await expect(resolve(reference, "paid")).rejects.toMatchObject({ code: "insufficient_funds" });
    expect(await resolve(reference, "refunded")).toEqual({ outcome: "resolved" });
    expect(await breaches()).toEqual(before);
  });

  // Found by: npm run resilience -- --only races --seed 2 --case 22
  it("leaves a later contradiction of the provider as an event in review", async () => {
    const { user, reference } = await submitted();
    const order = { reference, verdict: "refunded", operator: "ben", note: "called them" } as const;
    const second = system();
    await resolve(reference, "refunded");
    expect(await hear(reference, "succeeded")).toBe("paid_after_refund");
    expect(await resolveWithdrawal(second, order)).toEqual({ outcome: "not_open", state: "conflict" });
    expect([await stateOf(reference), await balances(user)]).toEqual(["conflict", [3_000n, 2_000n]]);
    expect(await resolve(reference, "refunded")).toEqual({ outcome: "resolved" });
  });

  it("is taken once of two at once", async () => {
    const { user, reference } = await unknown();
    let resolving: Promise<{ outcome: string }[]> = Promise.resolve([]);
    // All of them look at it before the first may write: each finds it open.
    await owner.begin(async (sql) => {
      await sql`select from operations where reference = ${reference} for update`;
      resolving = Promise.all([
        ...Array.from({ length: 5 }, () => resolve(reference, "paid")),
        ...Array.from({ length: 5 }, () => resolve(reference, "refunded")),
      ]);
      const waiting = async () =>
        (
          await owner`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%operations%'`
        ).length;
      await expect.poll(waiting, { timeout: 20_000 }).toBe(10);
    });
    const resolutions = await resolving;
    expect(resolutions.filter(({ outcome }) => outcome === "resolved")).toHaveLength(1);
    const isPaid = (await stateOf(reference)) === "paid";
    expect(await balances(user)).toEqual(isPaid ? [3_000n, 0n] : [5_000n, 0n]);
  });

  it("is accepted from the system only, for existing withdrawals, and is recorded", async () => {
    const { user, reference } = await unknown();
    const order = { reference, verdict: "refunded", operator: "awa", note: "give it back" } as const;
    await expect(resolveWithdrawal(user.context, order)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(resolve("TXN-NOTHING", "paid")).rejects.toMatchObject({ code: "not_found" });
    await resolve(reference, "refunded");
    await expect(owner`delete from decisions`).rejects.toThrow("append-only");
  });
});
