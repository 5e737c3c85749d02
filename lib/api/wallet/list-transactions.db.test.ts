import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { createApi } from "../route-table";

let database: TestDatabase;
let awa: TestUser;
let moussa: TestUser;

interface Page {
  transactions: { reference: string; type: string; direction: string; amount: number; currency: string }[];
  count: number;
  next_cursor: string | null;
}

async function ask(user: TestUser, query = ""): Promise<Response> {
  const actor = { kind: "user", userId: user.userId, sessionId: "s" } as const;
  const checks = {
    accessToken: () => Promise.resolve(actor),
    apiKey: () => Promise.reject(new Error("no keys here")),
  };
  const api = createApi(testDependencies(() => database.db, checks));
  const headers = { authorization: "Bearer x" };
  const url = `http://localhost:3000/api/wallet/transactions${query}`;
  return await api.answer(new Request(url, { headers }));
}

async function page(user: TestUser, query = ""): Promise<Page> {
  const response = await ask(user, query);
  expect(response.status).toBe(200);
  return await response.json();
}

const send = (from: TestUser, to: TestUser, francs: bigint, note?: string) =>
  sendTransfer(from.context, {
    walletNumber: to.walletNumber,
    amount: money(francs, "XOF"),
    ...(note === undefined ? {} : { note }),
  });

beforeAll(async () => {
  database = await useDatabase();
  overrideProviders([createFakeProvider("test")]);
  awa = await createUser(database.db, { firstName: "Awa", lastName: "Traoré" });
  moussa = await createUser(database.db, { firstName: "Moussa", lastName: "Ouédraogo" });
  await fundWallet(database.db, awa.walletId, money(100_000n, "XOF"));
  await fundWallet(database.db, awa.walletId, money(50_000n, "NGN"));
  await fundWallet(database.db, moussa.walletId, money(100_000n, "XOF"));
  for (let turn = 0n; turn < 12n; turn += 1n) {
    await send(awa, moussa, 100n + turn);
    await send(moussa, awa, 200n + turn, `tour ${turn}`);
  }
});

afterAll(() => overrideProviders(null));

describe("the transaction history", () => {
  it("pages through sent and received operations once each, newest first", async () => {
    const seen: string[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null; pages += 1) {
      expect(pages).toBeLessThan(10);
      const query: string = cursor === "" ? "?limit=5" : `?limit=5&cursor=${cursor}`;
      const { transactions, count, next_cursor } = await page(awa, query);
      expect(count).toBe(transactions.length);
      expect(transactions.length).toBeLessThanOrEqual(5);
      seen.push(...transactions.map(({ reference }) => reference));
      cursor = next_cursor;
    }
    expect(seen.length).toBe(26);
    expect(new Set(seen).size).toBe(26);
    const whole = await page(awa, "?limit=100");
    expect(seen).toEqual(whole.transactions.map(({ reference }) => reference));
    expect(whole.next_cursor).toBeNull();
  });

  it("shows a transfer to both sides, each from its own side", async () => {
    const [mine] = (await page(awa, "?limit=1")).transactions;
    const [theirs] = (await page(moussa, "?limit=1")).transactions;
    expect(mine?.reference).toBe(theirs?.reference);
    expect([mine?.direction, theirs?.direction]).toEqual(["in", "out"]);
  });

  it.each([
    ["?type=deposit", 2],
    ["?type=transfer&limit=100", 24],
    ["?type=withdrawal", 0],
    ["?status=success&limit=100", 26],
    ["?status=pending", 0],
    ["?currency=NGN", 1],
    ["?currency=XOF&limit=100", 25],
    ["?q=tour%203", 1],
    ["?q=Moussa&limit=100", 24],
    ["?q=Ou%C3%A9draogo", 0],
    ["?amount=105", 1],
    ["?amount=105&currency=XOF&type=transfer", 1],
    ["?amount=105&currency=NGN", 0],
    ["?amount=50000", 1],
    ["?from=2999-01-01", 0],
    ["?to=2000-01-01", 0],
    ["?from=2020-01-01T00:00:00%2B01:00&to=2999-01-01&limit=100", 26],
  ])("%s finds %i", async (query, count) => {
    expect((await page(awa, query)).count).toBe(count);
  });

  it("is searched by amount too", async () => {
    // A random reference or number may have the same digits.
    const { transactions } = await page(awa, "?q=105&limit=100");
    expect(transactions.filter((each) => each.amount === 105)).toHaveLength(1);
    expect(transactions.length).toBeLessThan(26);
  });

  it.each(["0000-01-01", "0000-12-31", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00%2B23:59"])(
    "a day like %s that PostgreSQL can't read is refused by name",
    async (day) => {
      const answer = await ask(awa, `?from=${day}`);
      expect([answer.status, (await answer.json()).fields]).toEqual([
        422,
        [{ field: "from", reason: "out_of_range" }],
      ]);
    },
  );

  it.each(["0", "-1", "1.5", "1e3", "9999999999999999", "x"])(
    "an amount like %s is refused by name",
    async (amount) => {
      const answer = await ask(awa, `?amount=${amount}`);
      expect([answer.status, (await answer.json()).fields]).toMatchObject([422, [{ field: "amount" }]]);
    },
  );

  it("finds by the other side's whole number, and by a reference in lower case or without its hyphen", async () => {
    expect((await page(awa, `?limit=100&q=${moussa.walletNumber}`)).count).toBe(24);
    const [newest] = (await page(awa, "?limit=1")).transactions;
    const spoken = newest?.reference.replace("TXN-", "txn ").toLowerCase() ?? "";
    expect((await page(awa, `?q=${encodeURIComponent(spoken)}`)).transactions[0]?.reference).toBe(
      newest?.reference,
    );
  });

  it("shows no operation of other users", async () => {
    const stranger = await createUser(database.db);
    expect((await page(stranger)).transactions).toEqual([]);
  });
});
