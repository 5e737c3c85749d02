import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { lockBalance, openAccounts } from "@/lib/ledger/accounts";
import { chart } from "@/lib/ledger/chart";
import { draftTakeBack } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import { type Money, money } from "@/lib/money/money";
import { type Context, requireSystem } from "../context";
import {
  closeDispute,
  type DisputeRow,
  endDisputes,
  leftToTakeBack,
  listOpenDisputes,
} from "../deposits/disputes";
import { lockOperation, type OperationRow } from "../operations/operation";
import { type OperatorNote, recordDecision } from "../operations/record-decision";
import { closeEventsInReview } from "../provider-events/close-webhook";

type DisputeOrder = OperatorNote & { reference: string };

/** `not_open`: the deposit isn't disputed, or not any more. */
export type DisputeResolution =
  | { outcome: "not_open"; state: string }
  | { outcome: "kept" }
  /** `taken` came from the owner's available balance, `owed` is what was missing there. */
  | { outcome: "taken_back"; taken: Money; owed: Money };

/**
 * Takes back what is disputed of a deposit, by an operator's decision: from the owner's available balance what is there, and
 * the rest becomes an amount that the wallet owes and that later money in pays first. All of a deposit's disputes together take
 * at most its amount; one that finds nothing left is kept. Throws `unauthenticated`, `not_found`.
 */
export async function takeBackDeposit(context: Context, order: DisputeOrder): Promise<DisputeResolution> {
  return await resolve(context, order, "taken_back", async (tx, operation, disputes) => {
    const { walletId, currency } = operation;
    await openAccounts(tx, [chart.owed(walletId, currency)]);
    let available = await lockBalance(tx, chart.available(walletId, currency));
    const total = { taken: 0n, owed: 0n };
    let left = await leftToTakeBack(tx, operation);
    for (const { id, amountMinor } of disputes) {
      const amount = amountMinor < left ? amountMinor : left;
      if (amount === 0n) {
        await closeDispute(tx, id, { state: "kept" });
        continue;
      }
      const taken = available < amount ? available : amount;
      await postTakeBack(tx, context, operation, { disputeId: id, taken, owed: amount - taken });
      await closeDispute(tx, id, { state: "taken_back", amountMinor: amount });
      left -= amount;
      available -= taken;
      total.taken += taken;
      total.owed += amount - taken;
    }
    return { outcome: "taken_back", taken: money(total.taken, currency), owed: money(total.owed, currency) };
  });
}

/** Leaves what is disputed of a deposit to its owner, by an operator's decision. Throws `unauthenticated`, `not_found`. */
export async function keepDeposit(context: Context, order: DisputeOrder): Promise<DisputeResolution> {
  return await resolve(context, order, "kept", async (tx, _operation, disputes) => {
    for (const dispute of disputes) await closeDispute(tx, dispute.id, { state: "kept" });
    return { outcome: "kept" };
  });
}

async function resolve(
  context: Context,
  order: DisputeOrder,
  verdict: "taken_back" | "kept",
  carryOut: (
    tx: Transaction,
    operation: OperationRow,
    disputes: readonly DisputeRow[],
  ) => Promise<DisputeResolution>,
): Promise<DisputeResolution> {
  requireSystem(context);
  const { reference, operator, note } = order;
  return await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, reference);
    if (operation?.type !== "deposit") throw new DomainError("not_found");
    if (operation.state !== "disputed") return { outcome: "not_open", state: operation.state };
    const disputes = await listOpenDisputes(tx, operation.id);
    const resolution = await carryOut(tx, operation, disputes);
    await endDisputes(tx, context, operation);
    await closeEventsInReview(tx, { reference, only: "disputes" });
    await recordDecision(tx, reference, { operationId: operation.id, verdict, operator, note });
    return resolution;
  });
}

async function postTakeBack(
  tx: Transaction,
  context: Context,
  { reference, walletId, provider, currency }: OperationRow,
  { disputeId, taken, owed }: { disputeId: bigint; taken: bigint; owed: bigint },
): Promise<void> {
  invariant(provider !== null, "a deposit has its provider");
  await postEntry(
    tx,
    draftTakeBack({
      reference,
      occurredAt: context.now,
      walletId,
      provider,
      disputeId,
      taken: money(taken, currency),
      owed: money(owed, currency),
    }),
  );
}
