import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { newKey, newReference } from "@/lib/ids";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { draftReserve } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import { money } from "@/lib/money/money";
import { manifestFor } from "@/lib/providers/manifests";
import type { Context } from "@/lib/services/context";
import { applyCollection } from "@/lib/services/deposits/apply-collection";
import { lockOperation } from "@/lib/services/operations/operation";
import { moveOperation, recordOperation } from "@/lib/services/operations/record";
import { applyPayout } from "@/lib/services/withdrawals/apply-payout";

const PROVIDER = manifestFor("XOF").name;

/** A deposit or withdrawal in francs that a provider has answered already. */
export interface PastOperation {
  type: "deposit" | "withdrawal";
  amountMinor: bigint;
  method: string;
  phone: string | null;
  at: Date;
  succeeded: boolean;
}

/** Makes an operation as it would be if its provider had answered at that time. */
export async function seedOperation(db: Database, walletId: bigint, past: PastOperation): Promise<void> {
  const { type, amountMinor, method, phone, at: now } = past;
  const context: Context = { actor: { kind: "system" }, requestId: newKey(), db, now };
  const reference = newReference();
  await inTransaction(db, async (tx) => {
    await openAccounts(tx, accountsOfProvider(PROVIDER, "XOF"));
    const state = type === "deposit" ? "pending" : "created";
    const values = { reference, type, state, walletId, currency: "XOF", amountMinor, method, phone } as const;
    await recordOperation(tx, context.actor, { ...values, provider: PROVIDER, createdAt: now });
  });
  const update = {
    provider: PROVIDER,
    reference,
    providerReference: `demo-${reference}`,
    amount: money(amountMinor, "XOF"),
    currencyCode: "XOF",
    reasonCode: null,
    live: null,
    status: past.succeeded ? ("succeeded" as const) : ("failed" as const),
  };
  if (type === "deposit") {
    await inTransaction(db, (tx) =>
      applyCollection(tx, context, { ...update, eventKey: `demo:${reference}` }),
    );
    return;
  }
  await inTransaction(db, async (tx) => {
    const operation = await lockOperation(tx, reference);
    if (!operation) return;
    await postEntry(tx, draftReserve({ ...reserveOf(walletId, reference, amountMinor), occurredAt: now }));
    await moveOperation(tx, context.actor, operation, { to: "submitting", patch: { attempt: 1 } });
  });
  await inTransaction(db, (tx) => applyPayout(tx, context, { ...update, confirmed: false }));
}

function reserveOf(walletId: bigint, reference: string, amountMinor: bigint) {
  return {
    reference,
    walletId,
    provider: PROVIDER,
    amount: money(amountMinor, "XOF"),
    fee: money(0n, "XOF"),
  };
}
