import { beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newReference } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { sendTransfer } from "./send-transfer";

const { db, owner } = await useDatabase();

const FOREIGN_KEY = "23503";
const NO_PRIVILEGE = "42501";
const INTEGRITY = "23000";

describe("what foreign keys would promise of operations (invariant 12)", () => {
  let sender: TestUser;
  let reference: string;
  beforeAll(async () => {
    sender = await createUser(db);
    const recipient = await createUser(db);
    await fundWallet(db, sender.walletId, money(100n, "XOF"));
    const input = { walletNumber: recipient.walletNumber, amount: money(10n, "XOF") };
    ({ reference } = await sendTransfer(sender.context, input));
  });
  const app = () => db.$client;

  it("the application can't write a transfer itself, only ask for one", async () => {
    await expect(
      app()`insert into operations (reference, type, state, wallet_id, counterparty_wallet_id, currency, amount_minor)
        values (${newReference()}, 'transfer', 'succeeded', ${sender.walletId.toString()}, 1, 'XOF', 5)`,
    ).rejects.toMatchObject({ code: NO_PRIVILEGE });
  });

  it.each([["the application", () => app()] as const, ["the owner", () => owner] as const])(
    "%s can't write an operation of a wallet that doesn't exist",
    async (_, sql) => {
      await expect(
        sql()`insert into operations (reference, type, state, wallet_id, currency, amount_minor, provider)
          values (${newReference()}, 'deposit', 'pending', 999999999, 'XOF', 5, 'test')`,
      ).rejects.toMatchObject({ code: FOREIGN_KEY });
    },
  );

  it("nobody can write an event of an operation that doesn't exist", async () => {
    const event = () => app()`insert into operation_events (operation_id, to_state, actor)
      values (999999999, 'succeeded', 'system')`;
    await expect(event()).rejects.toMatchObject({ code: FOREIGN_KEY });
    await expect(
      owner`insert into operation_events (operation_id, from_state, to_state, actor)
        values (999999999, 'pending', 'succeeded', 'system')`,
    ).rejects.toMatchObject({ code: FOREIGN_KEY });
  });

  it("a wallet and an operation are never deleted, and keep their ids and owner", async () => {
    const wallet = sender.walletId.toString();
    for (const change of [
      owner`delete from wallets where id = ${wallet}`,
      owner`delete from operations where reference = ${reference}`,
      owner`update wallets set id = default where id = ${wallet}`,
      owner`update wallets set user_id = user_id + 1 where id = ${wallet}`,
      owner`update operations set id = default where reference = ${reference}`,
      owner`truncate wallets cascade`,
      owner`truncate operations cascade`,
    ]) {
      await expect(change).rejects.toMatchObject({
        code: expect.stringMatching(`${INTEGRITY}|${NO_PRIVILEGE}`),
      });
    }
  });
});
