import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isUuid } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import type { Contact } from "../contacts/contact";
import { codeOf, isSameCode } from "./code-value";
import { type CodePurpose, TRIES_MAX } from "./policy";
import { type CodeRow, markProven, markUsed, takeCodeTry } from "./store";

export interface TypedCode {
  challengeId: string;
  /** As it was typed: spaces and hyphens don't count. */
  code: string;
  purpose: CodePurpose;
}

/** What a right code proved. */
export interface Proof {
  challengeId: string;
  contact: Contact;
  /** The account that the code was requested for. */
  userId: bigint | null;
}

/**
 * The contact that a right code proves. It proves nothing a second time; what it is for is done with {@link takeProof}, once. `alsoIn` runs in the
 * transaction that notes it. A code for an account is good only for its signed-in person. Throws `code_wrong` with `triesLeft`, and
 * `code_expired` for one that is too old, used, of another purpose or account, or tried five times.
 */
export async function checkCode(
  context: Context,
  { challengeId, code, purpose }: TypedCode,
  alsoIn: (tx: Transaction, proof: Proof) => Promise<void> = async () => {},
): Promise<Proof> {
  const row = await takeTry(context, { challengeId, purpose }, { isProven: false });
  if (!row) throw new DomainError("code_expired");
  if (!isSameCode(withoutSpaces(code), codeOf(row))) {
    const issues = [{ field: "code", reason: "code_wrong" }];
    throw new DomainError("code_wrong", { triesLeft: TRIES_MAX - row.tries, issues });
  }
  const proof = proofOf(row);
  await inTransaction(context.db, async (tx) => {
    if (!(await markProven(tx, row.id))) throw new DomainError("code_expired");
    await alsoIn(tx, proof);
  });
  return proof;
}

/** True when this is the code that was right before: a double tap, or an answer that was lost. It counts as a try. */
export async function isRightAgain(
  context: Context,
  { challengeId, code, purpose }: TypedCode,
): Promise<boolean> {
  const row = await takeTry(context, { challengeId, purpose }, { isProven: true });
  return row !== null && isSameCode(withoutSpaces(code), codeOf(row));
}

const withoutSpaces = (code: string) => code.replace(/[\s-]/g, "");

/** Takes a proof for what it was for, in the transaction that does it. Throws `code_expired` a second time, and a quarter of an hour later. */
export async function takeProof(tx: Transaction, challengeId: string, purpose: CodePurpose): Promise<Proof> {
  const row = await markUsed(tx, challengeId, purpose);
  if (!row) throw new DomainError("code_expired");
  return proofOf(row);
}

function proofOf(row: CodeRow): Proof {
  return {
    challengeId: row.id,
    contact: { kind: row.contactKind, value: row.contact },
    userId: row.userId,
  };
}

const SIGNED_IN_PURPOSES: readonly CodePurpose[] = ["verify_contact", "reset_pin"];

/** Another account's challenge is as good as none: a guess at it takes no try of its owner's. */
async function takeTry(
  { db, actor }: Context,
  { challengeId, purpose }: Pick<TypedCode, "challengeId" | "purpose">,
  { isProven }: { isProven: boolean },
): Promise<CodeRow | null> {
  if (!isUuid(challengeId)) return null;
  if (!SIGNED_IN_PURPOSES.includes(purpose)) return await takeCodeTry(db, challengeId, { purpose, isProven });
  if (actor.kind !== "user") return null;
  return await takeCodeTry(db, challengeId, { purpose, isProven, userId: actor.userId });
}
