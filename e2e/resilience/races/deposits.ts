import { providerState } from "@/e2e/support/fake-provider";
import { createSaver } from "@/e2e/support/vaults";
import { newKey, newReference } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { checkDeposit, processDeposit } from "@/lib/services/deposits/check-deposit";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { deliverWebhook, eventsOf, francsOf, placeDeposit, stateOf, stepsOf } from "./operations";
import type { RaceDatabase } from "./race-database";
import { CALLERS, system } from "./race-database";
import { callers, done, exactly, type Finding, holds, type Race } from "./round";

/** Processes one of the stored events of a reference; callers take turns through them. */
async function processOne(database: RaceDatabase, reference: string, caller: number): Promise<void> {
  const events = await eventsOf(database, reference);
  const event = events[caller % Math.max(1, events.length)];
  if (event) await processWebhook(system(database), event.id);
}

/** A deposit must be credited once, with its amount. */
async function creditedOnce(
  database: RaceDatabase,
  user: Parameters<typeof francsOf>[1],
  deposit: { reference: string; amountMinor: bigint },
): Promise<Finding[]> {
  const { credit } = await stepsOf(database, deposit.reference);
  const [available] = await francsOf(database, user);
  return [
    ...exactly("credits of one deposit", 1, credit ?? 0),
    ...exactly("francs credited", deposit.amountMinor, available),
    ...holds((await stateOf(database, deposit.reference)) === "succeeded", "the deposit succeeded"),
  ];
}

/** One webhook event, delivered and processed thirty times at once. */
export const deliveriesOfOneWebhook: Race = async (database, random) => {
  const user = await createSaver(database.db, 0n);
  const francs = BigInt(random.int(100, 100_000));
  const deposit = await placeDeposit(database, user, { francs, provider: "webhook_only" });
  const { reference } = deposit;
  const delivery = {
    kind: "collection",
    provider: "webhook_only",
    reference,
    francs,
    status: "succeeded",
  } as const;
  return {
    calls: callers((caller) => async () => {
      await deliverWebhook(database, { ...delivery, eventKey: `paid:${reference}` });
      await processOne(database, reference, caller);
    }),
    refusals: [],
    check: async () => {
      const events = await eventsOf(database, reference);
      const deliveries = events.reduce((sum, event) => sum + event.deliveries, 0);
      return [
        ...(await creditedOnce(database, user, deposit)),
        ...exactly("rows of one event", 1, events.length),
        ...exactly("deliveries counted", CALLERS, deliveries),
      ];
    },
  };
};

/** Several webhooks about one payment, the job that queries the provider, and an operator who does. */
export const webhooksAndQueries: Race = async (database, random) => {
  const user = await createSaver(database.db, 0n);
  const francs = BigInt(random.int(100, 100_000));
  const deposit = await placeDeposit(database, user, { francs, provider: "queryable" });
  const { reference, id } = deposit;
  database.providers.answers.set(
    reference,
    providerState(money(francs, "XOF"), { providerReference: `in-${reference}` }),
  );
  const delivery = {
    kind: "collection",
    provider: "queryable",
    reference,
    francs,
    status: "succeeded",
  } as const;
  const kinds = [
    (caller: number) => async () => {
      await deliverWebhook(database, { ...delivery, eventKey: `paid:${reference}:${caller % 4}` });
      await processOne(database, reference, caller);
    },
    () => () => checkDeposit(system(database), id),
    () => () => processDeposit(system(database), reference),
  ];
  return {
    calls: random.shuffle(
      callers((caller) => (kinds[caller % kinds.length] ?? (() => async () => {}))(caller)),
    ),
    refusals: [],
    check: () => creditedOnce(database, user, deposit),
  };
};

/** Operators assign one entry in suspense to deposits of several users: only one may get it, once. */
export const assignmentsOfOneSuspenseEntry: Race = async (database, random) => {
  const francs = BigInt(random.int(100, 10_000));
  const unknown = newReference();
  const eventKey = `unknown:${newKey()}`;
  await deliverWebhook(database, {
    kind: "collection",
    provider: "webhook_only",
    reference: unknown,
    francs,
    status: "succeeded",
    eventKey,
  });
  await processOne(database, unknown, 0);
  const entryId = await suspenseEntry(database, `webhook_only:${eventKey}`);
  const candidates = await Promise.all(
    Array.from({ length: random.int(1, 5) }, async () => {
      const user = await createSaver(database.db, 0n);
      // About half of the deposits are of exactly this amount.
      const requested = random.chance(0.5) ? francs : francs + 1n;
      return {
        user,
        deposit: await placeDeposit(database, user, { francs: requested, provider: "webhook_only" }),
      };
    }),
  );
  return {
    calls: callers((caller) => () => {
      const reference = candidates[caller % candidates.length]?.deposit.reference ?? "";
      return assignSuspense(system(database), { entryId, reference, operator: "ada", note: "a receipt" });
    }),
    refusals: ["not_found"],
    check: async (results) => {
      const credited = await Promise.all(
        candidates.map(async ({ user }) => (await francsOf(database, user))[0]),
      );
      const [row] = await database.owner<{ count: number }[]>`
        select count(*)::int from ledger_entries where reverses_entry_id = ${entryId.toString()}`;
      return [
        ...exactly("assignments recorded", 1, row?.count),
        ...exactly("operators who succeeded", 1, done(results).length),
        ...exactly(
          "francs credited",
          francs,
          credited.reduce((sum, one) => sum + one, 0n),
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
