import { inTransaction } from "@/db/transaction";
import { fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import type { TestUser } from "@/e2e/support/people";
import { newKey, newReference } from "@/lib/ids";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import type { ProviderStatus, WebhookEvent } from "@/lib/providers/provider";
import type { Context } from "@/lib/services/context";
import type { OperationRow, OperationType } from "@/lib/services/operations/operation";
import { recordOperation } from "@/lib/services/operations/record";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { placeWithdrawal } from "@/lib/services/withdrawals/place-withdrawal";
import type { RaceDatabase } from "./race-database";

/** Available and held francs of a wallet. */
export async function francsOf({ db }: RaceDatabase, { walletId }: TestUser): Promise<[bigint, bigint]> {
  const [available, held] = await getBalances(db, [
    chart.available(walletId, "XOF"),
    chart.held(walletId, "XOF"),
  ]);
  return [available?.amountMinor ?? 0n, held?.amountMinor ?? 0n];
}

export async function francsInVault(
  { db }: RaceDatabase,
  { walletId }: TestUser,
  vaultId: bigint,
): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.vault(walletId, "XOF", vaultId)]);
  return balance?.amountMinor ?? 0n;
}

/** Number of a wallet's operations of one type, or of all types but deposits. */
export async function countOperations(
  { owner }: RaceDatabase,
  { walletId }: TestUser,
  type: OperationType | null = null,
): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::int from operations where wallet_id = ${walletId.toString()}
      and type = coalesce(${type}, type) and (${type}::text is not null or type <> 'deposit')`;
  return row?.count ?? 0;
}

/** Number of journal entries of an operation, by their step. */
export async function stepsOf({ owner }: RaceDatabase, reference: string): Promise<Record<string, number>> {
  const rows = await owner<{ step: string; count: number }[]>`
    select step, count(*)::int from ledger_entries where source = ${reference} group by step`;
  return Object.fromEntries(rows.map(({ step, count }) => [step, count]));
}

/** The state of an operation; `none` if there is no operation. */
export async function stateOf({ owner }: RaceDatabase, reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "none";
}

interface Order {
  francs: bigint;
  provider: string;
}

/** A pending deposit. */
export async function placeDeposit(
  { db }: RaceDatabase,
  user: TestUser,
  { francs, provider }: Order,
): Promise<OperationRow> {
  return await inTransaction(db, async (tx) => {
    await openAccounts(tx, accountsOfProvider(provider, "XOF"));
    return await recordOperation(tx, user.context.actor, {
      reference: newReference(),
      type: "deposit",
      state: "pending",
      walletId: user.walletId,
      currency: "XOF",
      amountMinor: francs,
      provider,
      method: "wave",
      phone: "+22670000001",
    });
  });
}

/** A withdrawal whose money is held and that no worker has submitted yet. */
export async function holdWithdrawal(
  { db }: RaceDatabase,
  user: TestUser,
  { francs, provider }: Order,
): Promise<OperationRow> {
  const requested = {
    amount: money(francs, "XOF"),
    fee: money(0n, "XOF"),
    provider,
    method: "wave",
    phone: "+22670000001",
    bank: null,
  };
  const reference = newReference();
  return await inTransaction(db, (tx) =>
    placeWithdrawal(tx, { ...user.context, db }, { walletId: user.walletId, reference, order: requested }),
  );
}

/** A webhook of a fake provider. */
export interface Delivery {
  kind: "collection" | "payout";
  provider: string;
  reference: string;
  francs: bigint;
  status: ProviderStatus;
  eventKey: string;
}

/** Receives and stores a webhook of a fake provider. */
export async function deliverWebhook({ db }: Pick<RaceDatabase, "db">, delivery: Delivery): Promise<void> {
  const { kind, provider, reference, francs, status, eventKey } = delivery;
  const event: WebhookEvent = {
    ...providerState(money(francs, "XOF"), { status }),
    kind,
    reference,
    eventKey,
  };
  const context: Context = {
    actor: { kind: "provider", name: provider },
    requestId: newKey(),
    db,
    now: new Date(),
  };
  await receiveWebhook(context, { provider, ...fakeWebhook(event) });
}

/** The stored webhook events about a reference. */
export async function eventsOf(
  { owner }: RaceDatabase,
  reference: string,
): Promise<{ id: bigint; deliveries: number }[]> {
  const rows = await owner<{ id: string; deliveries: number }[]>`
    select id, deliveries from webhook_events where reference = ${reference} order by id`;
  return rows.map(({ id, deliveries }) => ({ id: BigInt(id), deliveries }));
}
