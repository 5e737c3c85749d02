import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { type BankDirectory, ProviderError } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { resolveBankAccount } from "../banks/resolve-bank-account";
import { getOperation } from "../operations/get-operation";
import { quoteWithdrawal } from "./quote-withdrawal";
import { requestApiWithdrawal } from "./request-api-withdrawal";
import { requestWithdrawal } from "./request-withdrawal";

const { db, owner } = await useDatabase();

const ZENITH = { bankCode: "057", accountNumber: "0123456789" };
const lookups: string[] = [];
let directoryFails = false;

const banks: BankDirectory = {
  listBanks: async () => [{ code: "057", name: "Zenith Bank" }],
  async resolveAccount(bankCode, accountNumber) {
    lookups.push(`${bankCode} ${accountNumber}`);
    if (directoryFails) throw new ProviderError("unavailable", "test");
    return { accountName: "NGOZI EZE" };
  },
};

const francs = createFakeProvider(`francs${randomUUID().slice(0, 8)}`);
const naira = Object.assign(
  createFakeProvider(`naira${randomUUID().slice(0, 8)}`, { methods: PAYSTACK_METHODS }),
  { banks },
);

beforeEach(() => {
  directoryFails = false;
  overrideProviders([francs, naira]);
});
afterAll(() => overrideProviders(null));

const form = { amount: "2000", currency: "NGN" as const, ...ZENITH };
const apiInput = (changes = {}) => ({
  amountMinor: 200_000n,
  currency: "NGN" as const,
  bank: ZENITH,
  key: randomUUID(),
  ...changes,
});

async function richUser(): Promise<TestUser> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(500_000n, "NGN"));
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  return user;
}

/** Available and held kobo. */
async function balances({ walletId }: TestUser): Promise<bigint[]> {
  const accounts = [chart.available(walletId, "NGN"), chart.held(walletId, "NGN")];
  return (await getBalances(db, accounts)).map((balance) => balance.amountMinor);
}

describe("a program's withdrawal", () => {
  it("is placed at once, and replayed for the same key while the bank can't be reached", async () => {
    const user = await richUser();
    const input = apiInput();
    const placed = await requestApiWithdrawal(user.context, input);
    expect(placed).toEqual({
      reference: placed.reference,
      status: "in_progress",
      amount: money(200_000n, "NGN"),
      fee: money(0n, "NGN"),
      replayed: false,
    });
    directoryFails = true;
    expect(await requestApiWithdrawal(user.context, input)).toEqual({ ...placed, replayed: true });
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
  });

  it("with one key is made once, 16 times at once", async () => {
    const user = await richUser();
    const input = apiInput();
    const calls = Array.from({ length: 16 }, () => requestApiWithdrawal(user.context, input));
    const placed = await Promise.all(calls);
    expect(new Set(placed.map(({ reference }) => reference)).size).toBe(1);
    expect(placed.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
  });

  it("with one key and another account is refused", async () => {
    const user = await richUser();
    const input = apiInput();
    await requestApiWithdrawal(user.context, input);
    const other = { ...input, bank: { ...ZENITH, accountNumber: "0123456780" } };
    await expect(requestApiWithdrawal(user.context, other)).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
  });

  it("is replayed from the stored operation, whatever profile and settings are now", async () => {
    const user = await richUser();
    await owner`update users set phone = '+22670000004' where id = ${user.userId.toString()}`;
    const bodies = [
      apiInput(),
      { amountMinor: 2_000n, currency: "XOF" as const, method: "wave", key: randomUUID() },
    ];
    const placed = [];
    for (const body of bodies) placed.push(await requestApiWithdrawal(user.context, body));
    await owner`update users set phone = null where id = ${user.userId.toString()}`;
    overrideProviders([]);
    for (const [index, body] of bodies.entries()) {
      const again = await requestApiWithdrawal(user.context, body);
      expect(again).toEqual({ ...placed[index], replayed: true });
    }
  });

  it("with a key of a page's form finds its operation", async () => {
    const user = await richUser();
    const { quoteId } = await quoteWithdrawal(user.context, form, "BF");
    const { reference } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
    const again = await requestApiWithdrawal(user.context, apiInput({ key: quoteId }));
    expect(again).toMatchObject({ reference, replayed: true });
    const other = requestApiWithdrawal(user.context, apiInput({ key: quoteId, amountMinor: 200_100n }));
    await expect(other).rejects.toMatchObject({ code: "idempotency_mismatch" });
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
  });

  it("with too little money looks no name up", async () => {
    const user = await richUser();
    const before = lookups.length;
    const call = requestApiWithdrawal(user.context, apiInput({ amountMinor: 500_001n }));
    await expect(call).rejects.toMatchObject({ code: "insufficient_funds" });
    expect(lookups).toHaveLength(before);
  });

  it("counts name look-ups against their limit, but not for replays", async () => {
    const user = await richUser();
    const first = apiInput({ amountMinor: 10_000n });
    await requestApiWithdrawal(user.context, first);
    for (let looks = 1; looks < 30; looks += 1) await resolveBankAccount(user.context, ZENITH);
    const before = lookups.length;
    await expect(
      requestApiWithdrawal(user.context, apiInput({ amountMinor: 10_000n })),
    ).rejects.toMatchObject({
      code: "rate_limited",
    });
    expect(lookups).toHaveLength(before);
    expect(await requestApiWithdrawal(user.context, first)).toMatchObject({ replayed: true });
    const toPhone = { amountMinor: 2_000n, currency: "XOF" as const, method: "wave", phone: "+22670000004" };
    await requestApiWithdrawal(user.context, { ...toPhone, key: randomUUID() });
  });

  it("that is refused leaves its key free", async () => {
    const user = await createUser(db);
    const input = apiInput();
    await expect(requestApiWithdrawal(user.context, input)).rejects.toMatchObject({
      code: "insufficient_funds",
    });
    await fundWallet(db, user.walletId, money(500_000n, "NGN"));
    expect(await requestApiWithdrawal(user.context, input)).toMatchObject({ replayed: false });
  });

  it("in francs goes to a phone, by a method that is named", async () => {
    const user = await richUser();
    const input = { amountMinor: 2_000n, currency: "XOF" as const, key: randomUUID() };
    const placed = await requestApiWithdrawal(user.context, {
      ...input,
      method: "orange_money",
      phone: "+22670000004",
    });
    expect(await getOperation(user.context, placed.reference)).toMatchObject({
      phone: "+22670000004",
      method: "orange_money",
      bank: null,
    });
    await expect(requestApiWithdrawal(user.context, input)).rejects.toMatchObject({
      details: { issues: [{ field: "phone" }, { field: "method", reason: "method_required" }] },
    });
  });
});
