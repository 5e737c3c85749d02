import type { Reader } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { readReference } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import type { OperationState } from "./kinds";
import { findByReference, listEvents, type OperationRow, selectParties, sumTakenBack } from "./store";
import { type OperationView, toOperationView } from "./view";

const REFERENCE = /^[A-Za-z0-9-]{1,64}$/;

export interface OperationStep {
  state: OperationState;
  at: Date;
}

export interface OperationDetails extends OperationView {
  /** The number of the viewer's own wallet. */
  walletNumber: string;
  /** The states it went through, oldest first: the last hundred of them. */
  steps: OperationStep[];
  /** Of a deposit whose payer got the money back; else zero. */
  takenBack: Money;
}

/**
 * One operation of the signed-in user, or one that came from another to them, by its reference: as it is stored, or as it is
 * shown in groups. Throws `not_found` for what doesn't exist and for what is somebody else's.
 */
export async function getOperation(context: Context, reference: string): Promise<OperationDetails> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  // The reference comes from a URL: PostgreSQL refuses text with a NUL.
  const row = REFERENCE.test(reference) ? await findAsWritten(context.db, reference) : null;
  if (!row || (row.walletId !== wallet.id && row.counterpartyWalletId !== wallet.id)) {
    throw new DomainError("not_found");
  }
  return await detailsOf(context.db, row, wallet);
}

/** An operation as one of its two sides sees it now, for who was given the right to see it. */
export async function detailsOf(
  reader: Reader,
  row: OperationRow,
  wallet: { id: bigint; number: string },
): Promise<OperationDetails> {
  const [events, parties, takenBackMinor] = await Promise.all([
    listEvents(reader, row.id),
    selectParties(reader, [row]),
    row.type === "deposit" ? sumTakenBack(reader, row.id) : 0n,
  ]);
  return {
    ...toOperationView(row, parties, wallet.id),
    walletNumber: wallet.number,
    takenBack: money(takenBackMinor, row.currency),
    steps: events.map((event) => ({ state: event.toState, at: event.createdAt })),
  };
}

async function findAsWritten(reader: Reader, reference: string): Promise<OperationRow | null> {
  const stored = readReference(reference);
  return (
    (await findByReference(reader, reference)) ??
    (stored === reference ? null : await findByReference(reader, stored))
  );
}
