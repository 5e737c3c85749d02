import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { resolveWithdrawal, type Verdict } from "@/lib/services/back-office/resolve-withdrawal";
import { type Deployment, decisionOf, RefusedError } from "./deployment";
import { plainMoney } from "./format";

interface Decision {
  reference: string;
  note: string;
  by: string | null;
}

/** Ends a stuck withdrawal by the operator's verdict, unless its provider contradicts. */
export async function reportResolution(
  { context, print }: Deployment,
  { verdict, ...decision }: Decision & { verdict: Verdict },
): Promise<number> {
  const resolution = await resolveWithdrawal(context, {
    ...decisionOf(decision),
    reference: decision.reference,
    verdict,
  });
  switch (resolution.outcome) {
    case "resolved":
      print(`Resolved: ${decision.reference} is ${verdict}.`);
      return 0;
    case "contradicted":
      throw new RefusedError(
        `Its provider says: ${resolution.confirmed.replaceAll("_", " ")}. Nothing was changed.`,
      );
    case "not_open":
      throw new RefusedError(
        resolution.state === "conflict"
          ? "It has become a conflict meanwhile: look at it again. Nothing was changed."
          : `There is nothing to resolve: it is ${resolution.state}.`,
      );
  }
}

/** Credits money in suspense to the owner of a deposit. */
export async function reportAssignment(
  { context, print }: Deployment,
  { entryId, ...decision }: Decision & { entryId: bigint },
): Promise<number> {
  const { reference, amount } = await assignSuspense(context, {
    ...decisionOf(decision),
    reference: decision.reference,
    entryId,
  });
  const isNew = reference !== decision.reference;
  print(`Credited: ${plainMoney(amount)} as ${isNew ? `a new deposit, ${reference}` : reference}.`);
  return 0;
}
