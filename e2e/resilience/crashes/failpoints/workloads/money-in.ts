// Deposits, what their webhooks leave to an operator, and reconciliation with the providers.
import type { ApiUser } from "@/e2e/support/credentials";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { takeBackDeposit } from "@/lib/services/back-office/resolve-dispute";
import { cancelDeposit } from "@/lib/services/deposits/cancel-deposit";
import { processDeposit } from "@/lib/services/deposits/check-deposit";
import { closeWebhook } from "@/lib/services/provider-events/close-webhook";
import { replayWebhook } from "@/lib/services/provider-events/replay-webhook";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { type CrashTest, OPERATOR, SYSTEM, workload } from "../crash-test";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
// Amounts of the sandbox's scenarios (lib/sandbox/scenarios.ts), in francs and in kobo.
const PAID_WITH_ANOTHER_AMOUNT = 1_005;
const WITHOUT_WEBHOOK = 100_400;

const newPerson = (test: CrashTest) => test.createPerson();

/** Returns the deposit's reference. */
async function depositAndPay(test: CrashTest, person: ApiUser, currency: "XOF" | "NGN", order = {}) {
  const reference = await test.deposit(person, currency, order);
  await test.payAll(person);
  return reference;
}

/** The ledger entry, or the webhook event that needs review, of a deposit that was paid with another amount. */
async function findPaidOtherwise(test: CrashTest) {
  const person = await test.createPerson();
  const reference = await depositAndPay(test, person, "XOF", { amount: PAID_WITH_ANOTHER_AMOUNT });
  let found: { entry: string; event: string }[] = [];
  await test.until(async () => {
    found = await test.sql<{ entry: string; event: string }[]>`
      select e.id as entry, w.id as event from webhook_events w
      join ledger_entries e on e.source = w.provider || ':' || w.event_key and e.step = 'suspense'
      where w.reference = ${reference} and w.state = 'needs_review'`;
    return found.length > 0;
  }, 10_000);
  const [row] = found;
  return { person, reference, entryId: BigInt(row?.entry ?? 0), eventId: BigInt(row?.event ?? 0) };
}

function hideAtProvider(test: CrashTest, payout: string, forMs: number): void {
  const entry = test.entryOf("withdrawal", payout);
  if (entry?.paystack) entry.paystack.hiddenUntil = new Date(Date.now() + forMs).toISOString();
}

/** A deposit of 5,000 francs whose payer was refunded when 4,000 of it were sent on. */
async function disputeSpentDeposit(test: CrashTest) {
  const [person, friend] = [
    await test.createPerson({ XOF: 5_000n }),
    await test.createPerson({ XOF: 10_000n }),
  ];
  await test.transfer(person, [{ to: friend, amount: 4_000 }]);
  const [row] = await test.sql<{ id: string; reference: string }[]>`
    update operations set state = 'disputed', reason = 'payment_refunded'
    where wallet_id = ${person.walletId.toString()} and type = 'deposit' returning id::text, reference`;
  const { id = "0", reference = "" } = row ?? {};
  await test.sql`insert into operation_events (operation_id, from_state, to_state, actor)
    values (${id}, 'succeeded', 'disputed', 'system')`;
  await test.sql`insert into disputes (operation_id, type, subject, amount_minor, outcome)
    values (${id}, 'refund', ${reference}, 5000, 'lost')`;
  return { person, friend, reference };
}

