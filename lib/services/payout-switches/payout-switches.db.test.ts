import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { ProviderError } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { getOperation } from "@/lib/services/operations/get-operation";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { requeueWithdrawals } from "@/lib/services/withdrawals/requeue-withdrawals";
import { submitWithdrawal } from "@/lib/services/withdrawals/submit-withdrawal";
import { getPayoutStatus } from "./get-payout-status";
import { isPayoutStopped } from "./payout-switch";
import { resumePayouts } from "./resume-payouts";
import { stopPayouts } from "./stop-payouts";

const { db, owner } = await useDatabase();
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const other = createFakeProvider(`other${randomUUID().slice(0, 8)}`);
const yes = provider.onPayout;
const worker = () => createContext(db, { kind: "system" });
const order = (name: string | null = provider.name) => ({
  provider: name,
  operator: "ada",
  note: "float too low",
});

beforeAll(() => overrideProviders([provider, other]));
afterAll(() => overrideProviders(null));
beforeEach(() => {
  provider.onPayout = yes;
  provider.payouts = [];
});
// Other tests of this database pay out too.
afterEach(async () => {
  await resumePayouts(worker(), order());
  await resumePayouts(worker(), order(null));
});

function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

async function place(): Promise<{ user: TestUser; reference: string; id: bigint }> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const typed = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };
  const { quoteId } = await quoteWithdrawal(user.context, typed, "BF");
  const { reference } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
  const [row] = await owner<{ id: string }[]>`select id from operations where reference = ${reference}`;
  return { user, reference, id: BigInt(row?.id ?? 0) };
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

async function jobsOf(id: bigint): Promise<number> {
  return (await owner`select from graphile_worker._private_jobs where key = ${`submit:${id}`}`).length;
}

/** As if nothing had happened to it for a while. */
const makeStale = (id: bigint) =>
  owner`update operations set updated_at = now() - interval '2 minutes' where id = ${id.toString()}`;

describe("while payouts are stopped", () => {
  it("a withdrawal waits with its money reserved, says why, and goes out after they are resumed", async () => {
    expect(await stopPayouts(worker(), order())).toEqual({ isNew: true, abandoned: 0 });
    const { user, reference, id } = await place();
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    const shown = await getOperation(user.context, reference);
    expect(shown).toMatchObject({ status: "in_progress", reason: "payouts_paused" });
    // Said once, however often it was tried.
    expect(shown.steps.map(({ state }) => state)).toEqual(["created", "created"]);
    const [held] = await getBalances(db, [chart.held(user.walletId, "XOF")]);
    expect(held?.amountMinor).toBe(2_000n);
    // The job that it was placed with is done: it answered so above.
    await owner`delete from graphile_worker._private_jobs where key = ${`submit:${id}`}`;
    await makeStale(id);
    await requeueWithdrawals(worker());
    expect([provider.payouts.length, await jobsOf(id)]).toEqual([0, 0]);

    await resumePayouts(worker(), order());
    await requeueWithdrawals(worker());
    expect(await jobsOf(id)).toBe(1);
    await submitWithdrawal(worker(), id);
    expect(provider.payouts.map((payout) => payout.reference)).toEqual([reference]);
    expect(await getOperation(user.context, reference)).toMatchObject({ reason: "awaiting_provider" });
  });

  it("one provider's switch stops no other provider, and the switch of all stops every provider", async () => {
    await stopPayouts(worker(), order(other.name));
    const free = await place();
    await submitWithdrawal(worker(), free.id);
    expect(await stateOf(free.reference)).toBe("submitted");
    await stopPayouts(worker(), order(null));
    const kept = await place();
    await submitWithdrawal(worker(), kept.id);
    expect(await stateOf(kept.reference)).toBe("created");
    await resumePayouts(worker(), order(other.name));
  });

  it("lifting one switch names the others that still stop payouts", async () => {
    await stopPayouts(worker(), order());
    await stopPayouts(worker(), { ...order(null), note: "fraud" });
    const { isNew, stillStopped } = await resumePayouts(worker(), order());
    expect([isNew, stillStopped]).toMatchObject([true, [{ provider: null, note: "fraud" }]]);
    const { id, reference } = await place();
    await submitWithdrawal(worker(), id);
    expect(await stateOf(reference)).toBe("created");
  });

  it("an unknown one is queried and never sent again", async () => {
    const { id, reference } = await place();
    provider.onPayout = async () => {
      throw new ProviderError("outcome_unknown", "timeout");
    };
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    provider.onPayout = yes;
    await stopPayouts(worker(), order());
    // It can't be queried: only sending it again is possible.
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    // It can be queried, and isn't known there.
    const state = providerState(money(2_000n, "XOF"), { status: "not_found", amount: null });
    const capabilities = { ...provider.capabilities, queriesPayouts: true };
    overrideProviders([{ ...provider, capabilities, getPayout: async () => state }]);
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    overrideProviders([
      { ...provider, capabilities, getPayout: async () => ({ ...state, status: "pending" }) },
    ]);
    await submitWithdrawal(worker(), id);
    overrideProviders([provider, other]);
    expect([provider.payouts.length, await stateOf(reference)]).toEqual([1, "submitted"]);
  });
});

