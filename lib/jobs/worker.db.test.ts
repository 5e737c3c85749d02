import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/db/testing/database";
import { createUser, fundWallet } from "@/db/testing/factories";
import { createScriptedProvider } from "@/db/testing/scripted-provider";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { quoteWithdrawal } from "@/lib/services/withdrawals/quote-withdrawal";
import { requestWithdrawal } from "@/lib/services/withdrawals/request-withdrawal";
import { startWorker } from "./worker";

const { db, owner } = await useDatabase();
const provider = createScriptedProvider(`scripted${randomUUID().slice(0, 8)}`);
const form = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };

beforeAll(async () => {
  // Jobs that other tests of this database left behind name providers of theirs.
  await owner`delete from graphile_worker._private_jobs`;
  overrideProviders([provider]);
});
afterAll(() => overrideProviders(null));

async function withdraw(): Promise<string> {
  const user = await createUser(db);
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
  return (await requestWithdrawal(user.context, { quoteId })).reference;
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

describe("workers of one database", () => {
  it("take over from one that died with a job in its hands, and from one that stops", async () => {
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
});
