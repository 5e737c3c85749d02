import { listDisputes } from "@/lib/services/back-office/list-disputes";
import {
  type DisputeResolution,
  keepDeposit,
  takeBackDeposit,
} from "@/lib/services/back-office/resolve-dispute";
import { type Deployment, decisionOf, RefusedError } from "./deployment";
import { formatTable, plainMinute, plainMoney } from "./format";

interface Decision {
  reference: string;
  note: string;
  by: string | null;
}

/** What the provider says of a dispute, for the operator. */
const OUTCOMES = { open: "not decided", lost: "given back", won: "not given back" } as const;

/** Refunds and chargebacks of credited deposits that wait for an operator, a line each. */
export async function reportDisputes({ context, print }: Deployment): Promise<number> {
  const disputes = await listDisputes(context);
  if (disputes.length === 0) {
    print("There are no open disputes.");
    return 0;
  }
  const rows = disputes.map(({ reference, type, amount, outcome, since, owner }) => [
    reference,
    type,
    plainMoney(amount),
    OUTCOMES[outcome],
    plainMinute(since),
    owner,
  ]);
  const head = ["reference", "kind", "amount", "by its provider", "since", "owner"];
  for (const line of formatTable(head, rows)) print(line);
  return 0;
}

/** Takes back what is disputed of a deposit; what its owner's balance lacks is owed. */
export async function reportTakeBack(deployment: Deployment, order: Decision): Promise<number> {
  const { reference } = order;
  const resolution = await takeBackDeposit(deployment.context, { ...decisionOf(order), reference });
  return say(deployment, reference, resolution);
}

/** Leaves what is disputed of a deposit to its owner. */
export async function reportKeeping(deployment: Deployment, order: Decision): Promise<number> {
  const { reference } = order;
  const resolution = await keepDeposit(deployment.context, { ...decisionOf(order), reference });
  return say(deployment, reference, resolution);
}

function say({ print }: Deployment, reference: string, resolution: DisputeResolution): number {
  switch (resolution.outcome) {
    case "taken_back":
      print(`Taken back: ${plainMoney(resolution.taken)} of ${reference}.`);
      if (resolution.owed.amountMinor > 0n) {
        print(`Owed: ${plainMoney(resolution.owed)}, which the next money that comes in pays first.`);
      }
      return 0;
    case "kept":
      print(`Kept: ${reference} stays with its owner.`);
      return 0;
    case "not_open":
      throw new RefusedError(`There is nothing to resolve: it is ${resolution.state.replaceAll("_", " ")}.`);
  }
}