describe("stopping", () => {
  it("answers only when the calls under way have ended", async () => {
    const { id, reference } = await place();
    const called = createGate();
    const gate = createGate();
    const seen: string[] = [];
    provider.onPayout = async (request) => {
      called.open();
      await gate.opened;
      seen.push("the call ended");
      return await yes(request);
    };
    const submission = submitWithdrawal(worker(), id);
    await called.opened;
    const stop = stopPayouts(worker(), order()).then(() => seen.push("stop answered"));
    await expect.poll(async () => (await getPayoutStatus(worker())).history[0]?.stopped).toBe(true);
    // The switch is toggled: a withdrawal that comes now is kept already, and stop goes on waiting.
    const late = await place();
    await submitWithdrawal(worker(), late.id);
    gate.open();
    await Promise.all([submission, stop]);
    expect(seen).toEqual(["the call ended", "stop answered"]);
    expect([await stateOf(reference), await stateOf(late.reference)]).toEqual(["submitted", "created"]);
  });

  it("doesn't wait for a worker that died half a minute ago, and counts its withdrawals as abandoned", async () => {
    const { id } = await place();
    await owner`update operations set state = 'submitting', attempt = 1 where id = ${id.toString()}`;
    await makeStale(id);
    expect(await stopPayouts(worker(), order())).toEqual({ isNew: true, abandoned: 1 });
    await owner`update operations set state = 'unknown' where id = ${id.toString()}`;
  });

  it("says that the outcome is unknown when payouts are stopped and the calls under way can't be watched", async () => {
    const blind = new Proxy(db, {
      get(target, name) {
        if (name === "select") throw new Error("lost");
        return Reflect.get(target, name);
      },
    });
    const stop = stopPayouts({ ...worker(), db: blind }, order());
    await expect(stop).rejects.toMatchObject({ code: "outcome_unknown" });
    const { id, reference } = await place();
    await submitWithdrawal(worker(), id);
    expect(await stateOf(reference)).toBe("created");
    expect(await stopPayouts(worker(), order())).toMatchObject({ isNew: false });
  });

  it("waits for a submission that has looked at the switch and not yet begun", async () => {
    const looked = createGate();
    const gate = createGate();
    const reader = inTransaction(db, async (tx) => {
      expect(await isPayoutStopped(tx, provider.name)).toBe(false);
      looked.open();
      await gate.opened;
    });
    await looked.opened;
    let hasAnswered = false;
    const stop = stopPayouts(worker(), order()).then(() => {
      hasAnswered = true;
    });
    // It is waiting at the lock, so what it would write isn't there.
    await expect
      .poll(() =>
        owner`select from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`.then(
          (rows) => rows.length,
        ),
      )
      .toBe(1);
    expect(hasAnswered).toBe(false);
    gate.open();
    await Promise.all([reader, stop]);
    expect(hasAnswered).toBe(true);
  });

  it("lets no payout be submitted after it has answered, with thirty under way", async () => {
    const placed = [];
    for (let count = 0; count < 30; count += 1) placed.push(await place());
    const calls: { begun: number; ended: number }[] = [];
    const some = createGate();
    provider.onPayout = async (request) => {
      const begun = performance.now();
      await wait(100 + Math.random() * 200);
      calls.push({ begun, ended: performance.now() });
      if (calls.length === 5) some.open();
      return await yes(request);
    };
    const queue = [...placed];
    const caller = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await submitWithdrawal(worker(), next.id);
    };
    const callers = Promise.all(Array.from({ length: 8 }, caller));
    await some.opened;
    await stopPayouts(worker(), order());
    const answeredAt = performance.now();
    await callers;
    expect(calls.filter(({ ended }) => ended > answeredAt)).toEqual([]);
    const states = await Promise.all(placed.map(({ reference }) => stateOf(reference)));
    const kept = states.filter((state) => state === "created").length;
    // Else the race didn't happen.
    expect(kept).toBeGreaterThan(0);
    expect(states.filter((state) => state === "submitted")).toHaveLength(30 - kept);
    expect(calls).toHaveLength(30 - kept);
  });

  it("is recorded once, with operator and note, append-only", async () => {
    await stopPayouts(worker(), order());
    expect(await stopPayouts(worker(), { ...order(), note: "again" })).toMatchObject({ isNew: false });
    const { switches, history } = await getPayoutStatus(worker());
    expect(switches.find((one) => one.provider === provider.name)).toMatchObject({
      isStopped: true,
      last: { operator: "ada", note: "float too low" },
    });
    expect(history[0]).toMatchObject({ provider: provider.name, stopped: true, note: "float too low" });
    await expect(owner`update payout_switches set note = 'nothing'`).rejects.toThrow("append-only");
    await expect(owner`truncate payout_switches`).rejects.toThrow("append-only");
    await expect(db.$client`delete from payout_switches`).rejects.toThrow("permission denied");
  });

  it("counts the waiting withdrawals", async () => {
    await stopPayouts(worker(), order());
    await place();
    await place();
    const { waiting } = await getPayoutStatus(worker());
    expect(waiting.find((one) => one.provider === provider.name)?.count).toBeGreaterThanOrEqual(2);
  });

  it("is refused for any actor but the system, and for an unknown provider", async () => {
    const { context } = await createUser(db);
    for (const verb of [() => stopPayouts(context, order()), () => resumePayouts(context, order())]) {
      await expect(verb()).rejects.toMatchObject({ code: "unauthenticated" });
    }
    await expect(getPayoutStatus(context)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(stopPayouts(worker(), order("nobody"))).rejects.toMatchObject({ code: "not_found" });
  });
});
