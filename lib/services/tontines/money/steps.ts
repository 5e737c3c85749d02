import { newReference } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import type { EntryDraft } from "@/lib/ledger/draft";
import {
  draftDueFromGroup,
  draftFromTontine,
  draftPayoutRest,
  draftToTontine,
  type TontineInType,
  type TontineOutType,
} from "@/lib/ledger/draft-tontine";
import { money } from "@/lib/money/money";
import type { Group } from "../groups/group";
import type { OwedDue } from "../turns/store";

/** An operation in the history of the wallet that a step takes from or gives to. */
export interface StepOperation {
  reference: string;
  type: TontineInType | TontineOutType;
  walletId: bigint;
  turnId: bigint | null;
  /** Whose due it pays, or who gets it. */
  memberId: bigint;
}

/** What a step pays of a due. */
export interface StepDue {
  due: OwedDue;
  part: number;
  via: "wallet" | "advance" | "payout" | "deposit" | "guarantor" | "solidarity";
  payerMemberId: bigint | null;
  mandateId: bigint | null;
}

/** An entry of a list with what is recorded once it is posted. */
export interface Step {
  draft: EntryDraft;
  amountMinor: bigint;
  operation: StepOperation | null;
  due: StepDue | null;
}

/** The account that a due of this kind is paid into. */
export function accountOfDue({ accounts }: Group, due: OwedDue): LedgerAccount {
  switch (due.kind) {
    case "contribution":
      return chart.tontinePot(accounts, due.turnId);
    case "solidarity":
      return chart.tontineSolidarity(accounts);
    case "deposit":
      return chart.tontineGuarantee(accounts, due.memberId);
    default:
      return chart.tontineBox(accounts);
  }
}

const OPERATION_OF = {
  contribution: "tontine_contribution",
  solidarity: "tontine_solidarity",
  deposit: "tontine_deposit",
  fine: "tontine_fee",
  entry: "tontine_fee",
} as const satisfies Record<OwedDue["kind"], TontineOutType>;

interface FromWallet {
  due: OwedDue;
  part: number;
  amountMinor: bigint;
  walletId: bigint;
  payerMemberId: bigint | null;
  mandateId?: bigint;
  /** The wallet is the guarantor's. */
  isCover?: true;
  occurredAt: Date;
}

/** A wallet pays a due, or a part of it. */
export function dueFromWallet(group: Group, from: FromWallet): Step {
  const { due, part, amountMinor, walletId, payerMemberId, occurredAt } = from;
  const type = from.isCover ? "tontine_cover" : OPERATION_OF[due.kind];
  const reference = newReference();
  const amount = money(amountMinor, group.tontine.currency);
  const account = accountOfDue(group, due);
  return {
    draft: draftToTontine({ reference, occurredAt, walletId, amount, type, account }),
    amountMinor,
    operation: { reference, type, walletId, turnId: due.turnId, memberId: due.memberId },
    due: {
      due,
      part,
      via: from.isCover ? "guarantor" : "wallet",
      payerMemberId,
      mandateId: from.mandateId ?? null,
    },
  };
}

interface FromGroup {
  due: OwedDue;
  part: number;
  amountMinor: bigint;
  via: "advance" | "payout" | "deposit" | "solidarity";
  from: LedgerAccount;
  occurredAt: Date;
}

/** A due is paid with what the group holds already. */
export function dueFromGroup(
  group: Group,
  { due, part, amountMinor, via, from, occurredAt }: FromGroup,
): Step {
  const amount = money(amountMinor, group.tontine.currency);
  const to = accountOfDue(group, due);
  const event = { tontine: group.accounts, dueId: due.id, part, from, to, amount, occurredAt };
  const payerMemberId = via === "solidarity" ? null : due.memberId;
  return {
    draft: draftDueFromGroup(event),
    amountMinor,
    operation: null,
    due: { due, part, via, payerMemberId, mandateId: null },
  };
}

interface ToWallet {
  type: TontineInType;
  walletId: bigint;
  memberId: bigint;
  turnId: bigint | null;
  amountMinor: bigint;
  account: LedgerAccount;
  occurredAt: Date;
}

/** A wallet gets something of what the group holds. */
export function toWallet(group: Group, to: ToWallet): Step & { operation: StepOperation } {
  const { type, walletId, memberId, turnId, amountMinor, account, occurredAt } = to;
  const reference = newReference();
  const amount = money(amountMinor, group.tontine.currency);
  return {
    draft: draftFromTontine({ reference, occurredAt, walletId, amount, type, account }),
    amountMinor,
    operation: { reference, type, walletId, turnId, memberId },
    due: null,
  };
}

/** A wallet pays into an account of the group what is no due: a repayment, an advance. */
export function fromWallet(
  group: Group,
  from: Omit<ToWallet, "type"> & { type: TontineOutType },
): Step & { operation: StepOperation } {
  const { type, walletId, memberId, turnId, amountMinor, account, occurredAt } = from;
  const reference = newReference();
  const amount = money(amountMinor, group.tontine.currency);
  return {
    draft: draftToTontine({ reference, occurredAt, walletId, amount, type, account }),
    amountMinor,
    operation: { reference, type, walletId, turnId, memberId },
    due: null,
  };
}

/** Something of a pot is kept for its receiver, or stays with the group. */
export function restOfPayout(
  group: Group,
  rest: {
    payoutId: bigint;
    step: "kept" | "retained";
    from: LedgerAccount;
    to: LedgerAccount;
    amountMinor: bigint;
    occurredAt: Date;
  },
): Step {
  const { amountMinor, ...more } = rest;
  invariant(amountMinor > 0n, "a step moves something");
  const amount = money(amountMinor, group.tontine.currency);
  return {
    draft: draftPayoutRest({ ...more, tontine: group.accounts, amount }),
    amountMinor,
    operation: null,
    due: null,
  };
}
