import { and, count, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Reader, Transaction } from "@/db/client";
import { moneyRequestBlocks, moneyRequests, operations, users, wallets } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";

export type MoneyRequestState = typeof moneyRequests.$inferSelect.state;

interface Party {
  userId: bigint;
  walletId: bigint;
  walletNumber: string;
  firstName: string;
  lastName: string;
  frozenAt: Date | null;
}

export interface MoneyRequestRow {
  id: string;
  tokenHash: Buffer;
  currency: Currency;
  amountMinor: bigint;
  note: string | null;
  state: MoneyRequestState;
  /** By the clock of the transaction, as the database's own check has it. */
  isExpired: boolean;
  paymentReference: string | null;
  /** Whose wallet paid it. */
  paidByWalletId: bigint | null;
  createdAt: Date;
  expiresAt: Date;
  closedAt: Date | null;
  requester: Party;
  /** Who is asked by name. */
  payer: Party | null;
}

const requesterWallet = alias(wallets, "requester_wallet");
const requesterUser = alias(users, "requester_user");
const payerWallet = alias(wallets, "payer_wallet");
const payerUser = alias(users, "payer_user");

const REQUESTER = {
  userId: requesterUser.id,
  walletId: requesterWallet.id,
  walletNumber: requesterWallet.number,
  firstName: requesterUser.firstName,
  lastName: requesterUser.lastName,
  frozenAt: requesterUser.frozenAt,
};

const PAYER = {
  userId: payerUser.id,
  walletId: payerWallet.id,
  walletNumber: payerWallet.number,
  firstName: payerUser.firstName,
  lastName: payerUser.lastName,
  frozenAt: payerUser.frozenAt,
};

const COLUMNS = {
  id: moneyRequests.id,
  tokenHash: moneyRequests.tokenHash,
  currency: moneyRequests.currency,
  amountMinor: moneyRequests.amountMinor,
  note: moneyRequests.note,
  state: moneyRequests.state,
  isExpired: sql<boolean>`${moneyRequests.expiresAt} <= now()`,
  paymentReference: moneyRequests.paymentReference,
  paidByWalletId: sql<
    bigint | null
  >`(select o.wallet_id from ${operations} o where o.reference = ${moneyRequests.paymentReference})`.mapWith(
    (id: string | null) => (id === null ? null : BigInt(id)),
  ),
  createdAt: moneyRequests.createdAt,
  expiresAt: moneyRequests.expiresAt,
  closedAt: moneyRequests.closedAt,
};

function select(reader: Reader) {
  return reader
    .select({
      ...COLUMNS,
      requester: REQUESTER,
      payer: PAYER,
    })
    .from(moneyRequests)
    .innerJoin(requesterWallet, eq(requesterWallet.id, moneyRequests.walletId))
    .innerJoin(requesterUser, eq(requesterUser.id, requesterWallet.userId))
    .leftJoin(payerWallet, eq(payerWallet.id, moneyRequests.payerWalletId))
    .leftJoin(payerUser, eq(payerUser.id, payerWallet.userId));
}

export async function insertMoneyRequest(
  tx: Transaction,
  values: typeof moneyRequests.$inferInsert,
): Promise<void> {
  await tx.insert(moneyRequests).values(values);
}

export async function findMoneyRequest(reader: Reader, id: string): Promise<MoneyRequestRow | null> {
  const [row] = await select(reader).where(eq(moneyRequests.id, id));
  return row ? toRow(row) : null;
}

export async function findByTokenHash(reader: Reader, tokenHash: Buffer): Promise<MoneyRequestRow | null> {
  const [row] = await select(reader).where(eq(moneyRequests.tokenHash, tokenHash));
  return row ? toRow(row) : null;
}

/** Locks the row until the transaction ends, and reads it once the lock is ours: every end of a request begins here. */
export async function lockMoneyRequest(tx: Transaction, id: string): Promise<MoneyRequestRow> {
  await tx.select({ id: moneyRequests.id }).from(moneyRequests).where(eq(moneyRequests.id, id)).for("update");
  const row = await findMoneyRequest(tx, id);
  invariant(row, "a request for money is never deleted");
  return row;
}

/** The one that a transfer paid. */
export async function findByPayment(reader: Reader, reference: string): Promise<MoneyRequestRow | null> {
  const [row] = await select(reader).where(eq(moneyRequests.paymentReference, reference));
  return row ? toRow(row) : null;
}

