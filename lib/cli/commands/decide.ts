import { assignSuspense } from "@/lib/services/deposits/assign-suspense";
import { decideWithdrawal, type Verdict } from "@/lib/services/withdrawals/decide-withdrawal";
import { type Deployment, RefusedError } from "./deployment";
import { operatorName } from "./operator";
import { plainMoney } from "./plain-money";

const NOTE_LENGTH_MAX = 500;

interface Word {
  reference: string;
  note: string;
  operator: string | null;
}

/** Ends a stuck withdrawal by an operator's word, unless its provider says otherwise. */
export async function reportDecision(
  { context, print }: Deployment,
  { verdict, ...word }: Word & { verdict: Verdict },
): Promise<number> {
  const decided = await decideWithdrawal(context, { ...orderOf(word), verdict });
  switch (decided.outcome) {
    case "decided":
      print(`Decided: ${word.reference} is ${verdict}.`);
      return 0;
    case "contradicted":
      throw new RefusedError(`Its provider says: ${decided.said.replaceAll("_", " ")}. Nothing was changed.`);
    case "not_open":
      throw new RefusedError(
        decided.state === "conflict"
          ? "It has become a conflict meanwhile: look at it again. Nothing was changed."
          : `There is nothing to decide: it is ${decided.state}.`,
      );
  }
}

/** Gives money in suspense to the owner of a deposit. */
export async function reportAssignment(
  { context, print }: Deployment,
  { entryId, ...word }: Word & { entryId: bigint },
): Promise<number> {
  const { reference, amount } = await assignSuspense(context, { ...orderOf(word), entryId });
  const isNew = reference !== word.reference;
  print(`Credited: ${plainMoney(amount)} as ${isNew ? `a new deposit, ${reference}` : reference}.`);
  return 0;
}

function orderOf({ reference, note, operator }: Word) {
  return { reference, note: note.slice(0, NOTE_LENGTH_MAX), operator: operatorName(operator) };
}
