import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFundedUser, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { put, take, vaultOf } from "@/e2e/support/vaults";
import { newReference } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { sendTransfer } from "../transfers/send-transfer";
import { listOperations } from "./list-operations";
import { readFilter, type TypedFilter, typedFilterOf } from "./read-filter";
import type { FilterOperations } from "./schema";
import { signOf } from "./sign";
import { sumOperations } from "./sum-operations";

const { db, owner } = await useDatabase();
const NOW = new Date("2026-11-30T12:00:00Z");

/** What the history's form finds: references, oldest first. */
async function find(user: TestUser, query: Partial<TypedFilter>, zone = "Africa/Abidjan"): Promise<string[]> {
  const { operations } = await listOperations(user.context, { limit: 100, ...filterOf(query, zone) });
  return operations.map(({ reference }) => reference).reverse();
}

function filterOf(query: Partial<TypedFilter>, zone = "Africa/Abidjan"): FilterOperations {
  const read = readFilter(typedFilterOf(query), zone, NOW);
  if ("issues" in read) throw new Error(JSON.stringify(read.issues));
  return read.filter;
}

interface Written {
  type?: "deposit" | "withdrawal";
  state?: string;
  amount?: number;
  fee?: number;
  at?: string;
}

/** An operation in francs as it stands after everything that happened to it, without its money. */
async function write(user: TestUser, written: Written): Promise<string> {
  const { type = "deposit", state = "succeeded", amount = 100, fee = 0, at = NOW.toISOString() } = written;
  const reference = newReference();
  await owner.begin(async (tx) => {
    // An operation begins in its type's first state, says a trigger.
    await tx`set local session_replication_role = replica`;
    await tx`insert into operations
      (reference, type, state, wallet_id, currency, amount_minor, fee_minor, provider, method, phone, created_at)
      values (${reference}, ${type}, ${state}, ${user.walletId.toString()}, 'XOF', ${amount}, ${fee}, 'test', 'wave',
        '+22670000001', ${at})`;
  });
  return reference;
}

describe("the history's days", () => {
  const at: Record<string, string> = {};
  let user: TestUser;

  beforeAll(async () => {
    user = await createUser(db);
    for (const instant of [
      // Paris: forward on 29 March at 01:00 UTC, back on 25 October at 01:00 UTC.
      "2026-03-28T22:59:59.999Z",
      "2026-03-28T23:00:00Z",
      "2026-03-29T21:59:59.999Z",
      "2026-03-29T22:00:00Z",
      "2026-10-24T21:59:59.999Z",
      "2026-10-24T22:00:00Z",
      "2026-10-25T22:59:59.999Z",
      "2026-10-25T23:00:00Z",
      "2026-11-01T22:59:59.999Z",
      "2026-11-01T23:00:00Z",
      "2026-11-01T23:59:59.999Z",
      "2026-11-02T00:00:00Z",
    ]) {
      at[instant] = await write(user, { at: instant });
    }
  });

  it.each([
    ["Europe/Paris", "2026-03-29", "2026-03-29", ["2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999Z"]],
    ["Europe/Paris", "2026-10-25", "2026-10-25", ["2026-10-24T22:00:00Z", "2026-10-25T22:59:59.999Z"]],
    ["Africa/Abidjan", "2026-11-02", "2026-11-02", ["2026-11-02T00:00:00Z"]],
    [
      "Africa/Lagos",
      "2026-11-02",
      "2026-11-02",
      ["2026-11-01T23:00:00Z", "2026-11-01T23:59:59.999Z", "2026-11-02T00:00:00Z"],
    ],
    ["Africa/Lagos", "2026-10-26", "2026-11-01", ["2026-10-25T23:00:00Z", "2026-11-01T22:59:59.999Z"]],
    ["Africa/Abidjan", "2026-03-28", "2026-03-28", ["2026-03-28T22:59:59.999Z", "2026-03-28T23:00:00Z"]],
    ["Africa/Abidjan", "2026-12-01", "2026-12-31", null],
  ])("in %s from %s to %s are both included", async (zone, from, to, instants) => {
    if (instants === null) expect(() => filterOf({ from, to }, zone)).toThrow("date_future");
    else expect(await find(user, { from, to }, zone)).toEqual(instants.map((each) => at[each]));
  });

  it("may have one end only", async () => {
    expect(await find(user, { from: "2026-11-02" })).toEqual([at["2026-11-02T00:00:00Z"]]);
    expect(await find(user, { to: "2026-03-27" })).toEqual([]);
    expect(await find(user, { to: "2026-11-30" })).toHaveLength(12);
  });
});