export const MONEY_IN = [
  workload({
    name: "deposits by mobile money and by card, confirmed by webhooks, and the sweep for lost ones",
    reaches:
      /^(deposits\/place-deposit\.(1|2|createCollection)|api\/wallet\/deposit(?!\/\{reference\}\/cancel)|webhook:|provider-events\/(receive-webhook|requeue-webhooks|process-webhook\.(?!getPayout))|jobs\/process_webhook)/,
    setUp: newPerson,
    send: async (test, person) => {
      await test.untilState(await depositAndPay(test, person, "XOF"), "succeeded");
      // The provider is queried before it is credited.
      await test.untilState(await depositAndPay(test, person, "NGN"), "succeeded");
      test.harness.shift(2 * MINUTE_MS);
      await test.harness.sweep();
      await test.untilIdle();
    },
  }),
  workload({
    name: "a deposit that the provider declines",
    reaches: /^deposits\/place-deposit\.3/,
    setUp: newPerson,
    send: (test, person) =>
      test.deposit(person, "XOF", {
        phone: "+22670000402",
        accepted: ["provider_declined", "outcome_unknown"],
      }),
  }),
  workload({
    name: "a deposit whose payer looks at its status, before and after paying",
    reaches: /^(deposits\/(request-deposit-check|check-deposit\.([124]:|getCollection))|jobs\/check_deposit)/,
    setUp: async (test) => {
      const person = await test.createPerson();
      return { person, reference: await test.deposit(person, "NGN", { amount: WITHOUT_WEBHOOK }) };
    },
    send: async (test, { person, reference }) => {
      const path = `/api/wallet/deposit/${reference}/status`;
      const look = () => test.client.call({ method: "GET", path, credential: person.apiKey });
      await look();
      await test.untilIdle();
      await test.payAll(person);
      await test.sql`delete from rate_limits where key like 'deposit_check%'`;
      await look();
      await test.untilIdle();
    },
  }),
  workload({
    name: "unpaid deposits are queried, and expire",
    reaches: /^deposits\/expire-deposits/,
    setUp: async (test) => {
      const person = await test.createPerson();
      await test.deposit(person, "NGN");
      await test.deposit(person, "XOF");
    },
    send: async ({ harness }) => {
      for (const minutes of [2, 70]) {
        harness.shift(minutes * MINUTE_MS);
        await harness.sweep();
      }
    },
  }),
  workload({
    name: "an unpaid deposit that its owner cancels",
    reaches: /^(deposits\/cancel-deposit|api\/wallet\/deposit\/\{reference\}\/cancel)/,
    setUp: async (test) => {
      const person = await test.createPerson();
      return { person, reference: (await test.deposit(person, "XOF")) ?? "" };
    },
    send: async (test, { person, reference }) => {
      await test.client.call({ path: `/api/wallet/deposit/${reference}/cancel`, credential: person.apiKey });
      await test.run(cancelDeposit, person, reference);
      const rows = await test.sql`select state, reason from operations where reference = ${reference}`;
      test.equal(rows, [{ state: "failed", reason: "cancelled" }], "a cancelled deposit");
    },
  }),
  workload({
    name: "a refunded deposit is taken back, and the next money pays what was spent of it",
    reaches: /^(back-office\/resolve-dispute|deposits\/collect-owed)/,
    setUp: disputeSpentDeposit,
    send: async (test, { person, friend, reference }) => {
      await test.run(takeBackDeposit, SYSTEM, { reference, ...OPERATOR });
      await test.transfer(friend, [{ to: person, amount: 2_000 }]);
      await test.harness.sweep();
      const rows = await test.sql`
        select o.state, ledger_balance(a.id)::text as owed, (select count(*)::int from decisions where operation_id = o.id) as decisions
        from operations o join ledger_accounts a on a.address = ledger_address_owed(o.wallet_id, o.currency)
        where o.reference = ${reference}`;
      test.equal(rows, [{ state: "taken_back", owed: "-2000", decisions: 1 }], "a deposit taken back");
    },
  }),
  workload({
    name: "a deposit that an operator has processed by hand",
    reaches: /^deposits\/check-deposit\.3/,
    setUp: async (test) => depositAndPay(test, await newPerson(test), "NGN", { amount: WITHOUT_WEBHOOK }),
    send: async (test, reference) => {
      const { state } = await test.run(processDeposit, SYSTEM, reference);
      test.equal(state, "succeeded", "the state of a paid deposit that is processed");
    },
  }),
  workload({
    name: "a payment of another amount, assigned from suspense by an operator",
    reaches: /^back-office\/assign-suspense/,
    setUp: findPaidOtherwise,
    send: async (test, { person, reference, entryId }) => {
      const paid = test.entryOf("deposit", reference)?.paidAmount ?? 0;
      test.expect("deposit", person, paid, { isAssigned: true });
      // A second attempt finds nothing left in suspense.
      await test.runOnce(["not_found"], assignSuspense, SYSTEM, { entryId, reference, ...OPERATOR });
    },
  }),
  workload({
    name: "a webhook event in review is replayed, and closed by an operator",
    reaches: /^provider-events\/(replay-webhook|close-webhook)/,
    setUp: findPaidOtherwise,
    send: async (test, { eventId }) => {
      await test.run(replayWebhook, SYSTEM, eventId);
      await test.untilIdle();
      await test.runOnce(["not_found"], closeWebhook, SYSTEM, { eventId, ...OPERATOR });
      const rows = await test.sql`
        select state, (select count(*)::int from decisions where event_id = e.id) as decisions
        from webhook_events e where id = ${eventId.toString()}`;
      test.equal(rows, [{ state: "processed", decisions: 1 }], "a closed event");
    },
  }),
  workload({
    name: "reconciliation with the providers, by hand and by the hourly job",
    reaches: /^(reconciliation\/|jobs\/reconcile|ledger\/(checkpoints|sealing\/))/,
    setUp: async (test) => {
      const person = await test.createPerson({ NGN: 9_000_000n });
      const payout = await test.withdraw(person, "NGN");
      const collection = await test.deposit(person, "NGN");
      await test.payAll(person);
      await test.untilState(payout, "paid");
      await test.untilState(collection, "succeeded");
      // While the provider's list doesn't show them, reconciliation queries them alone.
      hideAtProvider(test, payout, HOUR_MS);
      const entry = test.entryOf("deposit", collection);
      if (entry) entry.createdAt = new Date(Date.now() - 48 * HOUR_MS).toISOString();
      return payout;
    },
    send: async (test, payout) => {
      const { harness, random } = test;
      harness.shift(HOUR_MS);
      const now = Date.now();
      const window = { from: new Date(now - 2 * HOUR_MS), to: new Date(now + HOUR_MS) };
      await test.run(reconcile, SYSTEM, window);
      hideAtProvider(test, payout, 0);
      harness.shift((26 + random.int(0, 500)) * HOUR_MS);
      await harness.sweep();
      await test.untilIdle();
    },
  }),
];