/** Ends an open request. */
export async function closeMoneyRequest(
  tx: Transaction,
  id: string,
  end: { state: "declined" | "cancelled" } | { state: "paid"; paymentReference: string },
): Promise<void> {
  await tx
    .update(moneyRequests)
    .set({ ...end, closedAt: sql`clock_timestamp()` })
    .where(eq(moneyRequests.id, id));
}

/** Those that a wallet asked for, newest first. */
export async function selectAsked(
  reader: Reader,
  walletId: bigint,
  limit: number,
): Promise<MoneyRequestRow[]> {
  const rows = await select(reader)
    .where(eq(moneyRequests.walletId, walletId))
    .orderBy(desc(moneyRequests.createdAt))
    .limit(limit);
  return rows.map(toRow);
}

/** Those that a wallet's owner was asked by name, newest first, without those of people they blocked. */
export async function selectReceived(
  reader: Reader,
  walletId: bigint,
  limit: number,
): Promise<MoneyRequestRow[]> {
  const rows = await select(reader)
    .leftJoin(
      moneyRequestBlocks,
      and(
        eq(moneyRequestBlocks.walletId, walletId),
        eq(moneyRequestBlocks.blockedWalletId, moneyRequests.walletId),
      ),
    )
    .where(and(eq(moneyRequests.payerWalletId, walletId), isNull(moneyRequestBlocks.walletId)))
    .orderBy(desc(moneyRequests.createdAt))
    .limit(limit);
  return rows.map(toRow);
}

/** The names of a person, for who is told about them. */
export async function findNames(
  reader: Reader,
  userId: bigint,
): Promise<{ firstName: string; lastName: string }> {
  const [row] = await reader
    .select({ firstName: users.firstName, lastName: users.lastName })
    .from(users)
    .where(eq(users.id, userId));
  invariant(row, "an actor with a user id is a user");
  return row;
}

export async function countOpenRequests(reader: Reader, walletId: bigint): Promise<number> {
  const [row] = await reader
    .select({ open: count() })
    .from(moneyRequests)
    .where(
      and(
        eq(moneyRequests.walletId, walletId),
        eq(moneyRequests.state, "open"),
        gt(moneyRequests.expiresAt, sql`now()`),
      ),
    );
  return row?.open ?? 0;
}

export async function isBlocked(reader: Reader, walletId: bigint, blockedWalletId: bigint): Promise<boolean> {
  const rows = await reader
    .select({ walletId: moneyRequestBlocks.walletId })
    .from(moneyRequestBlocks)
    .where(
      and(eq(moneyRequestBlocks.walletId, walletId), eq(moneyRequestBlocks.blockedWalletId, blockedWalletId)),
    );
  return rows.length > 0;
}

export async function insertBlock(tx: Transaction, walletId: bigint, blockedWalletId: bigint): Promise<void> {
  await tx.insert(moneyRequestBlocks).values({ walletId, blockedWalletId }).onConflictDoNothing();
}

export async function deleteBlock(tx: Transaction, walletId: bigint, walletNumber: string): Promise<void> {
  const blocked = tx.select({ id: wallets.id }).from(wallets).where(eq(wallets.number, walletNumber));
  await tx
    .delete(moneyRequestBlocks)
    .where(
      and(
        eq(moneyRequestBlocks.walletId, walletId),
        sql`${moneyRequestBlocks.blockedWalletId} = (${blocked})`,
      ),
    );
}

/** Whose requests a wallet's owner blocked, the latest first. */
export async function selectBlocked(
  reader: Reader,
  walletId: bigint,
  limit: number,
): Promise<{ walletNumber: string; firstName: string; lastName: string }[]> {
  return await reader
    .select({ walletNumber: wallets.number, firstName: users.firstName, lastName: users.lastName })
    .from(moneyRequestBlocks)
    .innerJoin(wallets, eq(wallets.id, moneyRequestBlocks.blockedWalletId))
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(eq(moneyRequestBlocks.walletId, walletId))
    .orderBy(desc(moneyRequestBlocks.createdAt))
    .limit(limit);
}

type SelectedRow = Awaited<ReturnType<typeof select>>[number];

/** A left join's columns are null together. */
function toRow({ payer, ...row }: SelectedRow): MoneyRequestRow {
  const { userId, walletId, walletNumber, firstName, lastName, frozenAt } = payer;
  const isNamed =
    userId !== null && walletId !== null && walletNumber !== null && firstName !== null && lastName !== null;
  return {
    ...row,
    payer: isNamed ? { userId, walletId, walletNumber, firstName, lastName, frozenAt } : null,
  };
}