describe("the history's filters", () => {
  it("work together, and by currency and amount with or without the fee", async () => {
    const user = await createUser(db);
    const francs = await fundWallet(db, user.walletId, money(5_000n, "XOF"));
    const naira = await fundWallet(db, user.walletId, money(500_000n, "NGN"));
    const kobo = await fundWallet(db, user.walletId, money(5_000n, "NGN"));
    expect(await find(user, { currency: "NGN" })).toEqual([naira, kobo]);
    expect(await find(user, { amount: "5 000" })).toEqual([francs, naira]);
    expect(await find(user, { amount: "5 000", currency: "XOF" })).toEqual([francs]);
    expect(await find(user, { amount: "50", currency: "NGN" })).toEqual([kobo]);
    expect(await find(user, { amount: "4999" })).toEqual([]);
    expect(await find(user, { amount: "5000", type: "withdrawal" })).toEqual([]);
    expect(await find(user, { amount: "5000", status: "succeeded", type: "deposit" })).toEqual([
      francs,
      naira,
    ]);
    const withdrawal = await write(user, { type: "withdrawal", state: "paid", amount: 2_000, fee: 40 });
    for (const amount of ["2000", "2 040 F"]) {
      expect(await find(user, { amount })).toEqual([withdrawal]);
    }
  });
});

describe("the totals of a filtered history", () => {
  let user: TestUser;

  beforeAll(async () => {
    user = await createFundedUser(db, money(10_000n, "XOF"));
    const friend = await createFundedUser(db, money(10_000n, "XOF"));
    const send = (from: TestUser, to: TestUser, francs: bigint, note: string) =>
      sendTransfer(from.context, { walletNumber: to.walletNumber, amount: money(francs, "XOF"), note });
    await fundWallet(db, user.walletId, money(700n, "NGN"));
    await send(user, friend, 1_000n, "riz");
    await send(friend, user, 250n, "riz");
    await send(friend, user, 40n, "mil");
    const vaultId = await vaultOf(user);
    await put(user.context, vaultId, 2_000n);
    await take(user.context, vaultId, 500n);
    for (const state of ["pending", "failed", "expired", "review", "disputed", "taken_back", "kept"]) {
      await write(user, { state, amount: 9_000, at: "2026-11-03T00:00:00Z" });
    }
    for (const state of ["created", "submitting", "submitted", "unknown", "paid", "refunded", "conflict"]) {
      await write(user, { type: "withdrawal", state, amount: 300, fee: 7 });
    }
  });

  it("are the sums of the signed amounts that the list shows, whatever the filter", async () => {
    const query = fc.record(
      {
        type: fc.constantFrom("deposit", "withdrawal", "transfer", "vault_deposit", "vault_withdrawal"),
        status: fc.constantFrom("in_progress", "succeeded", "failed", "expired", "refunded", "review"),
        currency: fc.constantFrom("XOF", "NGN"),
        amount: fc.constantFrom("300", "307", "1000", "9000"),
        text: fc.constantFrom("riz", "wave", "coffre"),
        from: fc.constantFrom("2026-11-03", "2026-11-04"),
        to: fc.constantFrom("2026-11-03", "2026-11-30"),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(query, async (typed) => {
        if (typed.from === "2026-11-04" && typed.to === "2026-11-03") return;
        const filter = filterOf(typed);
        const { operations } = await listOperations(user.context, { limit: 100, ...filter });
        const sums = await sumOperations(user.context, filter);
        expect(sums?.newest).toBeNull();
        const expected = (["XOF", "NGN"] as const).flatMap((currency) => {
          const own = operations.filter(({ amount }) => amount.currency === currency);
          const of = (sign: bigint) => own.filter((operation) => signOf(operation) === sign);
          const came = of(1n).reduce((sum, { amount }) => sum + amount.amountMinor, 0n);
          const went = of(-1n).reduce((sum, { total }) => sum + total.amountMinor, 0n);
          if (own.length === 0) return [];
          return [{ currency, in: money(came, currency), out: money(went, currency), count: own.length }];
        });
        expect(sums?.totals).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("say so when they cover the newest operations only", async () => {
    const all = await sumOperations(user.context, {});
    const count = all?.totals.reduce((sum, each) => sum + each.count, 0) ?? 0;
    expect((await sumOperations(user.context, {}, count))?.newest).toBeNull();
    const limited = await sumOperations(user.context, {}, 7);
    expect(limited).toMatchObject({ newest: 7, totals: [{ currency: "XOF", count: 7 }] });
    // The newest seven are the withdrawals, of which six took 307 francs and one was refunded.
    expect(limited?.totals[0]?.out).toEqual(money(6n * 307n, "XOF"));
  });

  it("are left out when they take too long", async () => {
    await owner.begin(async (tx) => {
      await tx`lock table operations in access exclusive mode`;
      expect(await sumOperations(user.context, {})).toBeNull();
    });
    expect(await sumOperations(user.context, {})).not.toBeNull();
  });

  it("are nobody else's", async () => {
    const stranger = await createUser(db);
    expect(await sumOperations(stranger.context, {})).toEqual({ totals: [], newest: null });
  });
});
