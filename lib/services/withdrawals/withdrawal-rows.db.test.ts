import { describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createFundedUser } from "@/e2e/support/people";
import { newReference } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { placeWithdrawal } from "./place-withdrawal";

const { db, owner } = await useDatabase();

async function createWithdrawal(): Promise<string> {
  const { context, walletId } = await createFundedUser(db, money(5_000n, "XOF"));
  const [amount, fee] = [money(2_000n, "XOF"), money(0n, "XOF")];
  const order = { amount, fee, provider: "test", method: "wave", phone: "+22670000001", bank: null };
  const reference = newReference();
  await inTransaction(db, (tx) => placeWithdrawal(tx, context, { walletId, reference, order }));
  return reference;
}

describe("the database", () => {
  it.each([
    ["created", "refunded"],
    ["created", "submitted"],
    ["created", "reversed"],
    ["created", "conflict"],
  ])("refuses the edge %s → %s", async (_, to) => {
    const reference = await createWithdrawal();
    await expect(owner`update operations set state = ${to} where reference = ${reference}`).rejects.toThrow(
      /does not lead to/,
    );
  });

  it("refuses to change what was requested", async () => {
    const reference = await createWithdrawal();
    await expect(
      owner`update operations set amount_minor = 1 where reference = ${reference}`,
    ).rejects.toThrow();
    await expect(
      owner`update operations set phone = '+22670000009' where reference = ${reference}`,
    ).rejects.toThrow();
  });
});
