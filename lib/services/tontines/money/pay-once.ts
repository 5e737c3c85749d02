import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Money } from "@/lib/money/money";
import type { Context } from "../../context";
import { claimKeyForAnswer, storeAnswer } from "../../idempotency/claim";
import { requireIdempotencyKey } from "../../idempotency/key";
import { checkPin } from "../../identity/pin/check-pin";
import { claimWithinLimit } from "../../money-out-limits/require-within-limit";
import { walletOfUser } from "../../wallets/get-wallet";
import { requireNotFrozen } from "../../wallets/require-not-frozen";
import { type LockedGroup, type OwnGroup, readGroup } from "../groups/group";
import { lockTontine } from "../groups/store";
import type { PostedStep } from "./post-steps";

/** What a payment into a group did. */
export interface TontineReceipt {
  /** Of the operations in the payer's history. */
  references: string[];
  totalMinor: bigint;
  /** True when the key had done it before. */
  replayed: boolean;
}

interface Payment {
  verb: string;
  key: string;
  /** Null where the API's permission stands for it. */
  pin: string | null;
  fields: readonly (string | null)[];
  /** The most that it takes. */
  amount: Money;
}

interface PayingGroup extends LockedGroup {
  /** The payer's. */
  walletId: bigint;
}

/**
 * The rule of every payment of a member into their group: the PIN, once a key, within the limits on money out, not from a frozen wallet; in
 * the transaction that holds the group's lock. Locks are taken in this order: key, limits, group, wallet, dues, accounts.
 */
export async function payOnce(
  context: Context,
  own: OwnGroup,
  payment: Payment,
  work: (tx: Transaction, group: PayingGroup) => Promise<PostedStep[]>,
): Promise<TontineReceipt> {
  const { verb, key, pin, fields, amount } = payment;
  requireIdempotencyKey(key);
  const claim = { userId: own.userId, key, input: { verb, fields: [own.tontine.code, ...fields] } };
  const { id: walletId } = await walletOfUser(context.db, own.userId);
  if (pin !== null) await checkPin(context, pin);
  return await inTransaction(context.db, async (tx) => {
    const earlier = await claimKeyForAnswer(tx, claim);
    if (earlier !== null) return readAnswer(earlier);
    await claimWithinLimit(tx, context, amount);
    const group = await readGroup(tx, await lockTontine(tx, own.tontine.id));
    const member = group.members.get(own.member.id);
    if (!member) throw new DomainError("not_found");
    await requireNotFrozen(tx, walletId);
    const posted = await work(tx, { ...group, member, walletId });
    const out = posted.filter(({ operation }) => operation?.walletId === walletId);
    const references = out.flatMap(({ operation }) => (operation ? [operation.reference] : []));
    const total = out.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    await storeAnswer(tx, claim, JSON.stringify({ references, totalMinor: total.toString() }));
    return { references, totalMinor: total, replayed: false };
  });
}

function readAnswer(answer: string): TontineReceipt {
  const { references, totalMinor } = JSON.parse(answer) as { references: string[]; totalMinor: string };
  return { references, totalMinor: BigInt(totalMinor), replayed: true };
}
