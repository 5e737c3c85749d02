import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { setPin } from "../identity/pin/set-pin";
import { quoteWithdrawal } from "./quote-withdrawal";
import { requestWithdrawal } from "./request-withdrawal";

const { db, owner } = await useDatabase();
const WRONG = "5813";
const form = { amount: "2 000", phone: "70 00 00 04", method: "orange_money", currency: "XOF" as const };

beforeAll(() => overrideProviders([createFakeProvider(`fake${randomUUID().slice(0, 8)}`)]));
afterAll(() => overrideProviders(null));

async function userWithMoney(pin?: string): Promise<TestUser> {
  const user = await createUser(db, pin === undefined ? {} : { pin });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  return user;
}

/** What is available and what is held, in francs. */
async function balances({ walletId }: TestUser): Promise<bigint[]> {
  const accounts = [chart.available(walletId, "XOF"), chart.held(walletId, "XOF")];
  return (await getBalances(db, accounts)).map(({ amountMinor }) => amountMinor);
}

async function wrongTries({ userId }: TestUser): Promise<number | undefined> {
  const [row] = await owner<{ wrong_tries: number }[]>`
    select wrong_tries from pins where user_id = ${userId.toString()}`;
  return row?.wrong_tries;
}

describe("confirming a withdrawal", () => {
  it("is refused without a PIN that is set, and goes through once one is chosen", async () => {
    const user = await userWithMoney();
    const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
    for (const pin of ["", TEST_PIN]) {
      await expect(requestWithdrawal(user.context, { quoteId, pin })).rejects.toMatchObject({
        code: "pin_not_set",
      });
    }
    expect(await balances(user)).toEqual([5_000n, 0n]);
    await setPin(user.context, { pin: TEST_PIN });
    await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
  });

  it("is refused without the PIN, and with a wrong one, which counts", async () => {
    const user = await userWithMoney(TEST_PIN);
    const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
    await expect(requestWithdrawal(user.context, { quoteId, pin: "" })).rejects.toMatchObject({
      code: "pin_required",
    });
    await expect(requestWithdrawal(user.context, { quoteId, pin: WRONG })).rejects.toMatchObject({
      code: "pin_wrong",
      details: { triesLeft: 4 },
    });
    expect(await wrongTries(user)).toBe(1);
    expect(await balances(user)).toEqual([5_000n, 0n]);
  });

  it("is refused when the key of the PIN was lost", async () => {
    const user = await userWithMoney(TEST_PIN);
    const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
    await owner`update pins set hash = '00000000' || substr(hash, 9) where user_id = ${user.userId.toString()}`;
    await expect(requestWithdrawal(user.context, { quoteId, pin: TEST_PIN })).rejects.toMatchObject({
      code: "pin_reset_required",
    });
    expect(await balances(user)).toEqual([5_000n, 0n]);
  });

  it("a second time answers the same withdrawal and doesn't count as a try of the PIN", async () => {
    const user = await userWithMoney(TEST_PIN);
    const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
    const { reference } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
    expect(await requestWithdrawal(user.context, { quoteId, pin: WRONG })).toMatchObject({ reference });
    expect(await wrongTries(user)).toBe(0);
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
  });

  it("is for persons: an API key withdraws without a quote", async () => {
    const user = await userWithMoney(TEST_PIN);
    const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
    const key = createContext(db, { kind: "api_key", userId: user.userId, keyId: 1n });
    await expect(requestWithdrawal(key, { quoteId, pin: TEST_PIN })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    await expect(quoteWithdrawal(key, form, "BF")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await balances(user)).toEqual([5_000n, 0n]);
  });
});
