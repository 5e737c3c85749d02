import { describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import * as versions from "@/lib/ledger/versions";
import { money } from "@/lib/money/money";
import { sendTransfer } from "../transfers/send-transfer";
import { getWalletProgress, watchWalletProgress } from "./wallet-progress";

const { db } = await useDatabase();

describe("the progress of a wallet", () => {
  it("changes when money comes in and when it leaves, in any currency, and not otherwise", async () => {
    const [one, two] = [await createUser(db), await createUser(db)];
    const seen = new Set([await getWalletProgress(one.context)]);
    await fundWallet(db, one.walletId, money(1_000n, "XOF"));
    seen.add(await getWalletProgress(one.context));
    await fundWallet(db, one.walletId, money(1_000n, "NGN"));
    seen.add(await getWalletProgress(one.context));
    const before = await getWalletProgress(two.context);
    await sendTransfer(one.context, {
      walletNumber: two.walletNumber,
      amount: money(10n, "XOF"),
      key: newKey(),
    });
    seen.add(await getWalletProgress(one.context));
    expect(seen.size).toBe(4);
    expect(await getWalletProgress(two.context)).not.toBe(before);
    expect(await getWalletProgress(one.context)).toBe([...seen][3]);
  });

  it("is read once for all who watch within a second", async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => createUser(db)));
    await fundWallet(db, people[3]?.walletId ?? 0n, money(1_000n, "XOF"));
    const expected = await Promise.all(people.map(({ context }) => getWalletProgress(context)));
    const readers = await Promise.all(people.map(({ context }) => watchWalletProgress(context)));
    const read = vi.spyOn(versions, "sumVersions");
    expect(await Promise.all(readers.map((reader) => reader()))).toEqual(expected);
    expect(await Promise.all(readers.map((reader) => reader()))).toEqual(expected);
    expect(read.mock.calls.length).toBeLessThanOrEqual(2);
    read.mockRestore();
  });
});
