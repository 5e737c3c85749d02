import { DomainError } from "@/lib/errors";
import { subtract, sum } from "@/lib/money/arithmetic";
import type { Money } from "@/lib/money/money";
import type { Context } from "../../context";
import { getWallet } from "../../wallets/get-wallet";
import { type Group, readOwnGroup } from "../groups/group";
import { leaveOutFines } from "../in-time/leave-out-fines";
import { findExtension } from "../turns/extend-due";
import { type OwedDue, selectOpenDues, selectTurns } from "../turns/store";
import { currentOf } from "./current-turn";
import { type DueView, isOfficer, toDueView } from "./view";

/** Somebody whose dues the viewer may pay, and those dues. */
export interface Payee {
  memberId: string;
  name: string;
  isMe: boolean;
  dues: readonly DueView[];
  total: Money;
}

export interface PaymentView {
  code: string;
  name: string;
  zone: string;
  isRunning: boolean;
  /** The viewer first. Of others, members see the contributions of the turn under way; officers see all that is open. */
  payees: readonly Payee[];
  partsAllowed: boolean;
  /** The viewer's next contribution that may be put off by the rules, and until when. */
  extension: { dueId: string; until: Date } | null;
  /** In the viewer's wallet. */
  available: Money;
}

/** What a member can pay in a group, for themselves and for others. Throws `unauthenticated`, `not_found`. */
export async function getPayment(context: Context, code: string): Promise<PaymentView> {
  const { group, member, tontine } = await readOwnGroup(context, code);
  const [open, turns, wallet] = await Promise.all([
    selectOpenDues(context.db, tontine.id),
    selectTurns(context.db, group.cycle.id),
    getWallet(context),
  ]);
  const current = currentOf(turns);
  const isSeen = (due: (typeof open)[number]) =>
    due.memberId === member.id ||
    isOfficer(member) ||
    (due.turnId === current?.id && due.kind === "contribution");
  const own = open.filter(({ memberId }) => memberId === member.id);
  const asked = await leaveOutFines(context.db, group, { walletId: wallet.id, dues: own }, context.now);
  const seen = open
    .filter((due) => isSeen(due) && (asked.includes(due) || due.memberId !== member.id))
    .map((due) => toDueView(group, due));
  const ids = [...new Set([member.id.toString(), ...seen.map(({ memberId }) => memberId)])];
  const balance = wallet.balances.find(({ currency }) => currency === tontine.currency);
  if (!balance) throw new DomainError("not_found");
  return {
    code: tontine.code,
    name: tontine.name,
    zone: tontine.zone,
    isRunning: tontine.state === "running",
    payees: ids.map((memberId) => {
      const dues = seen.filter((due) => due.memberId === memberId);
      return {
        memberId,
        name: group.members.get(BigInt(memberId))?.name ?? "",
        isMe: memberId === member.id.toString(),
        dues,
        total: sum(
          dues.map((due) => due.open),
          tontine.currency,
        ),
      };
    }),
    partsAllowed: group.parameters.partsAllowed,
    extension: tontine.state === "running" ? await findFirstExtension(context, group, own) : null,
    available: balance.available,
  };
}

async function findFirstExtension(
  { db, now }: Context,
  group: Group,
  own: readonly OwedDue[],
): Promise<PaymentView["extension"]> {
  for (const due of own) {
    const until = await findExtension(db, group, due, now);
    if (until) return { dueId: due.id.toString(), until };
  }
  return null;
}

/** What a wallet lacks for a payment; null when it holds enough. */
export function missingFor(amount: Money, available: Money): Money | null {
  const missing = subtract(amount, available);
  return missing.amountMinor > 0n ? missing : null;
}
