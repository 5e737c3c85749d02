import { afterAll, beforeAll, expect } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { PAYSTACK_KEY } from "@/e2e/support/paystack-fixture";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { createWebhookClient } from "@/e2e/support/webhook-events";
import { chart } from "@/lib/ledger/chart";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { verifyPaystackWebhook } from "@/lib/providers/paystack/webhook";
import { overrideProviders } from "@/lib/providers/registry";
import { startApiDeposit } from "@/lib/services/deposits/start-api-deposit";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";

export const refund = (reference: string, change: object = {}) => ({
  event: "refund.processed",
  data: {
    status: "processed",
    transaction_reference: reference,
    refund_reference: `RF-${reference}`,
    amount: "500000",
    currency: "NGN",
    domain: "test",
    ...change,
  },
});

/** One of a thousand naira, with the provider's name of it or without one. */
export const smallRefund = (reference: string, name: string | null) =>
  refund(reference, { refund_reference: name && `${name}-${reference}`, amount: 100_000 });

export const chargeback = (name: string, charge: object, change: object = {}) => ({
  event: `charge.dispute.${name}`,
  data: { id: 77, refund_amount: 500_000, currency: "NGN", domain: "test", transaction: charge, ...change },
});

/**
 * A database of its own with Paystack's deposits, whose webhooks are signed raw bytes; audited when its tests are done.
 */
export async function useDisputedDeposits() {
  const { db, owner } = await useDatabase({ alone: true });
  const client = createWebhookClient(db, owner);
  const calls = createFakeProvider("paystack", { methods: PAYSTACK_METHODS });
  calls.onCollection = async ({ reference }) => ({
    providerReference: reference,
    paymentUrl: `https://checkout.paystack.com/${reference}`,
  });

  beforeAll(() => {
    const verifyWebhook = (rawBody: Uint8Array, headers: Headers) =>
      verifyPaystackWebhook(rawBody, headers, PAYSTACK_KEY);
    overrideProviders([{ ...calls, verifyWebhook }]);
  });
  afterAll(async () => {
    overrideProviders(null);
    const report = await auditLedger(db);
    expect(report.filter(({ breaches }) => breaches !== 0n)).toEqual([]);
  });
  const system = () => createContext(db, { kind: "system" });
  const decision = { operator: "ama", note: "Paystack refunded it" };
  const available = ({ walletId }: TestUser) => client.balanceOf(chart.available(walletId, "NGN"));
  const owed = async ({ walletId }: TestUser) => -(await client.balanceOf(chart.owed(walletId, "NGN")));
  const stateOf = async (reference: string) => (await client.operation(reference)).state;

  let charges = 1000;

  /** Five thousand naira that came in; in kobo everywhere here. */
  async function deposit(user?: TestUser) {
    const payer = user ?? (await createUser(db));
    const { reference } = await startApiDeposit(payer.context, {
      amountMinor: 500_000n,
      currency: "NGN",
      key: null,
    });
    charges += 1;
    const data = {
      id: charges,
      status: "success",
      reference,
      amount: 500_000,
      currency: "NGN",
      domain: "test",
    };
    await client.hear("paystack", { event: "charge.success", data });
    return { user: payer, reference, charge: data };
  }

  async function spend(user: TestUser, amountMinor: bigint) {
    const other = await createUser(db);
    return await sendTransfer(user.context, {
      walletNumber: other.walletNumber,
      amount: money(amountMinor, "NGN"),
    });
  }
  return { db, owner, client, system, decision, available, owed, stateOf, deposit, spend };
}
