import { DomainError } from "@/lib/errors";
import { type Context, requireUser } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { findByReference, listEvents } from "./store";
import { type OperationView, toOperationView } from "./view";

export interface OperationStep {
  state: string;
  at: Date;
}

export interface OperationDetails extends OperationView {
  /** Every state it went through, oldest first. */
  steps: OperationStep[];
}

/** One of the signed-in user's operations. Throws `not_found` for what doesn't exist and for what is somebody else's. */
export async function getOperation(context: Context, reference: string): Promise<OperationDetails> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  const row = await findByReference(context.db, reference);
  if (!row || row.walletId !== wallet.id) throw new DomainError("not_found");
  const events = await listEvents(context.db, row.id);
  return {
    ...toOperationView(row),
    steps: events.map((event) => ({ state: event.toState, at: event.createdAt })),
  };
}
