import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { InvariantError, invariant } from "@/lib/invariant";
import { postEntries } from "@/lib/ledger/post";
import type { Context } from "../../context";
import { recordOperations } from "../../operations/record";
import { type Group, recordEvents } from "../groups/group";
import type { TontineState } from "../kinds";
import { type OwedDue, openMinor } from "../turns/store";
import type { Step } from "./steps";
import { type DueProgress, insertDuePayments, insertLinks, updateDues } from "./store";

/** A step that was posted, with its entry and the id of its operation. */
export interface PostedStep extends Step {
  entryId: bigint;
  operationId: bigint | null;
}

/**
 * Posts a list of steps in one call of the posting function, and records operations, payments and events of those that were posted. The list
 * is the only one of its transaction, which holds the group's lock and those of its dues. `mayFail`: a step whose wallet has too little is
 * left out, and the others stand; else it throws `insufficient_funds`.
 */
export async function postSteps(
  tx: Transaction,
  context: Context,
  group: Group,
  steps: readonly Step[],
  { mayFail = false }: { mayFail?: boolean } = {},
): Promise<PostedStep[]> {
  if (steps.length === 0) return [];
  const verdicts = await postEntries(
    tx,
    steps.map(({ draft }) => draft),
  );
  const posted: (Step & { entryId: bigint })[] = [];
  for (const [index, step] of steps.entries()) {
    const { verdict, entryId } = verdicts[index] ?? { verdict: "mismatch", entryId: null };
    if (verdict === "posted" && entryId !== null) posted.push({ ...step, entryId });
    else if (verdict !== "insufficient_funds") {
      throw new InvariantError(`entry ${step.draft.source} ${step.draft.step} ended as ${verdict}`);
    } else if (!mayFail) throw shortage();
  }
  const recorded = await record(tx, context, group, posted);
  await applyToDues(tx, recorded);
  await recordEvents(tx, context, group, recorded.flatMap(eventOf));
  return recorded;
}

function shortage(): DomainError {
  return new DomainError("insufficient_funds", {
    issues: [{ field: "amount", reason: "insufficient_funds" }],
  });
}

async function record(
  tx: Transaction,
  context: Context,
  group: Group,
  posted: readonly (Step & { entryId: bigint })[],
): Promise<PostedStep[]> {
  const operations = posted.flatMap(({ operation, amountMinor }) =>
    operation === null ? [] : [{ operation, amountMinor }],
  );
  const { currency } = group.tontine;
  const rows = await recordOperations(
    tx,
    context.actor,
    operations.map(({ operation: { reference, type, walletId }, amountMinor }) => ({
      reference,
      type,
      state: "succeeded",
      walletId,
      currency,
      amountMinor,
      createdAt: context.now,
    })),
  );
  const idOf = new Map(rows.map(({ reference, id }) => [reference, id]));
  const operationId = (reference: string) => {
    const id = idOf.get(reference);
    invariant(id !== undefined, "each operation was recorded");
    return id;
  };
  await insertLinks(
    tx,
    operations.map(({ operation: { reference, turnId, memberId } }) => ({
      operationId: operationId(reference),
      tontineId: group.tontine.id,
      turnId,
      memberId,
    })),
  );
  const recorded = posted.map((step) => ({
    ...step,
    operationId: step.operation === null ? null : operationId(step.operation.reference),
  }));
  await insertDuePayments(
    tx,
    recorded.flatMap(({ due, amountMinor, entryId, operationId: id }) => {
      if (due === null) return [];
      const { part, via, payerMemberId, mandateId } = due;
      const row = { dueId: due.due.id, part, amountMinor, via, payerMemberId, mandateId };
      return [{ ...row, operationId: id, entryId, paidAt: context.now }];
    }),
  );
  return recorded;
}

const COVERS: readonly string[] = ["deposit", "guarantor", "solidarity"];

async function applyToDues(tx: Transaction, recorded: readonly PostedStep[]): Promise<void> {
  const after = new Map<bigint, OwedDue>();
  for (const { due, amountMinor } of recorded) {
    if (due === null) continue;
    const now = after.get(due.due.id) ?? due.due;
    const isCover = COVERS.includes(due.via);
    after.set(due.due.id, {
      ...now,
      paidMinor: now.paidMinor + (isCover ? 0n : amountMinor),
      coveredMinor: now.coveredMinor + (isCover ? amountMinor : 0n),
    });
  }
  const progress = [...after.values()].map((due): DueProgress => {
    const { id, paidMinor, coveredMinor } = due;
    return { id, paidMinor, coveredMinor, state: stateOf(due) };
  });
  await updateDues(tx, progress);
}

function stateOf(due: OwedDue): TontineState<"due"> {
  if (openMinor(due) === 0n) return due.coveredMinor > 0n ? "covered" : "paid";
  return due.state === "late" ? "late" : "part";
}

function eventOf({ due, amountMinor }: PostedStep) {
  if (due === null) return [];
  const { id: dueId, turnId, memberId } = due.due;
  const kind = COVERS.includes(due.via) ? ("due.covered" as const) : ("due.paid" as const);
  return [
    {
      kind,
      dueId,
      turnId,
      memberId,
      amountMinor,
      details: { via: due.via, payer: due.payerMemberId?.toString() ?? null },
    },
  ];
}
