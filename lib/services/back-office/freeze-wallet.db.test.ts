import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { sendTransfer } from "../transfers/send-transfer";
import { sendTransfers } from "../transfers/send-transfers";
import { getWallet } from "../wallets/get-wallet";
import { requestApiWithdrawal } from "../withdrawals/request-api-withdrawal";
import { setWalletFrozen } from "./freeze-wallet";

const { db, owner } = await useDatabase();
overrideProviders([createFakeProvider("getmipay")]);
const system = createContext(db, { kind: "system" });
const why = { operator: "awa", note: "the phone was stolen" };

async function funded(): Promise<TestUser> {
  const user = await createUser(db);
  await fundWallet(db, user.walletId, money(10_000n, "XOF"));
  return user;
}

const freeze = ({ walletNumber }: TestUser, frozen = true) =>
  setWalletFrozen(system, { walletNumber, ...why }, frozen);

async function available({ context }: TestUser): Promise<bigint | undefined> {
  const { balances } = await getWallet(context);
  return balances.find(({ currency }) => currency === "XOF")?.available.amountMinor;
}

const transfer = (from: TestUser, to: TestUser, key: string | null = null) =>
  sendTransfer(from.context, { walletNumber: to.walletNumber, amount: money(100n, "XOF"), key });

const withdraw = ({ context }: TestUser) =>
  requestApiWithdrawal(context, {
    amountMinor: 1_000n,
    currency: "XOF",
    method: "wave",
    phone: "+22670000001",
    bank: null,
    key: null,
  });

describe("a frozen wallet", () => {
  it("lets no money out, by transfer, list or withdrawal, and lets it out again afterwards", async () => {
    const [user, other] = [await funded(), await funded()];
    await freeze(user);
    const refused = { code: "wallet_frozen" };
    const key = newKey();
    await expect(transfer(user, other, key)).rejects.toMatchObject(refused);
    const transfers = [{ walletNumber: other.walletNumber, amount: money(100n, "XOF") }];
    const listKey = newKey();
    const list = () => sendTransfers(user.context, { transfers, key: listKey });
    await expect(list()).rejects.toMatchObject(refused);
    await expect(withdraw(user)).rejects.toMatchObject(refused);
    expect(await available(user)).toBe(10_000n);
    await freeze(user, false);
    // The same requests again, with their keys: nothing of the refusal was kept.
    await transfer(user, other, key);
    await list();
    await withdraw(user);
    expect(await available(user)).toBe(8_800n);
  });

  it("still gets money, and refuses nobody else's transfers that go with its own", async () => {
    const [user, other] = [await funded(), await funded()];
    await freeze(user);
    const both = await Promise.allSettled([transfer(user, other), transfer(other, user)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    await fundWallet(db, user.walletId, money(500n, "XOF"));
    expect(await available(user)).toBe(10_600n);
  });

  it("is recorded once, with who and why, and the record stays", async () => {
    const user = await funded();
    expect([await freeze(user), await freeze(user)]).toEqual([true, false]);
    expect([await freeze(user, false), await freeze(user, false)]).toEqual([true, false]);
    const rows = await owner`select frozen, operator, note from wallet_freezes
      where wallet_id = ${user.walletId.toString()} order by id`;
    expect(rows).toEqual([
      { frozen: true, ...why },
      { frozen: false, ...why },
    ]);
    await expect(owner`delete from wallet_freezes`).rejects.toThrow();
  });

  it("is an operator's to freeze", async () => {
    const user = await funded();
    const order = { walletNumber: user.walletNumber, ...why };
    await expect(setWalletFrozen(user.context, order, true)).rejects.toMatchObject({
      code: "unauthenticated",
    });
    for (const walletNumber of ["1234567890128", "nonsense", ""]) {
      await expect(setWalletFrozen(system, { ...why, walletNumber }, true)).rejects.toMatchObject({
        code: "not_found",
      });
    }
  });
});
