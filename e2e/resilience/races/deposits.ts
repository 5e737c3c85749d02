import { providerState } from "@/e2e/support/fake-provider";
import { newKey, newReference } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { checkDeposit, processDeposit } from "@/lib/services/deposits/check-deposit";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { eventsOf, francsOf, placeDeposit, stateOf, stepsOf, system, tell } from "./books";
import { createSaver, type RaceDatabase } from "./race-database";
import { CALLERS, callers, done, exactly, type Finding, holds, type Race } from "./round";

/** Processes an event of this reference that is stored by now: another one for each caller, as far as there are. */
async function processOne(deployment: RaceDatabase, reference: string, caller: number): Promise<void> {
  const events = await eventsOf(deployment, reference);
  const event = events[caller % Math.max(1, events.length)];
  if (event) await processWebhook(system(deployment), event.id);
}

async function creditedOnce(
  deployment: RaceDatabase,
  user: Parameters<typeof francsOf>[1],
  deposit: { reference: string; amountMinor: bigint },
): Promise<Finding[]> {
  const { credit } = await stepsOf(deployment, deposit.reference);
  const [available] = await francsOf(deployment, user);
  return [
    ...exactly("credits of one deposit", 1, credit ?? 0),
    ...exactly("francs credited", deposit.amountMinor, available),
    ...holds((await stateOf(deployment, deposit.reference)) === "succeeded", "the deposit succeeded"),
  ];
}

/** One event, delivered and processed thirty times at once. */
export const oneWebhook: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, 0n);
  const francs = BigInt(random.int(100, 100_000));
  const deposit = await placeDeposit(deployment, user, { francs, provider: "told" });
  const { reference } = deposit;
  const told = { kind: "collection", provider: "told", reference, francs, status: "succeeded" } as const;
  return {
    calls: callers((caller) => async () => {
      await tell(deployment, { ...told, eventKey: `paid:${reference}` });
      await processOne(deployment, reference, caller);
    }),
    refusals: [],
    judge: async () => {
      const events = await eventsOf(deployment, reference);
      const deliveries = events.reduce((sum, event) => sum + event.deliveries, 0);
      return [
        ...(await creditedOnce(deployment, user, deposit)),
        ...exactly("rows of one event", 1, events.length),
        ...exactly("deliveries counted", CALLERS, deliveries),
      ];
    },
  };
};

/** Several events about one payment, the job that asks, and an operator who asks. */
export const webhooksAndPollers: Race = async (deployment, random) => {
  const user = await createSaver(deployment.db, 0n);
  const francs = BigInt(random.int(100, 100_000));
  const deposit = await placeDeposit(deployment, user, { francs, provider: "asked" });
  const { reference, id } = deposit;
  deployment.providers.answers.set(
    reference,
    providerState(money(francs, "XOF"), { providerReference: `in-${reference}` }),
  );
  const told = { kind: "collection", provider: "asked", reference, francs, status: "succeeded" } as const;
  const kinds = [
    (caller: number) => async () => {
      await tell(deployment, { ...told, eventKey: `paid:${reference}:${caller % 4}` });
      await processOne(deployment, reference, caller);
    },
    () => () => checkDeposit(system(deployment), id),
    () => () => processDeposit(system(deployment), reference),
  ];
  return {
    calls: random.shuffle(
      callers((caller) => (kinds[caller % kinds.length] ?? (() => async () => {}))(caller)),
    ),
    refusals: [],
    judge: () => creditedOnce(deployment, user, deposit),
  };
};

/** Money that nobody could be given yet is given to one of those who are named, once. */
export const oneSumInSuspense: Race = async (deployment, random) => {
  const francs = BigInt(random.int(100, 10_000));
  const stranger = newReference();
  const eventKey = `strange:${newKey()}`;
  await tell(deployment, {
    kind: "collection",
    provider: "told",
    reference: stranger,
    francs,
    status: "succeeded",
    eventKey,
  });
  await processOne(deployment, stranger, 0);
  const entryId = await suspenseEntry(deployment, `told:${eventKey}`);
  const names = await Promise.all(
    Array.from({ length: random.int(1, 5) }, async () => {
      const user = await createSaver(deployment.db, 0n);
      // Half of them asked for exactly this.
      const asked = random.chance(0.5) ? francs : francs + 1n;
      return { user, deposit: await placeDeposit(deployment, user, { francs: asked, provider: "told" }) };
    }),
  );
  return {
    calls: callers((caller) => () => {
      const reference = names[caller % names.length]?.deposit.reference ?? "";
      return assignSuspense(system(deployment), { entryId, reference, operator: "ada", note: "a receipt" });
    }),
    refusals: ["not_found"],
    judge: async (results) => {
      const given = await Promise.all(names.map(async ({ user }) => (await francsOf(deployment, user))[0]));
      const [row] = await deployment.owner<{ count: number }[]>`
        select count(*)::int from ledger_entries where reverses_entry_id = ${entryId.toString()}`;
      return [
        ...exactly("times that it was given", 1, row?.count),
        ...exactly("operators who gave it", 1, done(results).length),
        ...exactly(
          "francs given",
          francs,
          given.reduce((sum, one) => sum + one, 0n),
        ),
      ];
    },
  };
};

async function suspenseEntry({ owner }: RaceDatabase, source: string): Promise<bigint> {
  const [row] = await owner<{ id: string }[]>`
    select id from ledger_entries where source = ${source} and step = 'suspense'`;
  return BigInt(row?.id ?? 0);
}
