import { DomainError } from "@/lib/errors";
import { type Money, money } from "@/lib/money/money";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import type { OperationState } from "./kinds";
import { findByReference, listEvents, selectParties, sumTakenBack } from "./store";
import { type OperationView, toOperationView } from "./view";

const REFERENCE = /^[A-Z0-9-]{1,64}$/;

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
 * One operation of the signed-in user, or one that came from another to them. Throws `not_found` for what doesn't exist
 * and for what is somebody else's.
 */
export async function getOperation(context: Context, reference: string): Promise<OperationDetails> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  // The reference comes from a URL: PostgreSQL refuses text with a NUL.
  const row = REFERENCE.test(reference) ? await findByReference(context.db, reference) : null;
  if (!row || (row.walletId !== wallet.id && row.counterpartyWalletId !== wallet.id)) {
    throw new DomainError("not_found");
  }
  const [events, parties, takenBackMinor] = await Promise.all([
    listEvents(context.db, row.id),
    selectParties(context.db, [row]),
    row.type === "deposit" ? sumTakenBack(context.db, row.id) : 0n,
  ]);
  return {
    ...toOperationView(row, parties, wallet.id),
    walletNumber: wallet.number,
    takenBack: money(takenBackMinor, row.currency),
    steps: events.map((event) => ({ state: event.toState, at: event.createdAt })),
  };
}
