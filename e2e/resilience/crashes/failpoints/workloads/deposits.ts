import { setTimeout as wait } from "node:timers/promises";
import { ifRefused } from "../child-process";
import { type CrashTest, OPERATOR, type Person, SYSTEM, type Workload } from "../crash-test";
import { untilIdle } from "../settle";
import { NGN, payAll, startDeposit, XOF } from "./requests";

async function untilState(test: CrashTest, person: Person, state: string): Promise<void> {
  for (let look = 0; look < 60; look += 1) {
    const rows = await test.harness.deployment.owner`select 1 from operations
      where wallet_id = ${person.walletId.toString()} and type = 'deposit' and provider <> 'test' and state = ${state}`;
    if (rows.length > 0) return;
    await test.harness.hurry();
    await wait(25);
  }
}

async function depositAndPay(test: CrashTest, body: object): Promise<void> {
  const person = await test.createPerson();
  await test.arm();
  await startDeposit(test, person, body);
  await payAll(test, person);
  await untilState(test, person, "succeeded");
}

export const DEPOSITS: readonly Workload[] = [
  {
    name: "a deposit by mobile money, confirmed by webhook",
    reaches:
      /^(deposits\/place-deposit\.(1|2|createCollection)|api\/wallet\/deposit|webhook:|provider-events\/(receive-webhook|process-webhook\.1)|jobs\/process_webhook)/,
    async run(test) {
      await depositAndPay(test, XOF(test.random));
    },
  },
  {
    name: "a deposit by card: the provider is queried before it is credited",
    reaches: /^provider-events\/process-webhook\.getCollection/,
    async run(test) {
      await depositAndPay(test, NGN(test.random));
    },
  },
  {
    name: "a deposit that the provider declines",
    reaches: /^deposits\/place-deposit\.3/,
    async run(test) {
      const person = await test.createPerson();
      await test.arm();
      test.expectOperations(person);
      const body = { ...XOF(test.random), phone: "+22670000402" };
      const response = await test.post(person, "/api/wallet/deposit", body, test.key());
      const isKnown = response.code === "provider_declined" || response.code === "outcome_unknown";
      test.check(
        isKnown,
        `a refused deposit is declined or unknown, not ${response.status} ${response.code}`,
      );
    },
  },
  {
    name: "a deposit whose payer looks at its status, before and after paying",
    reaches: /^(deposits\/(request-deposit-check|check-deposit\.([124]:|getCollection))|jobs\/check_deposit)/,
    async run(test) {
      const person = await test.createPerson();
      // The sandbox drops the webhook of this amount.
      const reference = await startDeposit(test, person, { ...NGN(test.random), amount: 100_400 });
      const look = () =>
        test.harness.call(`/api/wallet/deposit/${reference}/status`, { token: person.apiKey, method: "GET" });
      await test.arm();
      await look();
      await untilIdle(test.harness);
      await payAll(test, person);
      await test.harness.deployment.owner`delete from rate_limits where key like 'deposit_check%'`;
      await look();
      await untilIdle(test.harness);
    },
  },
  {
    name: "unpaid deposits are queried, and expire",
    reaches: /^deposits\/expire-deposits/,
    async run(test) {
      const person = await test.createPerson();
      await startDeposit(test, person, NGN(test.random));
      await startDeposit(test, person, XOF(test.random));
      await test.arm();
      for (const minutes of [2, 70]) {
        await test.harness.shift(minutes * 60_000);
        await test.harness.sweep();
      }
    },
  },
  {
    name: "a deposit that an operator has processed by hand",
    reaches: /^deposits\/check-deposit\.3/,
    async run(test) {
      const person = await test.createPerson();
      const reference = await startDeposit(test, person, { ...NGN(test.random), amount: 100_400 });
      await payAll(test, person);
      await test.arm();
      const done = await test.harness.verb("processDeposit", SYSTEM, reference ?? "");
      test.check(done.state === "succeeded", `a paid deposit that is processed succeeds, not ${done.state}`);
    },
  },
  {
    name: "a payment of another amount, assigned from suspense by an operator",
    reaches: /^back-office\/assign-suspense/,
    async run(test) {
      const person = await test.createPerson();
      const reference = await startDeposit(test, person, { ...XOF(test.random), amount: 1_005 });
      await payAll(test, person);
      await untilState(test, person, "review");
      const [row] = await test.harness.deployment.owner<{ id: string }[]>`select e.id from ledger_entries e
        join webhook_events w on e.source = w.provider || ':' || w.event_key where w.reference = ${reference} and e.step = 'suspense'`;
      await test.arm();
      const order = {
        entryId: BigInt(row?.id ?? 0),
        reference: reference ?? "",
        ...OPERATOR,
      };
      // A second attempt finds nothing left in suspense.
      await test.harness.verb("assignSuspense", SYSTEM, order).catch(ifRefused("not_found", null));
      const [given] = await test.harness.deployment.owner<
        { reference: string }[]
      >`select reference from operations
        where wallet_id = ${person.walletId.toString()} and state = 'succeeded'`;
      test.check(given !== undefined, "the money is assigned as a deposit");
      if (given) test.resolved.add(given.reference);
      test.expectOperations(person);
    },
  },
];
