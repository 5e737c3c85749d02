import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { ProviderError, type ProviderState } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { getOperation } from "../operations/get-operation";
import { checkDeposit } from "./check-deposit";
import { expireDeposits } from "./expire-deposits";
import { startApiDeposit } from "./start-api-deposit";

const { db, owner } = await useDatabase();
const HOUR_MS = 60 * 60 * 1000;
const AMOUNT = money(500_000n, "NGN");
const books = new Map<string, ProviderState | ProviderError>();
const provider = createFakeProvider(`late${randomUUID().slice(0, 8)}`, {
  methods: PAYSTACK_METHODS,
  queriesCollections: true,
});
provider.getCollection = async (reference) => {
  const state = books.get(reference) ?? providerState(AMOUNT, { status: "pending" });
  if (state instanceof ProviderError) throw state;
  return state;
};

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

const worker = (laterMs: number) => ({
  ...createContext(db, { kind: "system" }),
  now: new Date(Date.now() + laterMs),
});

async function expired() {
  const { context } = await createUser(db);
  const { reference } = await startApiDeposit(context, {
    amountMinor: AMOUNT.amountMinor,
    currency: "NGN",
    key: null,
  });
  const { id } = await getOperation(context, reference);
  await owner`update operations set updated_at = now() - interval '10 minutes' where id = ${id.toString()}`;
  await expireDeposits(worker(2 * HOUR_MS));
  return { id, statusOf: async () => (await getOperation(context, reference)).status, reference };
}

/** Hours from now at which the waiting questions about it are due. */
async function questions(id: bigint): Promise<number[]> {
  const rows = await owner<{ hours: number }[]>`
    select extract(epoch from run_at - now())::float8 / 3600 as hours from graphile_worker._private_jobs
    where payload->>'operationId' = ${id.toString()}`;
  return rows.map(({ hours }) => Math.round(hours * 10) / 10);
}

// Found by the resilience suite: deposit-faults, seed 1, case 0, deposit 11.
describe("a deposit that was paid after its time, of which no webhook tells", () => {
  it("is queried again, and credited once", async () => {
    const { id, statusOf, reference } = await expired();
    expect([await statusOf(), await questions(id)]).toEqual(["expired", [3]]);
    books.set(reference, providerState(AMOUNT));
    await Promise.all([checkDeposit(worker(3 * HOUR_MS), id), checkDeposit(worker(3 * HOUR_MS), id)]);
    expect(await statusOf()).toBe("succeeded");
    const credits = await owner`select from ledger_entries where source = ${reference} and step = 'credit'`;
    expect(credits).toHaveLength(1);
  });

  it("is queried at growing intervals while nothing is known, for four days", async () => {
    const { id, statusOf, reference } = await expired();
    await checkDeposit(worker(40 * HOUR_MS), id);
    expect(await questions(id)).toEqual([50]);
    books.set(reference, new ProviderError("unavailable", "down"));
    await checkDeposit(worker(80 * HOUR_MS), id);
    expect(await questions(id)).toEqual([100]);
    await owner`delete from graphile_worker._private_jobs where payload->>'operationId' = ${id.toString()}`;
    await checkDeposit(worker(100 * HOUR_MS), id);
    expect([await statusOf(), await questions(id)]).toEqual(["expired", []]);
  });
});
