import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { put, take, vaultOf } from "@/e2e/support/vaults";
import type { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { createApiKey } from "../api-access/keys/create-api-key";
import type { Context } from "../context";
import { lockOperation } from "../operations/operation";
import { confirmTransfer } from "../transfers/confirm-transfer";
import { getTransferQuote } from "../transfers/get-transfer-quote";
import { quoteTransfer } from "../transfers/quote-transfer";
import { sendTransfer } from "../transfers/send-transfer";
import { sendTransfers } from "../transfers/send-transfers";
import { callTransferPost } from "../transfers/store";
import { quoteWithdrawal } from "../withdrawals/quote-withdrawal";
import { requestApiWithdrawal } from "../withdrawals/request-api-withdrawal";
import { requestWithdrawal } from "../withdrawals/request-withdrawal";
import { refund } from "../withdrawals/settle";
import { findMoneyOutLimit } from "./find-money-out-limit";
import { liftMoneyOutLimit, limitMoneyOut, type PlacedLimit, stopMoneyOut } from "./limit-money-out";

const { db, owner } = await useDatabase();
const PROVIDER = `fake${newKey().slice(0, 8)}`;

beforeAll(() => overrideProviders([createFakeProvider(PROVIDER)]));
afterAll(() => overrideProviders(null));

const xof = (amountMinor: bigint) => money(amountMinor, "XOF");

/** The default: 25,000 francs and as many naira. */
const ALLOWED = 25_000n;

let recipient: TestUser;
beforeAll(async () => {
  recipient = await createUser(db);
});

async function funded(...amounts: Money[]): Promise<TestUser> {
  const user = await createUser(db, { pin: TEST_PIN });
  for (const amount of amounts) await fundWallet(db, user.walletId, amount);
  return user;
}

const limit = ({ userId }: TestUser): Promise<PlacedLimit> =>
  inTransaction(db, (tx) => limitMoneyOut(tx, userId, "pin_changed"));

const stop = ({ userId }: TestUser): Promise<PlacedLimit> =>
  inTransaction(db, (tx) => stopMoneyOut(tx, userId, { cause: "pin_reset", hours: 24 }));

const send = (from: TestUser, amountMinor: bigint, context: Context = from.context) =>
  sendTransfer(context, { walletNumber: recipient.walletNumber, amount: xof(amountMinor) });

const withdraw = (from: TestUser, amountMinor: bigint, context: Context = from.context) =>
  requestApiWithdrawal(context, {
    amountMinor,
    currency: "XOF",
    method: "wave",
    phone: "+22670000001",
    bank: null,
    key: null,
  });

const byKey = ({ userId }: TestUser): Context => createContext(db, { kind: "api_key", userId, keyId: 77n });

const limited = { code: "money_out_limited" };

const left = async (user: TestUser): Promise<bigint | null> =>
  (await findMoneyOutLimit(user.context, "XOF"))?.left.amountMinor ?? null;

describe("a limit on money out", () => {
  it("lets the configured amount out, transfers and withdrawals together, and says until when and what is left", async () => {
    const user = await funded(xof(100_000n));
    await send(user, 30_000n);
    const { until } = await limit(user);
    expect(await findMoneyOutLimit(user.context, "XOF")).toEqual({ left: xof(ALLOWED), until });
    await send(user, 10_000n);
    await withdraw(user, 12_000n);
    const refusal = await send(user, 3_001n).catch((error: unknown) => error as DomainError);
    expect(refusal).toMatchObject({ ...limited, details: { until, left: xof(3_000n) } });
    await expect(withdraw(user, 3_500n)).rejects.toMatchObject({
      ...limited,
      details: { left: xof(3_000n) },
    });
    await send(user, 3_000n);
    expect(await left(user)).toBe(0n);
  });

  it("counts each currency for itself", async () => {
    const user = await funded(xof(50_000n), money(5_000_000n, "NGN"));
    await limit(user);
    await send(user, ALLOWED);
    const naira = { walletNumber: recipient.walletNumber, amount: money(2_500_000n, "NGN") };
    await sendTransfer(user.context, naira);
    await expect(sendTransfer(user.context, { ...naira, amount: money(1n, "NGN") })).rejects.toMatchObject(
      limited,
    );
  });

  it("ends by itself, or when it is lifted; a stop lets nothing out", async () => {
    const user = await funded(xof(100_000n));
    const { id } = await stop(user);
    await expect(send(user, 1n)).rejects.toMatchObject({ ...limited, details: { left: xof(0n) } });
    await inTransaction(db, (tx) => liftMoneyOutLimit(tx, id));
    await send(user, 26_000n);
    await stop(user);
    await owner`update money_out_limits set created_at = now() - interval '25 hours', until = now() - interval '1 hour'
      where user_id = ${user.userId.toString()}`;
    await send(user, 26_000n);
    expect(await left(user)).toBeNull();
  });

  it("is the strictest of several", async () => {
    const user = await funded(xof(100_000n));
    await limit(user);
    await send(user, 20_000n);
    await limit(user);
    expect(await left(user)).toBe(5_000n);
    const { id } = await stop(user);
    expect(await left(user)).toBe(0n);
    await inTransaction(db, (tx) => liftMoneyOutLimit(tx, id));
    expect(await left(user)).toBe(5_000n);
  });

  it("doesn't concern keys that existed before, other people, money that comes in, or vaults", async () => {
    const user = await funded(xof(100_000n));
    const other = await funded(xof(30_000n));
    const vault = await vaultOf(user);
    await stop(user);
    await send(user, 26_000n, byKey(user));
    await withdraw(user, 26_000n, byKey(user));
    await send(other, 30_000n);
    await fundWallet(db, user.walletId, xof(1_000n));
    await put(user.context, vault, "2000");
    await take(user.context, vault, "2000");
    expect(await left(user)).toBe(0n);
    await inTransaction(db, async (tx) => {
      await tx.execute(`update money_out_limits set lifted_at = now() where user_id = ${user.userId}`);
    });
    await limit(user);
    await send(user, 20_000n, byKey(user));
    expect(await left(user)).toBe(ALLOWED);
  });

  it("counts again what came back", async () => {
    const user = await funded(xof(100_000n));
    await limit(user);
    const { reference } = await withdraw(user, 20_000n);
    expect(await left(user)).toBe(5_000n);
    await inTransaction(db, async (tx) => {
      const operation = await lockOperation(tx, reference);
      if (!operation) throw new Error("a withdrawal has its operation");
      await tx.execute(`update operations set state = 'submitting' where id = ${operation.id}`);
      await refund(
        tx,
        createContext(db, { kind: "system" }),
        { ...operation, state: "submitting" },
        "refused",
      );
    });
    expect(await left(user)).toBe(ALLOWED);
  });
});

describe("what a limit does to forms and lists", () => {
  it("is told before the review, on the review, and by the confirmation", async () => {
    const user = await funded(xof(100_000n));
    const form = {
      walletNumber: recipient.walletNumber,
      amount: "26 000",
      currency: "XOF" as const,
      note: "",
    };
    const { quoteId } = await quoteTransfer(user.context, form);
    const typed = {
      amount: "26 000",
      phone: "70 00 00 04",
      method: "orange_money",
      currency: "XOF" as const,
    };
    const withdrawal = await quoteWithdrawal(user.context, typed, "BF");
    await limit(user);
    expect(await getTransferQuote(user.context, quoteId)).toMatchObject({
      problem: "money_out_limited",
      limit: { left: xof(ALLOWED) },
    });
    await expect(quoteTransfer(user.context, form)).rejects.toMatchObject(limited);
    await expect(quoteWithdrawal(user.context, typed, "BF")).rejects.toMatchObject(limited);
    await expect(confirmTransfer(user.context, { quoteId, pin: TEST_PIN })).rejects.toMatchObject(limited);
    await expect(
      requestWithdrawal(user.context, { quoteId: withdrawal.quoteId, pin: TEST_PIN }),
    ).rejects.toMatchObject(limited);
    expect(await left(user)).toBe(ALLOWED);
  });

  it("refuses what exceeds it in a list, in order, and keeps the answer", async () => {
    const user = await funded(xof(100_000n));
    await limit(user);
    const amounts = [20_000n, 6_000n, 5_000n, 1n];
    const transfers = amounts.map((each) => ({ walletNumber: recipient.walletNumber, amount: xof(each) }));
    const key = newKey();
    const sent = await sendTransfers(user.context, { transfers, key });
    expect(sent.transfers.map(({ refusal }) => refusal)).toEqual([
      null,
      "money_out_limited",
      null,
      "money_out_limited",
    ]);
    const again = await sendTransfers(user.context, { transfers, key });
    expect(again).toEqual({ ...sent, replayed: true });
  });

  it("a refused transfer's key may succeed later, and a list whose answer was lost is answered as sent", async () => {
    const user = await funded(xof(100_000n));
    const { id } = await limit(user);
    const key = newKey();
    const order = { walletNumber: recipient.walletNumber, amount: xof(25_001n), key };
    await expect(sendTransfer(user.context, order)).rejects.toMatchObject(limited);
    await inTransaction(db, (tx) => liftMoneyOutLimit(tx, id));
    const { reference } = await sendTransfer(user.context, order);
    await stop(user);
    expect(await sendTransfer(user.context, order)).toMatchObject({ reference, replayed: true });
    const row = {
      userId: user.userId,
      actor: `user:${user.userId}`,
      walletNumber: recipient.walletNumber,
      ...xof(25_001n),
      note: null,
      reference,
      key: null,
      hash: null,
    };
    expect(await callTransferPost(db, [row])).toEqual([{ verdict: "posted", reference }]);
  });

  it("no key that moves money out is made while it runs; one that reads is", async () => {
    const user = await funded();
    const input = { name: "till", expiry: "1D" as const, pin: TEST_PIN };
    const { until } = await limit(user);
    await expect(createApiKey(user.context, { ...input, permissions: ["transfer"] })).rejects.toMatchObject({
      code: "money_keys_limited",
      details: { until },
    });
    await expect(createApiKey(user.context, { ...input, permissions: ["withdraw"] })).rejects.toMatchObject({
      code: "money_keys_limited",
    });
    await createApiKey(user.context, { ...input, permissions: ["read", "deposit"] });
  });
});

describe("thirty at once", () => {
  it("never pass a limit, transfers and withdrawals mixed", async () => {
    const user = await funded(xof(200_000n));
    await limit(user);
    const tries = Array.from({ length: 30 }, (_, index) =>
      index % 3 === 0 ? withdraw(user, 2_000n) : send(user, 2_000n),
    );
    const outcomes = await Promise.allSettled(tries);
    const sent = outcomes.filter(({ status }) => status === "fulfilled");
    expect(sent).toHaveLength(12);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject(limited);
    }
    expect(await left(user)).toBe(1_000n);
  });

  it("nothing leaves a wallet after a stop was committed, beside transfers that are under way", async () => {
    const user = await funded(xof(200_000n));
    const tries = Array.from({ length: 30 }, () => send(user, 1_000n));
    await Promise.all([stop(user), Promise.allSettled(tries)]);
    await expect(send(user, 1n)).rejects.toMatchObject(limited);
    await expect(withdraw(user, 1_000n)).rejects.toMatchObject(limited);
  });
});
