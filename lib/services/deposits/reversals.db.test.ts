import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { KEYS } from "@/e2e/support/getmipay-fixture";
import { createContext, createUser, fundWallet } from "@/e2e/support/people";
import { createWebhookClient } from "@/e2e/support/webhook-events";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { verifyGetMiPayWebhook } from "@/lib/providers/getmipay/webhook";
import { overrideProviders } from "@/lib/providers/registry";
import { listDeadLetters } from "../back-office/list-dead-letters";
import { takeBackDeposit } from "../back-office/resolve-dispute";

/** Payments that GetMiPay gives back after they were credited: its events name the payment and an amount, nothing else. */
const { db, owner } = await useDatabase();
const client = createWebhookClient(db, owner);

beforeAll(() => {
  const verifyWebhook = (rawBody: Uint8Array, headers: Headers) =>
    verifyGetMiPayWebhook(rawBody, headers, KEYS.webhookSecret);
  overrideProviders([{ ...createFakeProvider("getmipay"), verifyWebhook }]);
});
afterAll(() => overrideProviders(null));

const system = () => createContext(db, { kind: "system" });

async function deposit() {
  const user = await createUser(db);
  const reference = await fundWallet(db, user.walletId, money(5_000n, "XOF"), {
    provider: "getmipay",
    method: "wave",
    phone: null,
  });
  const [operation] = await owner<{ id: string }[]>`
    select provider_reference as id from operations where reference = ${reference}`;
  const id = operation?.id ?? reference;
  const giveBack = (amount: number) =>
    client.hear("getmipay", {
      event: "payment.refunded",
      transaction_id: id,
      data: { transaction_id: id, reference, status: "reversed", amount, currency: "XOF" },
    });
  const available = () => client.balanceOf(chart.available(user.walletId, "XOF"));
  const takeBack = () => takeBackDeposit(system(), { reference, operator: "ama", note: "given back" });
  return { reference, giveBack, available, takeBack };
}

describe("a payment given back in parts", () => {
  it("is taken back part by part, each once", async () => {
    const { reference, giveBack, available, takeBack } = await deposit();
    expect((await giveBack(2_000)).event).toMatchObject({ outcome: "reversed_after_credit", reference });
    await takeBack();
    await giveBack(2_000);
    expect(await available()).toBe(3_000n);
    expect((await giveBack(1_000)).event).toMatchObject({
      state: "needs_review",
      outcome: "reversed_after_credit",
      reference,
    });
    await takeBack();
    expect(await available()).toBe(2_000n);
    const open = await listDeadLetters(system());
    expect(open.filter((each) => each.reference === reference)).toEqual([]);
  });
});
