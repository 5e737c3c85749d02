import { type Money, money } from "@/lib/money/money";
import { type Context, requireSystem } from "../context";
import { type ListedDispute, listDisputesOfAll } from "../deposits/disputes";
import { selectOwners } from "./store";

export interface DisputeView extends Pick<ListedDispute, "reference" | "type" | "outcome" | "state"> {
  /** The wallet's number and its owner's first name and initial. */
  owner: string;
  amount: Money;
  since: Date;
}

/** Disputes that wait for an operator, oldest first. Throws `unauthenticated`. */
export async function listDisputes(context: Context): Promise<DisputeView[]> {
  requireSystem(context);
  const rows = await listDisputesOfAll(context.db);
  const owners = await selectOwners(
    context.db,
    rows.map(({ reference }) => reference),
  );
  return rows.map(({ reference, type, outcome, state, amountMinor, currency, createdAt }) => ({
    reference,
    type,
    outcome,
    state,
    owner: owners.get(reference) ?? "-",
    amount: money(amountMinor, currency),
    since: createdAt,
  }));
}
